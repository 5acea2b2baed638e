//! What the user's crate calls zocket, as its `Cargo.toml` says: only for a text that says so.

use std::path::{Path, PathBuf};

/// The name under which the crate that is being compiled knows zocket, where that is another one.
pub(super) fn renamed() -> Option<String> {
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
    let own = Manifest::read(&folder)?;
    if own.keys.iter().any(|key| key == "zocket") {
        return None;
    }
    if let Some(name) = own.renamed.first() {
        return Some(name.clone());
    }
    // `name.workspace = true`: what it stands for is said further up.
    let workspace =
        folder.ancestors().skip(1).filter_map(Manifest::read).find(|above| !above.workspace.is_empty())?;
    own.inherited.into_iter().find(|name| workspace.workspace.contains(name))
}

/// The dependencies of a package, and those that a workspace hands on.
#[derive(Debug, Default, PartialEq)]
struct Manifest {
    keys: Vec<String>,
    /// Those that are zocket under another name.
    renamed: Vec<String>,
    inherited: Vec<String>,
    /// Those of the workspace that are zocket under another name.
    workspace: Vec<String>,
}

impl Manifest {
    fn read(folder: &Path) -> Option<Self> {
        std::fs::read_to_string(folder.join("Cargo.toml")).ok().map(|text| Self::parse(&text))
    }

    /// Knows the few forms that a dependency is written in, not all of TOML: what it misses is said by the compiler.
    fn parse(text: &str) -> Self {
        let mut manifest = Self::default();
        let mut section = String::new();
        for line in text.lines().map(|line| line.split('#').next().unwrap_or_default().trim()) {
            if let Some(header) = line.strip_prefix('[') {
                section = header.trim_end_matches(']').replace(['"', '\'', ' '], "");
                if let Some((_, key)) = section.split_once("dependencies.") {
                    manifest.keys.push(key.to_owned());
                }
                continue;
            }
            let Some((key, value)) = line.split_once('=') else { continue };
            let (key, value) = (key.trim().trim_matches('"'), value.replace(' ', ""));
            if let Some((table, name)) = section.split_once("dependencies.") {
                manifest.add(table, name, key == "package" && value == "\"zocket\"", key == "workspace");
            } else if let Some(table) = section.strip_suffix("dependencies") {
                let name = key.split('.').next().unwrap_or(key);
                manifest.keys.push(name.to_owned());
                let is_zocket = value.contains("package=\"zocket\"")
                    || (key.ends_with(".package") && value == "\"zocket\"");
                let is_inherited = value.contains("workspace=true") || key.ends_with(".workspace");
                manifest.add(table, name, is_zocket, is_inherited);
            }
        }
        manifest
    }

    fn add(&mut self, table: &str, name: &str, is_zocket: bool, is_inherited: bool) {
        let name = name.to_owned();
        if is_zocket && name != "zocket" {
            match table {
                "workspace." => self.workspace.push(name),
                _ => self.renamed.push(name),
            }
        } else if is_inherited {
            self.inherited.push(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_renamed_dependency() {
        for text in [
            "[dependencies]\nsockets = { package = \"zocket\", version = \"0.1\" } # so",
            "[dependencies]\nsockets.package=\"zocket\"\nsockets.path = \"..\"",
            "[dev-dependencies.sockets]\nversion = \"1\"\npackage = \"zocket\"",
            "[target.'cfg(unix)'.dependencies]\nsockets = {version = \"1\", package=\"zocket\"}",
        ] {
            assert_eq!(Manifest::parse(text).renamed, ["sockets"], "{text}");
        }
        let inherits = Manifest::parse("[dependencies]\na.workspace = true\nb = { workspace = true }");
        assert_eq!(inherits.inherited, ["a", "b"]);
        let hands_on = Manifest::parse("[workspace.dependencies]\nsockets = { package = \"zocket\" }");
        assert_eq!((hands_on.workspace, hands_on.renamed), (vec!["sockets".to_owned()], Vec::new()));
    }

    #[test]
    fn what_is_no_other_name() {
        let plain = Manifest::parse(
            "[package]\nname = \"zocket\"\n[dependencies]\nzocket = { path = \"..\" }\nzocket-cli = \"1\"\n[features]\na = []",
        );
        assert_eq!(
            (plain.renamed.len(), plain.keys),
            (0, vec!["zocket".to_owned(), "zocket-cli".to_owned()])
        );
    }
}

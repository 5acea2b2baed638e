//! `docs/cli.md` shows what the commands print. `UPDATE_SNAPSHOTS=1` writes it there.

use std::{env, fs, process::Command};

use crate::{program::Folder, router::shop, server::address};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/cli.md");

/// What the page's reader has in the folder.
fn folder() -> Folder {
    let folder = Folder::with_contract("documented");
    folder.write("order.json", "{\n  \"article\": \"tea\",\n  \"count\": 101\n}\n");
    let contract = shop::contract().to_json();
    folder.write("edited.json", contract.replace("\"maximum\": 100", "\"maximum\": 99"));
    // Before, more could be ordered at once, and nobody could watch.
    let mut old: serde_json::Value =
        serde_json::from_str(&contract.replace("\"maximum\": 100", "\"maximum\": 200")).expect("JSON");
    old["routes"].as_array_mut().expect("routes").retain(|route| route["route"] != "stock.watch");
    folder.write("old.json", zocket_contract::Contract::seal(old).to_json());
    folder
}

/// Stdout and stderr of a line of the shell, as they come.
fn printed(line: &str, folder: &Folder) -> String {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_zocket"));
    let mut path = vec![program.parent().expect("a folder").to_owned()];
    path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let line = line.replace("127.0.0.1:3000", &address().to_string());
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {line}")])
        .current_dir(folder.path(""))
        .env("PATH", env::join_paths(path).expect("a PATH"))
        .env_remove("CLICOLOR_FORCE")
        .output()
        .expect("a shell");
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    printed.replace(&address().to_string(), "127.0.0.1:3000")
}

#[test]
fn the_page_shows_what_is_printed() {
    let folder = folder();
    let page = fs::read_to_string(PAGE).expect("the page");
    let mut real = String::new();
    let mut in_console = false;
    for line in page.lines() {
        if line == "```console" || (in_console && line == "```") {
            in_console = !in_console;
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| in_console) {
            real += &format!("{line}\n{}", printed(command, &folder));
            continue;
        } else if in_console {
            continue;
        }
        real += &format!("{line}\n");
    }
    assert!(!real.contains("panicked"), "{real}");
    if page != real && env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(PAGE, &real).expect("the page to write");
    } else if let Some((line, (shown, printed))) =
        page.lines().zip(real.lines()).enumerate().find(|(_, (shown, printed))| shown != printed)
    {
        let line = line + 1;
        panic!(
            "docs/cli.md:{line} shows\n  {shown}\nand printed is\n  {printed}\nhelp: UPDATE_SNAPSHOTS=1 writes it anew"
        );
    } else {
        assert_eq!(page.len(), real.len(), "docs/cli.md ends too early or too late");
    }
}

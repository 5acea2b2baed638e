//! The paths in a source file that lead from its room into another.
//!
//! Tokens are read, not text: comments and strings contain no imports, but macro bodies do.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

#[derive(Debug, PartialEq)]
pub(crate) struct Import {
    pub(crate) from: String,
    /// `None`: from the root of the crate.
    pub(crate) to: Option<String>,
    /// As written with `crate`.
    pub(crate) path: String,
}

impl Import {
    /// What comes after `crate`.
    pub(crate) fn first(&self) -> &str {
        self.path.split("::").nth(1).unwrap_or_default()
    }
}

/// The module of a file: `a/mod.rs` and `a.rs` are `[a]`, the crate's own file is `[]`.
pub(crate) fn module_of(file: &str) -> Vec<String> {
    let mut parts: Vec<_> = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        parts.pop();
    }
    parts
}

pub(crate) fn between_rooms(text: &str, file: &str, rooms: &BTreeSet<String>) -> Result<Vec<Import>, String> {
    let module = module_of(file);
    let Some(room) = module.first().cloned() else { return Ok(Vec::new()) };
    let mut paths = Vec::new();
    let tokens: TokenStream = text.parse().map_err(|error| format!("is no Rust: {error}"))?;
    collect(tokens, &module, &mut paths);
    let leading_out = paths.into_iter().filter(|path| path[0] != room);
    let imports = leading_out.map(|path| Import {
        from: room.clone(),
        to: rooms.get(&path[0]).cloned(),
        path: format!("crate::{}", path.join("::")),
    });
    Ok(imports.collect())
}

/// Names that the crate's root gives to other crates: `use zocket_wire as wire;`. They are below all rooms.
pub(crate) fn renamed_crates(root: &str, rooms: &BTreeSet<String>) -> BTreeSet<String> {
    let tokens: Vec<_> =
        root.parse::<TokenStream>().into_iter().flatten().map(|token| token.to_string()).collect();
    let uses = tokens.windows(5).filter(|words| words[0] == "use" && words[2] == "as" && words[4] == ";");
    uses.filter(|words| !rooms.contains(&words[1])).map(|words| words[3].clone()).collect()
}

/// Every path that begins with `crate` or `super`, from the crate's root on: as far as its room and the name in it.
fn collect(tokens: TokenStream, module: &[String], paths: &mut Vec<Vec<String>>) {
    let mut rest: &[TokenTree] = &tokens.into_iter().collect::<Vec<_>>();
    while let [first, after @ ..] = rest {
        rest = after;
        match first {
            TokenTree::Punct(hash) if hash.as_char() == '#' => {
                if let [TokenTree::Group(attribute), after @ ..] = rest {
                    rest = if is_for_tests(&attribute.stream()) { after_item(after) } else { after };
                }
            }
            TokenTree::Ident(word) if word == "mod" => {
                if let [TokenTree::Ident(name), TokenTree::Group(body), after @ ..] = rest {
                    collect(body.stream(), &[module, &[name.to_string()]].concat(), paths);
                    rest = after;
                }
            }
            TokenTree::Ident(word) if word == "crate" || word == "super" => {
                let mut base = if word == "crate" { &[] } else { parent(module) };
                while let Some(after) = after_colons(rest) {
                    rest = after;
                    match rest {
                        [TokenTree::Ident(word), after @ ..] if word == "super" => {
                            (base, rest) = (parent(base), after);
                        }
                        _ => {
                            names(rest, base, paths);
                            break;
                        }
                    }
                }
            }
            TokenTree::Group(group) => collect(group.stream(), module, paths),
            _ => {}
        }
    }
}

/// What comes after a prefix: a name, all names, or some in braces. The braces are read a second time for other paths in
/// them: nothing is found twice.
fn names(tokens: &[TokenTree], base: &[String], paths: &mut Vec<Vec<String>>) {
    match tokens {
        [TokenTree::Group(braces), ..] if braces.delimiter() == Delimiter::Brace => {
            let inner: Vec<_> = braces.stream().into_iter().collect();
            for entry in
                inner.split(|token| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ','))
            {
                names(entry, base, paths);
            }
        }
        [TokenTree::Ident(name), after @ ..] if name != "self" && base.is_empty() => {
            let room = [name.to_string()];
            match after_colons(after) {
                Some(after @ [TokenTree::Ident(_), ..]) => names(after, &room, paths),
                _ => paths.push(room.into()),
            }
        }
        [token, ..] => paths.push([base, &[token.to_string()]].concat()),
        [] => {}
    }
}

fn parent(module: &[String]) -> &[String] {
    module.split_last().map_or(&[], |(_, parent)| parent)
}

fn after_colons(tokens: &[TokenTree]) -> Option<&[TokenTree]> {
    match tokens {
        [TokenTree::Punct(one), TokenTree::Punct(two), after @ ..]
            if one.as_char() == ':' && two.as_char() == ':' =>
        {
            Some(after)
        }
        _ => None,
    }
}

fn is_for_tests(attribute: &TokenStream) -> bool {
    let text: String = attribute.to_string().split_whitespace().collect();
    text.starts_with("cfg(test") || text.starts_with("cfg(all(test")
}

/// Past the item an attribute belongs to. Stops too early rather than too late, so that nothing is overlooked.
fn after_item(tokens: &[TokenTree]) -> &[TokenTree] {
    let end = tokens.iter().position(|token| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => matches!(punct.as_char(), ';' | ','),
        _ => false,
    });
    end.map_or(&[], |end| &tokens[end + 1..])
}

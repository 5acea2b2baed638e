//! Names: from the contract's to TypeScript's.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Types of the language that the generated file uses: a definition of the same name would hide them.
const GLOBALS: &[&str] = &[
    "AbortSignal",
    "Array",
    "ArrayBuffer",
    "ArrayBufferLike",
    "ArrayLike",
    "AsyncGenerator",
    "AsyncIterable",
    "AsyncIterableIterator",
    "AsyncIterator",
    "AsyncIteratorObject",
    "Awaited",
    "BigInt",
    "Boolean",
    "CallableFunction",
    "Date",
    "Error",
    "ErrorConstructor",
    "Exclude",
    "Extract",
    "Function",
    "InstanceType",
    "Iterable",
    "IterableIterator",
    "Iterator",
    "IteratorResult",
    "Map",
    "NewableFunction",
    "NonNullable",
    "Number",
    "Object",
    "Omit",
    "Parameters",
    "Partial",
    "Pick",
    "Promise",
    "PromiseLike",
    "Readonly",
    "ReadonlyArray",
    "ReadonlyMap",
    "ReadonlySet",
    "Record",
    "RegExp",
    "Required",
    "ReturnType",
    "Set",
    "String",
    "Symbol",
    "Uint8Array",
    "URL",
    "URLSearchParams",
];

/// What the generated part of the file declares itself.
const GENERATED: &[&str] = &["Calls", "Events", "RouteCalls", "RouteEvents", "ZocketClient"];

/// Unique names.
pub(super) struct Names {
    taken: BTreeSet<String>,
    /// The number to try next, by name.
    numbers: BTreeMap<String, u64>,
}

impl Names {
    /// Reserves only the names that the generated file needs itself, including those in `runtime`.
    pub(super) fn beside(runtime: &str) -> Self {
        let fixed = GLOBALS.iter().chain(GENERATED).map(|name| (*name).to_owned());
        Self { taken: fixed.chain(declared(runtime)).collect(), numbers: BTreeMap::new() }
    }

    /// A name for a type that the contract calls `wanted`: the same in PascalCase. `Page_for_User` becomes `PageForUser`.
    ///
    /// A name that the file needs itself gets a trailing `_`; a name that another type has gets a number.
    pub(super) fn of_type(&mut self, wanted: &str) -> String {
        let name = pascal(wanted);
        if self.taken.insert(name.clone()) {
            return name;
        }
        let is_fixed = GLOBALS.contains(&&*name) || GENERATED.contains(&&*name);
        let first = is_fixed.then(|| format!("{name}_"));
        let next = self.numbers.entry(name.clone()).or_insert(2);
        let numbered = std::iter::from_fn(|| {
            let numbered = format!("{name}{next}");
            *next += 1;
            Some(numbered)
        });
        let mut candidates = first.into_iter().chain(numbered);
        // There are more numbers than names.
        candidates.find(|name| self.taken.insert(name.clone())).unwrap_or_default()
    }

    /// Names for all definitions, starting with those whose names can stay as they are.
    pub(super) fn of_definitions<'d>(
        &mut self,
        wanted: impl Iterator<Item = &'d String> + Clone,
    ) -> BTreeMap<&'d str, String> {
        let stays = |name: &&String| pascal(name) == ***name;
        let first = wanted.clone().filter(stays);
        let then = wanted.filter(|name| !stays(name));
        first.chain(then).map(|name| (name.as_str(), self.of_type(name))).collect()
    }
}

/// The names that a file declares, by the lines that begin with a declaration.
fn declared(source: &str) -> impl Iterator<Item = String> {
    source.lines().filter_map(|line| {
        let mut words = line.split([' ', '<', '(', ':', '=', '{', ';']).filter(|word| !word.is_empty());
        let mut kind = words.next()?;
        while matches!(kind, "export" | "declare" | "async" | "abstract") {
            kind = words.next()?;
        }
        let is_declaration =
            matches!(kind, "interface" | "type" | "class" | "function" | "const" | "let" | "enum");
        words.next().filter(|_| is_declaration && !line.starts_with(' ')).map(str::to_owned)
    })
}

/// `Page_for_User`, `page-for-user`, `page for user` → `PageForUser`. Digits on both sides of a gap keep a `_` in it.
pub(super) fn pascal(text: &str) -> String {
    let mut name = String::new();
    let mut at_start = true;
    for letter in text.chars() {
        if letter == '_' || !unicode_ident::is_xid_continue(letter) {
            at_start = true;
            continue;
        }
        if at_start {
            let between_digits =
                name.ends_with(|last: char| last.is_ascii_digit()) && letter.is_ascii_digit();
            if between_digits || (name.is_empty() && !unicode_ident::is_xid_start(letter)) {
                name.push('_');
            }
            name.extend(letter.to_uppercase());
        } else {
            name.push(letter);
        }
        at_start = false;
    }
    if name.is_empty() { "Type".to_owned() } else { name }
}

/// The name of a property, in quotes if it is not an identifier.
pub(super) fn property(name: &str) -> String {
    let mut letters = name.chars();
    let is_start = |letter| letter == '$' || letter == '_' || unicode_ident::is_xid_start(letter);
    let is_rest = |letter| letter == '$' || unicode_ident::is_xid_continue(letter);
    if letters.next().is_some_and(is_start) && letters.all(is_rest) { name.to_owned() } else { quoted(name) }
}

/// A string literal.
pub(super) fn quoted(text: &str) -> String {
    // Some tools treat these as line breaks.
    Value::from(text).to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pascal_case() {
        for (from, to) in [
            ("Page_for_User", "PageForUser"),
            ("Result_of_uint8_or_String", "ResultOfUint8OrString"),
            ("user", "User"),
            ("V1_2", "V1_2"),
            ("HTTPError", "HTTPError"),
            ("a b/c~d", "ABCD"),
            ("2nd", "_2nd"),
            ("größe", "Größe"),
            ("ßa", "SSa"),
            ("", "Type"),
            ("***", "Type"),
        ] {
            assert_eq!(pascal(from), to, "{from:?}");
        }
    }

    #[test]
    fn no_name_twice_and_none_of_the_files_own() {
        let mut names = Names::beside(
            "export interface Call<P> {\nexport async function connect(\nconst json: Codec = {\n  type Inner = 1;",
        );
        let wanted =
            ["Page_for_User", "PageForUser", "Promise", "Promise_", "Call", "Calls", "Inner", "json"]
                .map(String::from);
        let given = names.of_definitions(wanted.iter());
        let expected = [
            ("Call", "Call2"),
            ("Calls", "Calls_"),
            ("Inner", "Inner"),
            ("PageForUser", "PageForUser"),
            ("Page_for_User", "PageForUser2"),
            ("Promise", "Promise_"),
            ("Promise_", "Promise2"),
            ("json", "Json"),
        ];
        assert_eq!(given.iter().map(|(name, given)| (*name, given.as_str())).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn properties() {
        assert_eq!(property("plain_$1"), "plain_$1");
        assert_eq!(property("class"), "class");
        assert_eq!(property("größe"), "größe");
        assert_eq!(property("user-name"), "\"user-name\"");
        assert_eq!(property("2nd"), "\"2nd\"");
        assert_eq!(property(""), "\"\"");
        assert_eq!(property("a\u{2028}\"\n"), "\"a\\u2028\\\"\\n\"");
    }
}

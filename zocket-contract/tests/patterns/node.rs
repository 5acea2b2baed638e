//! Patterns as Node reads them; without Node, nothing is compared.

use std::io::Write as _;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use serde_json::{Value, json};
use zocket_contract::Validator;
use zocket_contract::pattern::translated;

use crate::tables::{MEANINGS, REFUSED};

/// What Node makes of patterns and texts: for each pattern `null` where it is none, or a list of answers. `None` where there is
/// no Node.
fn node(cases: &[(String, Vec<String>)]) -> Option<Vec<Option<Vec<bool>>>> {
    const SCRIPT: &str = "
        const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        const answer = ([pattern, texts]) => {
            let regex;
            try { regex = new RegExp(pattern, 'u'); } catch { return null; }
            return texts.map((text) => regex.test(text));
        };
        process.stdout.write(JSON.stringify(cases.map(answer)));";
    let mut child = Command::new("node")
        .args(["-e", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(json!(cases).to_string().as_bytes()).expect("node reads");
    drop(input);
    let output = child.wait_with_output().expect("node ends");
    let answers: Vec<Option<Vec<bool>>> = serde_json::from_slice(&output.stdout).expect("answers");
    Some(answers)
}

#[test]
fn the_tables_agree_with_node() {
    let meant = MEANINGS.iter().map(|(pattern, texts)| {
        ((*pattern).to_owned(), texts.iter().map(|(text, _)| (*text).to_owned()).collect())
    });
    let Some(answers) = node(&meant.collect::<Vec<_>>()) else { return };
    for ((pattern, texts), answers) in MEANINGS.iter().zip(answers) {
        let expected: Vec<bool> = texts.iter().map(|(_, matches)| *matches).collect();
        assert_eq!(answers.as_ref(), Some(&expected), "{pattern}");
    }
    // Of what is refused, Node takes only what has another reason.
    let refused: Vec<_> = REFUSED.iter().map(|(pattern, _)| ((*pattern).to_owned(), Vec::new())).collect();
    let taken_by_node: Vec<&str> = REFUSED
        .iter()
        .zip(node(&refused).expect("as before"))
        .filter(|(_, answer)| answer.is_some())
        .map(|((pattern, _), _)| *pattern)
        .collect();
    let bounded = ["[a-z&&[^aeiou]]", "[a~~b]", "[a-z--b]", "(a)\\1", "(?<n>a)\\k<n>", "(?:a{1000}){1000}"];
    let newer = ["(?i:abc)", "(?<n>a)|(?<n>b)"];
    assert!(
        taken_by_node.iter().all(|pattern| bounded.contains(pattern) || newer.contains(pattern)),
        "{taken_by_node:?}"
    );
}

/// Pieces that patterns are made of, good and bad.
fn pieces() -> impl Strategy<Value = String> {
    let atoms = prop::sample::select(vec![
        "a",
        "b",
        "é",
        "😀",
        "1",
        "_",
        "-",
        " ",
        "\\d",
        "\\D",
        "\\w",
        "\\W",
        "\\s",
        "\\S",
        "\\b",
        "\\B",
        ".",
        "^",
        "$",
        "\\n",
        "\\x41",
        "\\u0061",
        "\\u{1F600}",
        "\\p{L}",
        "\\P{Lu}",
        "\\p{Script=Greek}",
        "\\cJ",
        "\\0",
        "\\/",
        "\\.",
        "\\-",
        "[a-c]",
        "[^a]",
        "[\\w-]",
        "[^\\d\\s]",
        "[]",
        "[^]",
        "[a-]",
        "[[]",
        "[\\]]",
        "[&]",
        "[+--]",
        "[\\b]",
        "[\\p{L}1]",
        "[^\\W_]",
        "(?=a)",
        "(?!b)",
        "(?<=a)",
        "(?<!\\w)",
        "\\uD83D",
        "\\uDE00",
        "{",
        "}",
        "]",
        "(?i)",
        "\\A",
        "a++",
        "\\1",
        "\\k<n>",
    ])
    .prop_map(str::to_owned);
    let groups = atoms.prop_recursive(3, 12, 4, |inner| {
        let quantifier =
            prop::sample::select(vec!["", "", "*", "+", "?", "{2}", "{1,2}", "{0,}", "*?", "+?"]);
        prop_oneof![
            (inner.clone(), quantifier.clone()).prop_map(|(atom, quantifier)| format!("{atom}{quantifier}")),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|atoms| atoms.concat()),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a}|{b}")),
            (inner.clone(), quantifier).prop_map(|(atom, quantifier)| format!("({atom}){quantifier}")),
            inner.prop_map(|atom| format!("(?:{atom})")),
        ]
    });
    groups.boxed()
}

#[test]
fn patterns_of_any_kind_agree_with_node() {
    let texts = [
        "", "a", "A", "b", "ab", "ba", "aab", "é", "aé", "éa", "1", "a1", "_", "-", " ", "a b", "\n", "a\n",
        "\na", "\r", "😀", "a😀b", "٧", "\u{85}", "\u{feff}", "[", "]", "\u{8}", "\0", "α", "a.b", "/",
    ];
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let cases: Vec<(String, Vec<String>)> = (0..1500)
        .map(|_| (pieces().new_tree(&mut runner).expect("a pattern").current(), texts.clone()))
        .collect();
    let Some(answers) = node(&cases) else { return };
    let (mut both, mut refused) = (0, 0);
    for ((pattern, texts), answers) in cases.iter().zip(answers) {
        let Ok(spelling) = translated(pattern) else {
            refused += 1;
            continue;
        };
        both += 1;
        let answers = answers.unwrap_or_else(|| panic!("{pattern} is taken here and refused by Node"));
        let validator = Validator::new(&json!({"pattern": pattern})).unwrap();
        let regex = regress::Regex::with_flags(pattern, "u").unwrap();
        for (text, of_node) in texts.iter().zip(answers) {
            let valid = validator.is_valid(&Value::from(text.as_str()));
            assert_eq!(valid, regex.find(text).is_some(), "{pattern} and {text:?}: {spelling}");
            // V8 also looks between the two halves of a character beyond the first 65,536, where nothing is.
            let is_split = text.chars().any(|c| c as u32 > 0xffff);
            assert!(valid == of_node || (is_split && of_node), "{pattern} and {text:?}: {spelling}");
        }
    }
    assert!(both > 300 && refused > 100, "{both} {refused}");
}

//! Contracts to test with.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use zocket_contract::Contract;

/// A small contract that has one of each.
pub(crate) fn library() -> Contract {
    Contract::seal(unsealed())
}

/// The same without its `format` and `hash`.
pub(crate) fn unsealed() -> Value {
    json!({
        "zocket": "0.1",
        "router": "library",
        "description": "A library.",
        "headers": {"$ref": "#/$defs/Headers"},
        "routes": [
            {
                "route": "books.lend",
                "direction": "incoming",
                "description": "Lends a book.\n\nFor four weeks.",
                "payload": {"$ref": "#/$defs/Loan"},
                "reply": {"$ref": "#/$defs/Book", "description": "The book that was lent."},
                "errors": [
                    {"code": "LENT", "description": "Somebody has it.", "data": {"type": "object", "properties": {
                        "until": {"type": "string", "format": "date"}}, "required": ["until"]}},
                    {"code": "UNKNOWN_BOOK", "deprecated": true},
                ],
            },
            {"route": "books.lent", "direction": "outgoing", "deprecated": true, "payload": {"$ref": "#/$defs/Book"}},
            {"route": "close", "direction": "incoming", "payload": {"type": ["string", "null"]}},
            {"route": "close", "direction": "outgoing", "payload": true},
            {"route": "shelf.größe", "direction": "incoming", "reply": {"$ref": "#/$defs/A~1b%20c"}},
        ],
        "$defs": {
            "A/b c": {"type": "integer", "minimum": 0, "maximum": 255},
            "Book": {
                "description": "A book.",
                "type": "object",
                "properties": {
                    "title": {"type": "string", "minLength": 1},
                    "sequel": {"anyOf": [{"$ref": "#/$defs/Book"}, {"type": "null"}]},
                    "size": {"type": "array", "prefixItems": [{"type": "number"}, {"$ref": "#/$defs/A~1b%20c"}],
                        "minItems": 2, "maxItems": 2},
                    "old": {"$ref": "#/$defs/A~1b%20c", "deprecated": true},
                },
                "required": ["title"],
            },
            "Headers": {
                "type": "object",
                "properties": {
                    "authorization": {"type": "string", "description": "A token."},
                    "lang": {"$ref": "#/$defs/Language"},
                },
                "required": ["authorization"],
            },
            "Language": {"type": "string", "enum": ["de", "en"]},
            "Loan": {
                "type": "object",
                "properties": {"title": {"type": "string"}, "card": {"type": "string"}, "pin": {"type": "string"}},
                "required": ["title"],
                "dependentRequired": {"card": ["pin"]},
                "unevaluatedProperties": false,
            },
        },
    })
}

/// All contracts that are committed in this repository, by their paths.
pub(crate) fn committed() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace");
    let mut found = Vec::new();
    let mut open =
        vec![root.join("tests"), root.join("zocket-cli/tests"), root.join("zocket-contract/tests")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && name != "node_modules" {
                open.push(path);
            } else if name.ends_with("contract.json") {
                let text = std::fs::read_to_string(&path).expect("a text");
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "the contract of tests/integration is committed");
    found.push(("library".into(), library().to_json()));
    found.sort();
    found
}

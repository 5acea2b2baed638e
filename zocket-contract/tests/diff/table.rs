//! Pairs of schemas, and what becomes of clients of the old one: the impact, the path and the kind of each change. What is
//! breaking is shown by a value.
//!
//! The sentences are in `table.txt`; `UPDATE_SNAPSHOTS=1` writes it anew.

use std::fmt::Write;
use std::path::Path;

use serde_json::{Value, json};

use zocket_contract::Diff;

use super::property::validator;
use super::{Place, compare};

struct Case {
    name: &'static str,
    place: Place,
    old: Value,
    new: Value,
    expected: &'static [&'static str],
}

macro_rules! cases {
    ($($place:ident $name:literal: $old:tt => $new:tt, [$($expected:literal),* $(,)?];)*) => {
        vec![$(Case {
            name: $name,
            place: Place::$place,
            old: json!($old),
            new: json!($new),
            expected: &[$($expected),*],
        }),*]
    };
}

fn types() -> Vec<Case> {
    cases! {
        Payload "the same": {"type": "string"} => {"type": "string"}, [];
        Payload "another type": {"type": "string"} => {"type": "integer"}, ["breaking  type"];
        Payload "integers, then all numbers": {"type": "integer"} => {"type": "number"}, ["compatible  type"];
        Payload "numbers, then integers only": {"type": "number"} => {"type": "integer"}, ["breaking  type"];
        Reply "integers, then all numbers": {"type": "integer"} => {"type": "number"}, ["breaking  type"];
        Reply "numbers, then integers only": {"type": "number"} => {"type": "integer"}, ["compatible  type"];
        Payload "null is taken too": {"type": "string"} => {"type": ["string", "null"]}, ["compatible  null"];
        Payload "null is taken no more": {"type": ["string", "null"]} => {"type": "string"}, ["breaking  null"];
        Reply "null is sent too": {"type": "string"} => {"type": ["string", "null"]}, ["breaking  null"];
        Reply "null is sent no more": {"type": ["string", "null"]} => {"type": "string"}, ["compatible  null"];
        Payload "null, by a union of references":
            {"$ref": "#/$defs/A", "$defs": {"A": {"type": "string"}}}
            => {"anyOf": [{"$ref": "#/$defs/A"}, {"type": "null"}], "$defs": {"A": {"type": "string"}}},
            ["compatible  null"];
        Payload "two ways to say the same":
            {"type": ["string", "null"]} => {"anyOf": [{"type": "string"}, {"type": "null"}]}, ["compatible  schema"];
        Payload "anything, then something": true => {"type": "string"}, ["breaking  type"];
        Reply "something, then anything": {"type": "string"} => true, ["breaking  type"];
        Payload "nothing is taken any more": {"type": "string"} => false, ["breaking  type"];
        Reply "true or false, then true": {"type": "boolean"} => {"const": true}, ["compatible  enum"];
        Payload "true or false, then true": {"type": "boolean"} => {"const": true}, ["breaking  enum"];
        Payload "a name is given to a schema":
            {"type": "integer", "minimum": 1}
            => {"$ref": "#/$defs/Id", "$defs": {"Id": {"type": "integer", "minimum": 1}}}, ["compatible  schema"];
    }
}

fn numbers() -> Vec<Case> {
    cases! {
        Payload "a lower maximum":
            {"type": "integer", "maximum": 100} => {"type": "integer", "maximum": 50}, ["breaking  maximum"];
        Payload "a higher maximum":
            {"type": "integer", "maximum": 50} => {"type": "integer", "maximum": 100}, ["compatible  maximum"];
        Reply "a lower maximum":
            {"type": "integer", "maximum": 100} => {"type": "integer", "maximum": 50}, ["compatible  maximum"];
        Reply "a higher maximum":
            {"type": "integer", "maximum": 50} => {"type": "integer", "maximum": 100}, ["breaking  maximum"];
        Payload "a first minimum": {"type": "number"} => {"type": "number", "minimum": 0}, ["breaking  minimum"];
        Payload "no minimum any more":
            {"type": "number", "minimum": 0} => {"type": "number"}, ["compatible  minimum"];
        Reply "no minimum any more":
            {"type": "number", "minimum": 0} => {"type": "number"}, ["breaking  minimum"];
        Payload "u8, then u16":
            {"type": "integer", "format": "uint8", "minimum": 0, "maximum": 255}
            => {"type": "integer", "format": "uint16", "minimum": 0, "maximum": 65535}, ["compatible  maximum"];
        Reply "u32, then u64":
            {"type": "integer", "format": "uint32", "minimum": 0, "maximum": 4_294_967_295_u64}
            => {"type": "integer", "format": "uint64", "minimum": 0, "maximum": 18_446_744_073_709_551_615_u64},
            ["breaking  maximum"];
        Payload "one less, beyond 2^53":
            {"type": "integer", "maximum": 9_007_199_254_740_993_u64}
            => {"type": "integer", "maximum": 9_007_199_254_740_992_u64}, ["breaking  maximum"];
        Payload "exclusive and inclusive, of integers":
            {"type": "integer", "exclusiveMaximum": 10} => {"type": "integer", "maximum": 9}, ["compatible  schema"];
        Payload "exclusive, of numbers":
            {"type": "number", "maximum": 10} => {"type": "number", "exclusiveMaximum": 10}, ["breaking  maximum"];
        Payload "both ends move":
            {"type": "integer", "minimum": 0, "maximum": 10} => {"type": "integer", "minimum": 5, "maximum": 20},
            ["breaking  minimum", "compatible  maximum"];
        Payload "a step": {"type": "integer"} => {"type": "integer", "multipleOf": 5}, ["breaking  multipleOf"];
        Payload "a finer step":
            {"type": "integer", "multipleOf": 10} => {"type": "integer", "multipleOf": 5}, ["compatible  multipleOf"];
        Payload "another step":
            {"type": "integer", "multipleOf": 5} => {"type": "integer", "multipleOf": 7}, ["breaking  multipleOf"];
        Payload "a fraction as step":
            {"type": "number", "multipleOf": 0.5} => {"type": "number", "multipleOf": 0.25},
            ["compatible  multipleOf"];
        Payload "zero is excluded":
            {"type": "integer"} => {"type": "integer", "not": {"const": 0}}, ["breaking  value"];
        Payload "zero was excluded by the bounds already":
            {"type": "integer", "minimum": 1} => {"type": "integer", "minimum": 1, "not": {"const": 0}}, ["compatible  schema"];
        Payload "zero is no longer excluded":
            {"type": "integer", "not": {"const": 0}} => {"type": "integer"}, ["compatible  value"];
        Payload "values within bounds": {"enum": [1, 2, 3]} => {"type": "integer", "minimum": 1, "maximum": 3},
            ["compatible  schema"];
        Payload "values, one out of bounds":
            {"enum": [1, 2, 3]} => {"type": "integer", "minimum": 2}, ["breaking  value", "compatible  enum"];
        Payload "1 and 1.0 are one number": {"const": 1} => {"const": 1.0}, ["compatible  schema"];
    }
}

fn strings() -> Vec<Case> {
    cases! {
        Payload "shorter at most":
            {"type": "string", "maxLength": 40} => {"type": "string", "maxLength": 20}, ["breaking  maxLength"];
        Payload "longer at least":
            {"type": "string"} => {"type": "string", "minLength": 1}, ["breaking  minLength"];
        Reply "longer at most":
            {"type": "string", "maxLength": 20} => {"type": "string", "maxLength": 40}, ["breaking  maxLength"];
        Reply "a length is promised":
            {"type": "string"} => {"type": "string", "maxLength": 40}, ["compatible  maxLength"];
        Payload "a first pattern": {"type": "string"} => {"type": "string", "pattern": "^a"}, ["breaking  pattern"];
        Payload "no pattern any more":
            {"type": "string", "pattern": "^a"} => {"type": "string"}, ["compatible  pattern"];
        Payload "another pattern":
            {"type": "string", "pattern": "^[a-f]"} => {"type": "string", "pattern": "^[a-z]"},
            ["compatible  pattern"];
        Payload "a first format":
            {"type": "string"} => {"type": "string", "format": "uuid"}, ["breaking  format"];
        Payload "another format":
            {"type": "string", "format": "uri"} => {"type": "string", "format": "iri"}, ["breaking  format undecided"];
        Reply "no format any more":
            {"type": "string", "format": "date-time"} => {"type": "string"}, ["breaking  format"];
        Payload "one format of two": {"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]}
            => {"type": "string", "format": "ipv4"}, ["breaking  format"];
        Payload "a second format":
            {"type": "string", "format": "ipv4"}
            => {"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]}, ["compatible  format"];
        Payload "a value more": {"enum": ["a", "b"]} => {"enum": ["a", "b", "c"]}, ["compatible  enum"];
        Payload "a value less": {"enum": ["a", "b"]} => {"enum": ["a"]}, ["breaking  enum"];
        Reply "a value more": {"enum": ["a", "b"]} => {"enum": ["a", "b", "c"]}, ["breaking  enum"];
        Reply "a value less": {"enum": ["a", "b"]} => {"enum": ["a"]}, ["compatible  enum"];
        Payload "another order": {"enum": ["a", "b"]} => {"enum": ["b", "a"]}, [];
        Payload "values, then any string": {"enum": ["a", "b"]} => {"type": "string"}, ["compatible  enum"];
        Reply "values, then any string": {"enum": ["a", "b"]} => {"type": "string"}, ["breaking  enum"];
        Payload "values that a pattern takes": {"enum": ["ab", "ac"]} => {"type": "string", "pattern": "^a"},
            ["compatible  enum"];
        Payload "a value that a pattern refuses": {"enum": ["ab", "bb"]} => {"type": "string", "pattern": "^a"},
            ["breaking  value", "compatible  enum"];
        Payload "described values, one more":
            {"oneOf": [{"type": "string", "enum": ["a", "b"]}]}
            => {"oneOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "string", "const": "c", "description": "C"}]},
            ["compatible  enum"];
    }
}

fn arrays() -> Vec<Case> {
    cases! {
        Payload "items may be less":
            {"type": "array", "items": {"type": "integer", "maximum": 9}}
            => {"type": "array", "items": {"type": "integer", "maximum": 5}}, ["breaking /* maximum"];
        Payload "fewer items":
            {"type": "array", "maxItems": 10} => {"type": "array", "maxItems": 5}, ["breaking  maxItems"];
        Reply "may be empty":
            {"type": "array", "minItems": 1} => {"type": "array"}, ["breaking  minItems"];
        Payload "items must differ":
            {"type": "array"} => {"type": "array", "uniqueItems": true}, ["breaking  uniqueItems"];
        Payload "items need not differ":
            {"type": "array", "uniqueItems": true} => {"type": "array"}, ["compatible  uniqueItems"];
        Payload "one item always differs":
            {"type": "array", "maxItems": 1} => {"type": "array", "maxItems": 1, "uniqueItems": true}, ["compatible  schema"];
        Payload "a tuple gets another item":
            {"type": "array", "prefixItems": [{"type": "integer"}], "minItems": 1, "maxItems": 1}
            => {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2, "maxItems": 2},
            ["breaking  minItems", "compatible  maxItems"];
        Payload "an item of a tuple":
            {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2, "maxItems": 2}
            => {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "boolean"}], "minItems": 2, "maxItems": 2},
            ["breaking /1 type"];
        Payload "a tuple, then a list of the same":
            {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "integer"}], "minItems": 2, "maxItems": 2}
            => {"type": "array", "items": {"type": "integer"}}, ["compatible  minItems", "compatible  maxItems"];
        Reply "a list, then a tuple of the same":
            {"type": "array", "items": {"type": "integer"}}
            => {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "integer"}], "minItems": 2, "maxItems": 2},
            ["compatible  minItems", "compatible  maxItems"];
        Payload "contains":
            {"type": "array"} => {"type": "array", "contains": {"const": 1}}, ["breaking  contains"];
        Payload "contains, unchanged":
            {"type": "array", "contains": {"const": 1}, "maxItems": 5}
            => {"type": "array", "contains": {"const": 1}, "maxItems": 6}, ["compatible  maxItems"];
        Payload "contains, at least two now":
            {"type": "array", "contains": {"const": 1}}
            => {"type": "array", "contains": {"const": 1}, "minContains": 2}, ["breaking  contains"];
    }
}

fn objects() -> Vec<Case> {
    cases! {
        Payload "a new optional property":
            {"type": "object", "properties": {"a": {"type": "integer"}}}
            => {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}},
            ["compatible /b property"];
        Payload "a new property with a default":
            {"type": "object", "properties": {}}
            => {"type": "object", "properties": {"b": {"type": "integer", "default": 3}}}, ["compatible /b property"];
        Payload "a new required property":
            {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
            => {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["a", "b"]},
            ["breaking /b property"];
        Payload "an optional property is required now":
            {"type": "object", "properties": {"a": {"type": "integer"}}}
            => {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
            ["breaking /a required"];
        Payload "a required property may be left out now":
            {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
            => {"type": "object", "properties": {"a": {"type": "integer"}}},
            ["compatible /a required"];
        Payload "a property is gone from an open object":
            {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["b"]}
            => {"type": "object", "properties": {"a": {"type": "integer"}}}, ["compatible /b property"];
        Payload "a property is gone from a closed object":
            {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "additionalProperties": false}
            => {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false},
            ["breaking /b property"];
        Payload "an object is closed":
            {"type": "object", "properties": {"a": {"type": "integer"}}}
            => {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false},
            ["breaking /* additionalProperties"];
        Reply "an object is closed":
            {"type": "object", "properties": {"a": {"type": "integer"}}}
            => {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false},
            ["compatible /* additionalProperties"];
        Reply "an object is open":
            {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false}
            => {"type": "object", "properties": {"a": {"type": "integer"}}},
            ["compatible /* additionalProperties"];
        Payload "an object that took anything is closed":
            {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": true}
            => {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false},
            ["breaking /* additionalProperties"];
        Payload "a new optional property where anything was taken":
            {"type": "object", "additionalProperties": true}
            => {"type": "object", "properties": {"b": {"type": "integer"}}, "additionalProperties": true},
            ["breaking /b type"];
        Reply "a new property":
            {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
            => {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["a", "b"]},
            ["compatible /b property"];
        Reply "a new property where the contract forbade it":
            {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false}
            => {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "additionalProperties": false},
            ["breaking /b property"];
        Reply "a required property is gone":
            {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["a", "b"]}
            => {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
            ["breaking /b property"];
        Reply "an optional property is gone":
            {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}
            => {"type": "object", "properties": {"a": {"type": "integer"}}},
            ["compatible /b property"];
        Reply "a required property may be left out now":
            {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
            => {"type": "object", "properties": {"a": {"type": "integer"}}},
            ["breaking /a required"];
        Reply "an optional property is always there now":
            {"type": "object", "properties": {"a": {"type": "integer"}}}
            => {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
            ["compatible /a required"];
        Payload "deep down":
            {"type": "object", "properties": {"a": {"type": "array", "items": {"$ref": "#/$defs/B"}}},
                "$defs": {"B": {"type": "object", "properties": {"c~d/e": {"type": "string"}}}}}
            => {"type": "object", "properties": {"a": {"type": "array", "items": {"$ref": "#/$defs/B"}}},
                "$defs": {"B": {"type": "object", "properties": {"c~d/e": {"type": "string", "maxLength": 3}}}}},
            ["breaking /a/*/c~0d~1e maxLength"];
        Payload "a map's values":
            {"type": "object", "additionalProperties": {"type": "integer", "maximum": 5}}
            => {"type": "object", "additionalProperties": {"type": "integer", "maximum": 4}}, ["breaking /* maximum"];
        Payload "a map's keys: unsigned, then signed":
            {"type": "object", "patternProperties": {"^(0|[1-9][0-9]*)$": {"type": "integer"}}, "additionalProperties": false}
            => {"type": "object", "patternProperties": {"^(0|-?[1-9][0-9]*)$": {"type": "integer"}}, "additionalProperties": false},
            ["compatible /* additionalProperties"];
        Payload "a map's keys: numbers, then any":
            {"type": "object", "patternProperties": {"^(0|[1-9][0-9]*)$": {"type": "integer"}}, "additionalProperties": false}
            => {"type": "object", "additionalProperties": {"type": "integer"}}, ["compatible /* additionalProperties"];
        Payload "a map's keys: any, then numbers":
            {"type": "object", "additionalProperties": {"type": "integer"}}
            => {"type": "object", "patternProperties": {"^(0|[1-9][0-9]*)$": {"type": "integer"}}, "additionalProperties": false},
            ["breaking /* additionalProperties"];
        Payload "fewer properties":
            {"type": "object", "additionalProperties": true, "maxProperties": 5}
            => {"type": "object", "additionalProperties": true, "maxProperties": 4}, ["breaking  maxProperties"];
        Payload "names of properties":
            {"type": "object", "additionalProperties": true}
            => {"type": "object", "additionalProperties": true, "propertyNames": {"maxLength": 3}},
            ["breaking  propertyNames"];
        Payload "a name that is too long now":
            {"type": "object", "properties": {"a": true, "long": true}, "additionalProperties": false}
            => {"type": "object", "properties": {"a": true, "long": true}, "additionalProperties": false, "propertyNames": {"maxLength": 3}},
            ["breaking /long property"];
        Payload "properties that depend on others":
            {"type": "object", "properties": {"a": true, "b": true}}
            => {"type": "object", "properties": {"a": true, "b": true}, "dependentRequired": {"a": ["b"]}},
            ["breaking  value"];
        Payload "a condition":
            {"type": "object", "properties": {"a": true}}
            => {"type": "object", "properties": {"a": true}, "if": {"required": ["a"]}, "then": {"maxProperties": 1}},
            ["breaking  value"];
        Payload "a condition, unchanged, beside a change":
            {"type": "object", "properties": {"a": {"type": "integer", "maximum": 5}}, "if": {"required": ["a"]}, "then": {"maxProperties": 1}}
            => {"type": "object", "properties": {"a": {"type": "integer", "maximum": 6}}, "if": {"required": ["a"]}, "then": {"maxProperties": 1}},
            ["compatible /a maximum"];
        Payload "a keyword that nobody knows":
            {"type": "object"} => {"type": "object", "frobnicate": 3}, ["breaking  frobnicate undecided"];
        Payload "flattened: closed over both parts":
            {"allOf": [{"$ref": "#/$defs/A"}], "properties": {"b": {"type": "integer"}}, "unevaluatedProperties": false,
                "$defs": {"A": {"type": "object", "properties": {"a": {"type": "integer"}}}}}
            => {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "additionalProperties": false},
            ["compatible  schema"];
        Payload "the parts are written in one":
            {"allOf": [{"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
                {"type": "object", "properties": {"b": {"type": "integer"}}}]}
            => {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["a"]}, ["compatible  schema"];
    }
}

fn unions() -> Vec<Case> {
    cases! {
        Payload "a variant more, tagged":
            {"oneOf": [
                {"type": "object", "properties": {"kind": {"const": "card"}, "number": {"type": "string"}}, "required": ["kind", "number"]},
            ]}
            => {"oneOf": [
                {"type": "object", "properties": {"kind": {"const": "card"}, "number": {"type": "string"}}, "required": ["kind", "number"]},
                {"type": "object", "properties": {"kind": {"const": "crypto"}}, "required": ["kind"]},
            ]}, ["compatible /kind branch"];
        Reply "a variant more, tagged":
            {"oneOf": [
                {"type": "object", "properties": {"kind": {"const": "card"}, "number": {"type": "string"}}, "required": ["kind", "number"]},
            ]}
            => {"oneOf": [
                {"type": "object", "properties": {"kind": {"const": "card"}, "number": {"type": "string"}}, "required": ["kind", "number"]},
                {"type": "object", "properties": {"kind": {"const": "crypto"}}, "required": ["kind"]},
            ]}, ["breaking /kind branch"];
        Payload "a variant less, tagged":
            {"oneOf": [
                {"type": "object", "properties": {"kind": {"const": "card"}}, "required": ["kind"]},
                {"type": "object", "properties": {"kind": {"const": "cash"}}, "required": ["kind"]},
            ]}
            => {"oneOf": [
                {"type": "object", "properties": {"kind": {"const": "card"}}, "required": ["kind"]},
            ]}, ["breaking /kind branch"];
        Payload "within a variant":
            {"oneOf": [
                {"type": "object", "properties": {"kind": {"const": "card"}, "days": {"type": "integer", "maximum": 60}}, "required": ["kind"]},
                {"type": "object", "properties": {"kind": {"const": "cash"}}, "required": ["kind"]},
            ]}
            => {"oneOf": [
                {"type": "object", "properties": {"kind": {"const": "cash"}}, "required": ["kind"]},
                {"type": "object", "properties": {"kind": {"const": "card"}, "days": {"type": "integer", "maximum": 30}}, "required": ["kind"]},
            ]}, ["breaking /days maximum in card"];
        Payload "external tags, a variant renamed":
            {"oneOf": [
                {"type": "string", "enum": ["unit"]},
                {"type": "object", "properties": {"new": {"type": "integer"}}, "required": ["new"], "additionalProperties": false},
            ]}
            => {"oneOf": [
                {"type": "string", "enum": ["unit"]},
                {"type": "object", "properties": {"newer": {"type": "integer"}}, "required": ["newer"], "additionalProperties": false},
            ]}, ["breaking /new branch", "compatible /newer branch"];
        Reply "external tags, a name more":
            {"oneOf": [
                {"type": "string", "enum": ["unit"]},
                {"type": "object", "properties": {"new": {"type": "integer"}}, "required": ["new"], "additionalProperties": false},
            ]}
            => {"oneOf": [
                {"type": "string", "enum": ["unit", "other"]},
                {"type": "object", "properties": {"new": {"type": "integer"}}, "required": ["new"], "additionalProperties": false},
            ]}, ["breaking  enum"];
        Payload "untagged, a form more":
            {"anyOf": [{"type": "integer"}, {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}]}
            => {"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}]},
            ["compatible  type"];
        Payload "untagged, another order":
            {"anyOf": [{"type": "integer"}, {"type": "string"}]} => {"anyOf": [{"type": "string"}, {"type": "integer"}]}, ["compatible  schema"];
        Payload "forms that overlap must be told apart":
            {"type": "integer"} => {"oneOf": [{"type": "integer"}, {"type": "integer", "minimum": 5}]},
            ["breaking  value"];
        Payload "texts that overlap must be told apart":
            {"type": "string", "maxLength": 5}
            => {"oneOf": [{"type": "string", "maxLength": 5}, {"type": "string", "minLength": 3}]},
            ["breaking  value", "compatible  maxLength"];
        Payload "texts that cannot overlap":
            {"type": "string", "maxLength": 2}
            => {"oneOf": [{"type": "string", "maxLength": 2}, {"type": "string", "minLength": 3}]},
            ["compatible  maxLength"];
        Payload "lists that overlap must be told apart":
            {"type": "array"} => {"oneOf": [{"type": "array"}, {"type": "array", "minItems": 2}]},
            ["breaking  oneOf"];
        Payload "objects that overlap must be told apart":
            {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
            => {"oneOf": [
                {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
                {"type": "object", "properties": {"b": {"type": "integer"}}},
            ]}, ["breaking  oneOf", "compatible /a property", "compatible /b property"];
        Payload "forms that overlap, unchanged, beside a change":
            {"type": "array", "maxItems": 3, "items": {"oneOf": [{"type": "integer"}, {"type": "integer", "minimum": 5}]}}
            => {"type": "array", "maxItems": 4, "items": {"oneOf": [{"type": "integer"}, {"type": "integer", "minimum": 5}]}},
            ["compatible  maxItems"];
        Payload "forms that overlap, and one grows where the other was":
            {"oneOf": [{"type": "integer", "minimum": 0}, {"type": "integer", "minimum": 5}]}
            => {"oneOf": [{"type": "integer", "minimum": 0}, {"type": "integer", "minimum": 3}]},
            ["breaking  value"];
        Payload "a property that the other form has, in another type":
            {"anyOf": [
                {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
                {"type": "object", "properties": {"b": {"type": "integer"}}, "required": ["b"]},
            ]}
            => {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "required": ["a"]},
            ["breaking /b type", "breaking /a property"];
        Payload "properties of both forms, each refused by the form that it was not of":
            {"anyOf": [
                {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
                {"type": "object", "properties": {"b": {"type": "integer"}}, "required": ["b"]},
            ]}
            => {"anyOf": [
                {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "required": ["a"]},
                {"type": "object", "properties": {"b": {"type": "integer"}, "a": {"type": "string"}}, "required": ["b"]},
            ]}, ["breaking /b type", "breaking /a type"];
        Payload "a list of trees, deeper leaves":
            {"$ref": "#/$defs/Tree", "$defs": {"Tree": {"type": "object", "required": ["name"], "properties": {
                "name": {"type": "string", "maxLength": 5}, "children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}}}}}
            => {"$ref": "#/$defs/Tree", "$defs": {"Tree": {"type": "object", "required": ["name"], "properties": {
                "name": {"type": "string", "maxLength": 6}, "children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}}}}},
            ["compatible /name maxLength"];
        Reply "two types that refer to each other":
            {"$ref": "#/$defs/A", "$defs": {
                "A": {"type": "object", "properties": {"b": {"$ref": "#/$defs/B"}}},
                "B": {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}, "n": {"type": "integer", "maximum": 3}}}}}
            => {"$ref": "#/$defs/A", "$defs": {
                "A": {"type": "object", "properties": {"b": {"$ref": "#/$defs/B"}}},
                "B": {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}, "n": {"type": "integer", "maximum": 4}}}}},
            ["breaking /b/n maximum"];
    }
}

fn headers_and_words() -> Vec<Case> {
    cases! {
        Headers "a required header":
            {"type": "object", "properties": {}}
            => {"type": "object", "properties": {"token": {"type": "string"}}, "required": ["token"]},
            ["breaking /token property"];
        Headers "an optional header":
            {"type": "object", "properties": {}}
            => {"type": "object", "properties": {"token": {"type": "string"}}}, ["compatible /token property"];
        Headers "a header is gone":
            {"type": "object", "properties": {"token": {"type": "string"}}}
            => {"type": "object", "properties": {}}, ["compatible /token property"];
        Headers "a header is gone, and the rest is forbidden":
            {"type": "object", "properties": {"token": {"type": "string"}}}
            => {"type": "object", "properties": {}, "additionalProperties": false}, ["compatible /token property"];
        Headers "a header is held to a length":
            {"type": "object", "properties": {"token": {"type": "string"}}}
            => {"type": "object", "properties": {"token": {"type": "string", "minLength": 9}}},
            ["breaking /token minLength"];
        Payload "words":
            {"type": "object", "description": "A", "properties": {"a": {"type": "integer", "title": "x"}}}
            => {"type": "object", "description": "B", "properties": {"a": {"type": "integer", "deprecated": true, "examples": [1]}}},
            ["documentation  description", "documentation /a title", "documentation /a deprecated", "documentation /a examples"];
        Payload "another default":
            {"type": "object", "properties": {"a": {"type": "integer", "default": 1}}}
            => {"type": "object", "properties": {"a": {"type": "integer", "default": 2}}}, ["compatible /a default"];
        Payload "another name for the type":
            {"$ref": "#/$defs/Order", "$defs": {"Order": {"type": "object"}}}
            => {"$ref": "#/$defs/Purchase", "$defs": {"Purchase": {"type": "object"}}}, ["documentation  typeName"];
    }
}

fn all() -> Vec<Case> {
    [types(), numbers(), strings(), arrays(), objects(), unions(), headers_and_words()]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn each_pair_is_judged_as_expected() {
    let mut wrong = String::new();
    let mut sentences = String::new();
    let cases = all();
    assert!(cases.len() >= 100, "{}", cases.len());
    for Case { name, place, old, new, expected } in &cases {
        let diff = compare(*place, old, new);
        let found: Vec<String> = diff
            .changes()
            .iter()
            .map(|change| {
                let undecided = if change.undecided { " undecided" } else { "" };
                let within = if change.within.is_empty() {
                    String::new()
                } else {
                    format!(" in {}", change.within.join(", "))
                };
                format!("{} {} {}{undecided}{within}", change.impact.as_str(), change.path, change.kind)
            })
            .collect();
        if found != *expected {
            let _ =
                writeln!(wrong, "{place:?} {name}:\n  expected {expected:?}\n  found    {found:?}\n{diff}\n");
        }
        let _ = writeln!(sentences, "{place:?}: {name}");
        for change in diff.changes() {
            let _ = writeln!(sentences, "  {}: {change}", change.impact.as_str());
            match &change.example {
                Some(value) => {
                    let _ = writeln!(sentences, "    shown by: {value}");
                    let (sends, takes) = if *place == Place::Reply { (new, old) } else { (old, new) };
                    assert!(
                        validator(sends).is_valid(value) && !validator(takes).is_valid(value),
                        "{name}: {value}"
                    );
                }
                None => assert!(!change.is_breaking() || change.undecided, "{name}: {change}"),
            }
            if let Some(help) = &change.help {
                let _ = writeln!(sentences, "    help: {help}");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/table.txt");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &sentences).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        committed == sentences,
        "the sentences have changed; run with UPDATE_SNAPSHOTS=1 and read them:\n{sentences}"
    );
}

/// Clients may send properties that nobody asked for, and servers do not.
fn one_sided(diff: &Diff) -> bool {
    diff.changes().iter().any(|change| change.kind == "additionalProperties")
}

/// What is breaking one way would be breaking the other way if it went out instead of in.
#[test]
fn in_and_out_are_mirror_images() {
    for Case { name, place, old, new, .. } in all().iter().filter(|case| case.place != Place::Headers) {
        if one_sided(&compare(*place, old, new)) {
            continue;
        }
        let turned = if *place == Place::Payload { Place::Reply } else { Place::Payload };
        let (one, other) = (compare(*place, old, new), compare(turned, new, old));
        assert_eq!(one.is_breaking(), other.is_breaking(), "{name}:\n{one}\n\n{other}");
        assert!(compare(*place, old, old).is_empty(), "{name}");
    }
}

//! Schemas that are near each other, by what they are about.

use serde_json::{Value, json};

macro_rules! family {
    ($name:literal: $($schema:tt),* $(,)?) => {
        ($name, vec![$(json!($schema)),*])
    };
}

/// Each pair within a family is compared, both ways round.
pub(super) fn families() -> Vec<(&'static str, Vec<Value>)> {
    vec![
        family!("types":
            true, false, {}, {"type": "string"}, {"type": ["string", "null"]}, {"type": "null"}, {"type": ["integer", "string"]},
            {"enum": ["a", null]}, {"const": "a"}, {"not": {"type": "string"}}, {"anyOf": [{"type": "string"}, {"type": "null"}]},
        ),
        family!("ranges":
            {"type": "integer", "minimum": 0}, {"type": "number", "minimum": 0}, {"type": "integer", "exclusiveMinimum": -1},
            {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 10}, {"type": "integer", "minimum": 11}]},
            {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 10}, {"type": "integer", "minimum": 12}]},
            {"type": "integer", "minimum": 0, "maximum": 10}, {"type": "number", "minimum": 0, "exclusiveMaximum": 10.5},
            {"enum": [0, 1, 2, 3]}, {"type": "integer", "minimum": 0, "maximum": 3},
            {"type": "integer", "not": {"maximum": -1}}, {"type": "integer", "minimum": 0, "not": {"const": 5}},
        ),
        family!("steps":
            {"type": "number", "multipleOf": 10}, {"type": "integer"}, {"type": "number"}, {"type": "integer", "multipleOf": 5},
            {"type": "number", "multipleOf": 0.5}, {"type": "number", "multipleOf": 0.25}, {"type": "integer", "multipleOf": 2.5},
            {"type": "integer", "multipleOf": 4, "minimum": 0}, {"type": "integer", "not": {"multipleOf": 2}},
            {"allOf": [{"multipleOf": 2}, {"multipleOf": 5}], "type": "integer"}, {"type": "integer", "multipleOf": 3, "maximum": 2, "minimum": -2},
        ),
        family!("lengths":
            {"type": "string"}, {"type": "string", "minLength": 1}, {"type": "string", "maxLength": 3},
            {"type": "string", "minLength": 1, "maxLength": 3}, {"type": "string", "pattern": ""}, {"type": "string", "pattern": ".+"},
            {"type": "string", "pattern": "^[a-z]*$"}, {"type": "string", "pattern": "^[a-z]{1,3}$"}, {"type": "string", "not": {"const": ""}},
            {"type": "string", "maxLength": 0}, {"enum": ["", "a", "bc"]},
        ),
        family!("patterns":
            {"type": "string", "pattern": "^a"}, {"type": "string", "pattern": "^[ab]"}, {"type": "string", "pattern": "^a$"},
            {"type": "string", "anyOf": [{"pattern": "^a"}, {"pattern": "^b"}]}, {"type": "string", "not": {"pattern": "^[^ab]"}},
            {"type": "string", "pattern": "b$"}, {"type": "string", "allOf": [{"pattern": "^a"}, {"pattern": "b$"}]},
            {"type": "string", "pattern": "^a.*b$"}, {"const": "ab"}, {"type": "string", "pattern": "^(ab)+$"},
        ),
        family!("formats":
            {"type": "string"}, {"type": "string", "format": "uuid"}, {"type": "string", "minLength": 1},
            {"type": "string", "format": "date"}, {"type": "string", "minLength": 10, "maxLength": 10},
            {"type": "string", "format": "ipv4"}, {"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]},
            {"type": "string", "pattern": "^[0-9.]+$"}, {"type": "string", "not": {"format": "ipv4"}},
        ),
        family!("items":
            {"type": "array"}, {"type": "array", "items": {"type": "integer"}}, {"type": "array", "items": {"type": "number"}},
            {"type": "array", "items": {"type": "integer"}, "maxItems": 2}, {"type": "array", "minItems": 1},
            {"type": "array", "uniqueItems": true}, {"type": "array", "maxItems": 1}, {"type": "array", "items": false},
            {"type": "array", "prefixItems": [{"type": "integer"}], "items": false}, {"type": "array", "not": {"minItems": 2}},
            {"type": "array", "items": {"enum": [1, 2]}, "uniqueItems": true},
        ),
        family!("tuples":
            {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2, "maxItems": 2},
            {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2},
            {"type": "array", "prefixItems": [{"type": "integer"}, {"type": ["string", "null"]}], "minItems": 2, "maxItems": 2},
            {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": false},
            {"type": "array", "items": {"type": ["integer", "string"]}}, {"type": "array", "prefixItems": [{"type": "integer"}]},
            {"type": "array", "items": {"type": ["integer", "string"]}, "minItems": 2, "maxItems": 2},
            {"anyOf": [
                {"type": "array", "prefixItems": [{"type": "integer"}], "minItems": 1, "maxItems": 1},
                {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2, "maxItems": 2},
            ]},
        ),
        family!("contents of arrays":
            {"type": "array"}, {"type": "array", "contains": {"const": 1}}, {"type": "array", "contains": {"type": "integer"}},
            {"type": "array", "contains": {"const": 1}, "minContains": 2}, {"type": "array", "contains": {"const": 1}, "maxContains": 1},
            {"type": "array", "items": {"const": 1}, "minItems": 1}, {"type": "array", "contains": {"const": 1}, "minContains": 0},
            {"type": "array", "not": {"contains": {"const": 1}}}, {"type": "array", "prefixItems": [{"const": 1}], "minItems": 1},
        ),
        family!("properties":
            {"type": "object"}, {"type": "object", "properties": {"a": {"type": "integer"}}},
            {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
            {"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "string"}}},
            {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false},
            {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "required": ["a"], "additionalProperties": false},
            {"type": "object", "additionalProperties": {"type": "integer"}}, {"type": "object", "additionalProperties": false},
            {"properties": {"a": {"type": "integer"}}}, true,
            {"type": "object", "properties": {"a": false}}, {"type": "object", "properties": {"a": {"type": "integer"}}, "minProperties": 1},
        ),
        family!("names":
            {"type": "object", "patternProperties": {"^x": {"type": "integer"}}},
            {"type": "object", "patternProperties": {"^x": {"type": "integer"}}, "properties": {"b": {"type": "string"}}},
            {"type": "object", "patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": false},
            {"type": "object", "patternProperties": {"^x": {"type": "integer"}}, "properties": {"b": {"type": "string"}}, "additionalProperties": false},
            {"type": "object", "patternProperties": {"^xy": {"type": "integer"}}, "additionalProperties": false},
            {"type": "object", "additionalProperties": {"type": "integer"}, "propertyNames": {"pattern": "^x"}},
            {"type": "object", "additionalProperties": {"type": "integer"}, "propertyNames": {"maxLength": 2}},
            {"type": "object", "additionalProperties": {"type": "integer"}},
            {"type": "object", "additionalProperties": {"type": "integer"}, "maxProperties": 1},
        ),
        family!("dependencies":
            {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}},
            {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "dependentRequired": {"a": ["b"]}},
            {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["b"]},
            {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "dependentSchemas": {"a": {"required": ["b"]}}},
            {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "anyOf": [{"required": ["b"]}, {"not": {"required": ["a"]}}]},
            {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "if": {"required": ["a"]}, "then": {"required": ["b"]}},
            {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "dependentRequired": {"a": ["b"], "b": ["a"]}},
            {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "not": {"required": ["a"]}},
        ),
        family!("conditions":
            {"type": "integer", "if": {"minimum": 10}, "then": {"multipleOf": 10}}, {"type": "integer"},
            {"type": "integer", "anyOf": [{"maximum": 9}, {"multipleOf": 10}]}, {"type": "integer", "maximum": 9},
            {"type": "integer", "if": {"minimum": 10}, "then": {"multipleOf": 5}, "else": {"minimum": 0}},
            {"type": "integer", "if": {"minimum": 0}, "else": false}, {"type": "integer", "minimum": 0},
            {"type": "integer", "not": {"minimum": 10}}, {"type": "integer", "if": true, "then": {"maximum": 9}},
        ),
        family!("unions":
            {"oneOf": [{"type": "integer"}, {"type": "string"}]}, {"anyOf": [{"type": "integer"}, {"type": "string"}]},
            {"oneOf": [{"type": "integer"}, {"type": "number"}]}, {"oneOf": [{"type": "integer", "minimum": 0}, {"type": "integer", "maximum": 5}]},
            {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "integer", "maximum": 5}]}, {"type": "integer"},
            {"type": "integer", "anyOf": [{"exclusiveMaximum": 0}, {"exclusiveMinimum": 5}]}, {"type": ["integer", "string"], "minLength": 1},
            {"oneOf": [{"type": "integer", "multipleOf": 2}, {"type": "integer", "multipleOf": 3}]},
            {"not": {"not": {"type": "integer"}}},
        ),
        family!("variants":
            {"oneOf": [
                {"type": "object", "properties": {"kind": {"const": "card"}, "n": {"type": "integer"}}, "required": ["kind", "n"]},
                {"type": "object", "properties": {"kind": {"const": "cash"}}, "required": ["kind"]},
            ]},
            {"anyOf": [
                {"type": "object", "properties": {"kind": {"const": "card"}, "n": {"type": "integer"}}, "required": ["kind", "n"]},
                {"type": "object", "properties": {"kind": {"const": "cash"}}, "required": ["kind"]},
            ]},
            {"type": "object", "properties": {"kind": {"enum": ["card", "cash"]}, "n": {"type": "integer"}}, "required": ["kind"]},
            {"type": "object", "properties": {"kind": {"enum": ["card", "cash"]}, "n": {"type": "integer"}}, "required": ["kind"],
                "if": {"properties": {"kind": {"const": "card"}}}, "then": {"required": ["n"]}},
            {"type": "object", "properties": {"kind": {"const": "card"}, "n": {"type": "number"}}, "required": ["kind"]},
            {"type": "object", "properties": {"kind": {"type": "string"}}, "required": ["kind"]},
            {"type": "object", "properties": {"kind": {"const": "cash"}}, "required": ["kind"], "unevaluatedProperties": false},
        ),
        family!("references":
            {"$ref": "#/$defs/List", "$defs": {"List": {"type": "object", "properties": {"v": {"type": "integer"}, "next": {"$ref": "#/$defs/List"}}, "required": ["v"]}}},
            {"$ref": "#/$defs/L", "$defs": {"L": {"type": "object", "properties": {"v": {"type": "number"}, "next": {"$ref": "#/$defs/L"}}, "required": ["v"]}}},
            {"$ref": "#/$defs/L", "$defs": {"L": {"type": "object", "properties": {"v": {"type": "integer"}, "next": {"anyOf": [{"$ref": "#/$defs/L"}, {"type": "null"}]}}, "required": ["v"]}}},
            {"$ref": "#/$defs/L", "$defs": {"L": {"type": "object", "properties": {"v": {"type": "integer"}}, "required": ["v"]}}},
            {"allOf": [{"$ref": "#/$defs/L"}, {"required": ["next"]}], "$defs": {"L": {"type": "object", "properties": {"v": {"type": "integer"}, "next": {"$ref": "#/$defs/L"}}, "required": ["v"]}}},
        ),
    ]
}

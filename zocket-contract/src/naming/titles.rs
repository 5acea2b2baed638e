//! Titles for schemas that generators would have to make up names for.

use serde_json::{Map, Value};

/// How deep schemas are looked into.
const DEEPEST: usize = 64;

/// Gives the schemas in one their titles, and the one itself `name`.
pub(crate) fn titled(schema: &mut Value, name: &str) {
    title(schema, name, 0);
}

fn title(schema: &mut Value, name: &str, depth: usize) {
    let Some(keywords) = schema.as_object_mut().filter(|_| depth < DEEPEST) else { return };
    // Beside a reference, nothing is read; what it refers to has a name.
    if keywords.contains_key("$ref") && keywords.len() == 1 {
        return;
    }
    if is_a_type(keywords) && !keywords.contains_key("title") {
        keywords.insert("title".into(), name.into());
    }
    for (keyword, held) in keywords.iter_mut() {
        match (keyword.as_str(), held) {
            ("properties", Value::Object(members)) => {
                for (property, schema) in members {
                    title(schema, &format!("{name}.{property}"), depth + 1);
                }
            }
            ("items" | "additionalItems", Value::Array(items)) | ("prefixItems", Value::Array(items)) => {
                for (index, item) in items.iter_mut().enumerate() {
                    title(item, &format!("{name}.{index}"), depth + 1);
                }
            }
            ("items" | "contains", item) => title(item, &format!("{name}.item"), depth + 1),
            ("additionalProperties", value) => title(value, &format!("{name}.value"), depth + 1),
            ("patternProperties", Value::Object(members)) => {
                for value in members.values_mut() {
                    title(value, &format!("{name}.value"), depth + 1);
                }
            }
            ("oneOf" | "anyOf", Value::Array(branches)) => title_branches(branches, name, depth),
            // They speak of the same value.
            ("allOf", Value::Array(parts)) => {
                for part in parts {
                    below(part, name, depth + 1);
                }
            }
            _ => {}
        }
    }
}

/// What lies in a schema that is no type of its own.
fn below(schema: &mut Value, name: &str, depth: usize) {
    let had = schema.get("title").is_some();
    title(schema, name, depth);
    if let (false, Some(keywords)) = (had, schema.as_object_mut()) {
        keywords.remove("title");
    }
}

fn title_branches(branches: &mut [Value], name: &str, depth: usize) {
    let names: Vec<Option<String>> = branches.iter().map(branch_name).collect();
    for (index, branch) in branches.iter_mut().enumerate() {
        let own = &names[index];
        // Two branches of one name are told apart by their order, the first excepted.
        let before = names[..index].iter().filter(|other| *other == own).count();
        let step = match (own, before) {
            (Some(own), 0) => own.clone(),
            (Some(own), before) => format!("{own}{}", before + 1),
            (None, _) => kind_name(branch),
        };
        title(branch, &format!("{name}.{step}"), depth + 1);
    }
}

/// What a branch is called: by the constant in its tag, its only property, or its only value.
fn branch_name(branch: &Value) -> Option<String> {
    let text = |schema: &Value| {
        let listed = schema.get("enum").and_then(Value::as_array).filter(|values| values.len() == 1);
        schema.get("const").or_else(|| listed?.first())?.as_str().map(str::to_owned)
    };
    if let Some(own) = text(branch) {
        return Some(own);
    }
    let properties = branch.get("properties")?.as_object()?;
    let required = branch.get("required").and_then(Value::as_array)?;
    let is_required = |name: &str| required.iter().any(|other| other == name);
    let tag = properties.iter().filter(|(name, _)| is_required(name)).find_map(|(_, schema)| text(schema));
    tag.or_else(|| {
        properties.keys().next().filter(|name| properties.len() == 1 && is_required(name)).cloned()
    })
}

fn kind_name(branch: &Value) -> String {
    branch.get("type").and_then(Value::as_str).unwrap_or("other").to_owned()
}

/// Whether generators make a type of it.
fn is_a_type(keywords: &Map<String, Value>) -> bool {
    let listed = keywords.get("enum").and_then(Value::as_array).is_some_and(|values| values.len() > 1);
    let branches = ["oneOf", "anyOf"].iter().filter_map(|keyword| keywords.get(*keyword)?.as_array());
    // Something or null is no type of its own.
    let chosen =
        branches.flatten().filter(|branch| branch.get("type").is_none_or(|kind| kind != "null")).count();
    keywords.contains_key("properties")
        || keywords.contains_key("patternProperties")
        || keywords.get("additionalProperties").is_some_and(Value::is_object)
        || keywords.get("type").is_some_and(|kind| kind == "object")
        || listed
        || chosen > 1
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_in_types_are_named_after_those_that_they_lie_in() {
        let mut schema = json!({"oneOf": [
            {"type": "object", "properties": {"kind": {"const": "Card"}, "owner": {"type": "object", "properties": {"name": {"type": "string"}}}}, "required": ["kind"]},
            {"type": "object", "properties": {"Cash": {"type": "array", "items": {"enum": ["a", "b"]}}}, "required": ["Cash"]},
            {"type": "object", "title": "Mine", "properties": {"x": {"$ref": "#/$defs/X"}}},
            {"type": "object"},
        ]});
        titled(&mut schema, "Payment");
        let at = |pointer: &str| schema.pointer(pointer).and_then(|found| found.get("title")).cloned();
        assert_eq!(at(""), Some(json!("Payment")));
        assert_eq!(at("/oneOf/0"), Some(json!("Payment.Card")));
        assert_eq!(at("/oneOf/0/properties/owner"), Some(json!("Payment.Card.owner")));
        assert_eq!(at("/oneOf/0/properties/owner/properties/name"), None, "text is no type of its own");
        assert_eq!(at("/oneOf/1"), Some(json!("Payment.Cash")));
        assert_eq!(at("/oneOf/1/properties/Cash/items"), Some(json!("Payment.Cash.Cash.item")));
        assert_eq!(at("/oneOf/2"), Some(json!("Mine")));
        assert_eq!(at("/oneOf/2/properties/x"), None, "beside a reference nothing is read");
        assert_eq!(at("/oneOf/3"), Some(json!("Payment.object")));
    }
}

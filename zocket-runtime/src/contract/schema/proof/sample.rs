//! Small values of a type, made from its schema.

use std::collections::HashMap;

use serde_json::Value;

use super::bounds::within;
use super::form::{Form, Kind};

/// Longer texts are not generated: a type whose shortest value is longer is checked message by message.
const LONGEST: usize = 16 * 1024;
/// The total number of schemas to look at.
const MOST_STEPS: usize = 100_000;

/// The values made so far, by schema.
#[derive(Debug, Default)]
pub(super) struct Samples {
    made: HashMap<*const Value, String>,
    /// What is being generated: a recursive type needs another variant, or nothing at all.
    making: Vec<*const Value>,
    steps: usize,
}

impl Samples {
    /// A text that is valid for `schema`. `None` where none is found.
    pub(super) fn of(&mut self, root: &Value, schema: &Value) -> Option<String> {
        let form = Form::of(root, schema);
        if form.nullable {
            return Some("null".to_owned());
        }
        let at = std::ptr::from_ref(form.at);
        if let Some(made) = self.made.get(&at) {
            return Some(made.clone());
        }
        self.steps += 1;
        if self.steps > MOST_STEPS || self.making.contains(&at) {
            return None;
        }
        self.making.push(at);
        let made = self.of_kind(root, &form.kind).filter(|text| text.len() <= LONGEST);
        self.making.pop();
        if let Some(made) = &made {
            self.made.insert(at, made.clone());
        }
        made
    }

    fn of_kind(&mut self, root: &Value, kind: &Kind<'_>) -> Option<String> {
        Some(match kind {
            Kind::Anything | Kind::Null => "null".to_owned(),
            Kind::Bool => "false".to_owned(),
            Kind::Number(keywords) => within(keywords),
            Kind::Text => "\"\"".to_owned(),
            Kind::Char => "\"a\"".to_owned(),
            Kind::Array(_) => "[]".to_owned(),
            Kind::Map(_) => "{}".to_owned(),
            Kind::Tuple(items) => {
                let items: Option<Vec<String>> = items.iter().map(|schema| self.of(root, schema)).collect();
                format!("[{}]", items?.join(","))
            }
            Kind::Struct(fields) => {
                let properties = fields.properties.iter().filter(|(name, _)| fields.required.contains(name));
                let members: Option<Vec<String>> =
                    properties.map(|(name, schema)| Some(member(name, &self.of(root, schema)?))).collect();
                format!("{{{}}}", members?.join(","))
            }
            Kind::Enum(variants) => match variants.iter().find(|(_, content)| content.is_none()) {
                Some((name, _)) => Value::from(*name).to_string(),
                None => variants.iter().find_map(|(name, content)| {
                    let content = self.of(root, (*content)?)?;
                    Some(format!("{{{}}}", member(name, &content)))
                })?,
            },
            Kind::Other => return None,
        })
    }
}

/// A property of an object.
pub(super) fn member(name: &str, value: &str) -> String {
    format!("{}:{value}", Value::from(name))
}

//! Random values: most of them fit a schema, or nearly.

use serde_json::{Map, Value, json};

use super::Random;
use super::close::UNNAMED;
use super::schemas::{NAMES, WORDS};

/// Draws values for a schema.
pub(crate) struct Values<'s> {
    pub(crate) root: &'s Value,
    /// One in how many decisions goes against the schema.
    pub(crate) fault_in: usize,
}

impl Values<'_> {
    pub(crate) fn draw(&self, random: &mut Random) -> Value {
        self.value(random, self.root, 0)
    }

    fn value(&self, random: &mut Random, schema: &Value, depth: usize) -> Value {
        let Some(keywords) = schema.as_object() else { return anything(random, depth) };
        if depth > 8 || random.one_in(self.fault_in) {
            return anything(random, depth);
        }
        // Any of the schemas that speak of the value, together with the properties of the others.
        let mut drawn = match self.own(random, keywords, depth) {
            Some(value) => value,
            None => Value::Null,
        };
        let mut beside: Vec<&Value> = Vec::new();
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            beside.extend(self.root.pointer(&reference[1..]));
        }
        for keyword in ["allOf", "then"] {
            match keywords.get(keyword) {
                Some(Value::Array(all)) => beside.extend(all),
                Some(schema) => beside.push(schema),
                None => {}
            }
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(branches) =
                keywords.get(keyword).and_then(Value::as_array).filter(|all| !all.is_empty())
            {
                beside.push(random.pick(branches));
                if random.one_in(3) {
                    beside.push(random.pick(branches));
                }
            }
        }
        let mut first = drawn.is_null();
        for schema in beside {
            let more = self.value(random, schema, depth + 1);
            match (&mut drawn, more) {
                (Value::Object(members), Value::Object(more)) => members.extend(more),
                (_, more) if first || random.one_in(4) => drawn = more,
                _ => {}
            }
            first = false;
        }
        drawn
    }

    /// The keywords that are not applicators.
    fn own(&self, random: &mut Random, keywords: &Map<String, Value>, depth: usize) -> Option<Value> {
        if let Some(value) = keywords.get("const") {
            return Some(value.clone());
        }
        if let Some(values) = keywords.get("enum").and_then(Value::as_array).filter(|all| !all.is_empty()) {
            return Some(random.pick(values).clone());
        }
        let kind = match keywords.get("type") {
            Some(Value::Array(kinds)) => random.pick(kinds).as_str(),
            Some(kind) => kind.as_str(),
            None if keywords.contains_key("properties") => Some("object"),
            None => None,
        };
        let count = |keyword: &str| keywords.get(keyword).and_then(Value::as_u64).map(|count| count as usize);
        Some(match kind? {
            "null" => Value::Null,
            "boolean" => json!(random.one_in(2)),
            kind @ ("integer" | "number") => number(random, keywords, kind == "integer"),
            "string" => string(random, keywords),
            "array" => {
                let least = count("minItems").unwrap_or(0);
                let prefix = keywords.get("prefixItems").and_then(Value::as_array);
                let prefix_len = prefix.map_or(0, Vec::len);
                let most = count("maxItems").unwrap_or(least.max(prefix_len) + 2).max(least);
                let count = least + random.below(most - least + 1);
                let items = (0..count).map(|index| {
                    let schema =
                        prefix.and_then(|prefix| prefix.get(index)).or_else(|| keywords.get("items"));
                    self.value(random, schema.unwrap_or(&Value::Bool(true)), depth + 1)
                });
                Value::Array(items.collect())
            }
            "object" => self.object(random, keywords, depth),
            _ => return None,
        })
    }

    fn object(&self, random: &mut Random, keywords: &Map<String, Value>, depth: usize) -> Value {
        let mut members = Map::new();
        let required = keywords.get("required").and_then(Value::as_array);
        let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|other| other == name));
        for (name, schema) in keywords.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let wanted = if is_required(name) { !random.one_in(self.fault_in * 4) } else { random.one_in(2) };
            if wanted {
                members.insert(name.clone(), self.value(random, schema, depth + 1));
            }
        }
        let of_pattern = keywords.get("patternProperties").and_then(|all| all.as_object()?.values().next());
        let rest = keywords.get("additionalProperties");
        let named = *random.pick(&NAMES);
        for (name, schema) in
            [("7", of_pattern), ("-7", of_pattern), ("a", of_pattern), (named, rest), ("other", rest)]
        {
            if let Some(schema) = schema.filter(|schema| **schema != json!(false))
                && !members.contains_key(name)
                && random.one_in(2)
            {
                members.insert(name.to_owned(), self.value(random, schema, depth + 1));
            }
        }
        if random.one_in(8) {
            members.insert(UNNAMED.to_owned(), anything(random, depth));
        }
        if random.one_in(self.fault_in) {
            members.insert((*random.pick(&NAMES)).to_owned(), anything(random, depth));
        }
        members.into()
    }
}

fn number(random: &mut Random, keywords: &Map<String, Value>, integer: bool) -> Value {
    let limits = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
    let limits: Vec<&serde_json::Number> =
        limits.iter().filter_map(|keyword| keywords.get(*keyword)?.as_number()).collect();
    let by = random.below(5) as i64 - 2;
    if limits.is_empty() {
        return if integer { json!(by) } else { json!(by as f64 / 2.0) };
    }
    let limit = *random.pick(&limits);
    match (limit.as_i64(), integer) {
        (Some(int), true) => json!(int + by),
        (Some(int), false) => json!(int as f64 + by as f64 / 2.0),
        (None, _) => json!(limit.as_f64().unwrap_or(0.0) + by as f64 / 2.0),
    }
}

fn string(random: &mut Random, keywords: &Map<String, Value>) -> Value {
    let known = match (keywords.get("format"), keywords.get("pattern")) {
        (Some(format), _) if format == "ipv4" => Some("127.0.0.1"),
        (Some(format), _) if format == "date" => Some("2026-02-03"),
        (Some(_), _) => Some("67e55044-10b1-426f-9247-bb680e5fe0c8"),
        (None, Some(_)) => Some(*random.pick(&["x", "xz", "z", "xyz", "az"])),
        (None, None) => None,
    };
    if let Some(text) = known {
        return json!(text);
    }
    let least = keywords.get("minLength").and_then(Value::as_u64).unwrap_or(0) as usize;
    let most = keywords.get("maxLength").and_then(Value::as_u64).map_or(least + 3, |most| most as usize);
    let length = least + random.below(most.saturating_sub(least) + 1);
    let letters: String = (0..length).map(|_| *random.pick(&['x', 'z', 'ä', '7'])).collect();
    if random.one_in(4) { json!(random.pick(&WORDS)) } else { json!(letters) }
}

fn anything(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth > 4 { 7 } else { 10 }) {
        0 => Value::Null,
        1 => json!(random.one_in(2)),
        2 => json!(random.below(9) as i64 - 4),
        3 => json!(random.below(9) as f64 / 2.0),
        4 | 5 => json!(random.pick(&WORDS)),
        6 => json!(9_007_199_254_740_991_u64 + random.below(4) as u64),
        7 => (0..random.below(3)).map(|_| anything(random, depth + 1)).collect(),
        _ => {
            let names = super::schemas::some(random, &NAMES);
            names
                .into_iter()
                .map(|name| (name.to_owned(), anything(random, depth + 1)))
                .collect::<Map<_, _>>()
                .into()
        }
    }
}

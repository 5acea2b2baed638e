//! Values generated from a schema: just inside and just outside each of its constraints.

use serde_json::{Map, Number, Value, json};

use crate::contract::schema::walk::resolve;

/// A small deterministic generator (SplitMix64).
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }
}

/// Makes values for the schemas of one document; about one in `fault_in` subschemas is given a value that it may not take.
pub(super) struct Sampler<'s> {
    pub(super) root: &'s Value,
    pub(super) random: Random,
    pub(super) fault_in: usize,
}

impl Sampler<'_> {
    pub(super) fn value(&mut self, schema: &Value, depth: usize) -> Value {
        let Some(keywords) = schema.as_object() else { return self.anything() };
        let fault = self.random.one_in(self.fault_in);
        if fault && self.random.one_in(3) {
            return self.anything();
        }
        if let Some(constant) = keywords.get("const") {
            return if fault { json!("Fixed") } else { constant.clone() };
        }
        if let Some(values) = keywords.get("enum").and_then(Value::as_array) {
            return if fault { json!("three") } else { self.random.pick(values) };
        }
        let mut value = match keywords.get("type") {
            Some(Value::Array(names)) => {
                let name = self.random.pick(names);
                self.of_type(name.as_str().unwrap(), keywords, depth, fault)
            }
            Some(name) => self.of_type(name.as_str().unwrap(), keywords, depth, fault),
            None => Value::Null,
        };
        for combined in ["oneOf", "anyOf"] {
            if let Some(branches) = keywords.get(combined).and_then(Value::as_array) {
                // Deep down, the last: the null of an optional.
                let branch =
                    if depth > 5 { branches.last().unwrap().clone() } else { self.random.pick(branches) };
                // The formats of an IP address stand in such branches, beside the type.
                let branch = if keywords.contains_key("type") { with_type(branch, keywords) } else { branch };
                value = merge(value, self.value(&branch, depth + 1));
            }
        }
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            let target = resolve(self.root, reference).expect("a definition").clone();
            value = merge(value, self.value(&target, depth + 1));
        }
        value
    }

    fn of_type(&mut self, name: &str, keywords: &Map<String, Value>, depth: usize, fault: bool) -> Value {
        match name {
            "null" => Value::Null,
            "boolean" => json!(self.random.one_in(2)),
            "integer" => self.number(keywords, fault, true),
            "number" => self.number(keywords, fault, false),
            "string" => json!(self.string(keywords, fault)),
            "array" => self.array(keywords, depth, fault),
            _ => self.object(keywords, depth, fault),
        }
    }

    fn number(&mut self, keywords: &Map<String, Value>, fault: bool, is_integer: bool) -> Value {
        let bound = |keyword: &str| keywords.get(keyword).and_then(Value::as_number);
        let step = |number: &Number, by: i64| match number.as_i128() {
            Some(n) => integer(n + i128::from(by)),
            None => json!(number.as_f64().unwrap() + by as f64 / 8.0),
        };
        let mut inside = Vec::new();
        let mut outside = vec![json!("1"), json!(null), json!(1e300), json!(-1e300)];
        for (keyword, inwards) in
            [("minimum", 1), ("maximum", -1), ("exclusiveMinimum", 1), ("exclusiveMaximum", -1)]
        {
            if let Some(number) = bound(keyword) {
                inside.extend([step(number, inwards), step(number, 2 * inwards)]);
                outside.push(step(number, -inwards));
                if keyword.starts_with("exclusive") { &mut outside } else { &mut inside }
                    .push(Value::Number(number.clone()));
            }
        }
        if let Some(number) = bound("multipleOf") {
            inside = vec![json!(0), step(number, 0), json!(number.as_f64().unwrap() * 3.0)];
            outside.extend([step(number, 1), json!(0.1)]);
        }
        if is_integer {
            outside.extend([json!(1.5), json!(-0.25), json!(1e-300)]);
            inside.extend([json!(1), json!(1.0), json!(5.0), json!(2e0)]);
        } else {
            inside.extend([json!(1), json!(0.75), json!(1.5)]);
        }
        if keywords.contains_key("not") || bound("minimum").is_some_and(|n| n.as_i64() == Some(1)) {
            outside.extend([json!(0), json!(0.0), json!(-0.0)]);
        }
        if !fault {
            let at_least = |keyword: &str| bound(keyword).and_then(Number::as_f64);
            let (min, max) = (at_least("minimum"), at_least("maximum"));
            let fits =
                |value: &f64| min.is_none_or(|min| min <= *value) && max.is_none_or(|max| *value <= max);
            inside.retain(|value| value.as_f64().is_some_and(|value| fits(&value)));
        }
        self.random.pick(if fault { &outside } else { &inside })
    }

    fn string(&mut self, keywords: &Map<String, Value>, fault: bool) -> String {
        let said = |keyword: &str| keywords.get(keyword).and_then(Value::as_str);
        let (inside, outside): (&[&str], &[&str]) = match (said("pattern"), said("format")) {
            (Some(_), _) => {
                (&["AB1", "ZZ007", "QX1234567890"], &["AB", "ab1", "AB1 ", "xAB1", "AB1\n", "AB١"])
            }
            (_, Some("email")) => (&["a@b.example", "x.y+z@example.com"], &["a", "@", "a@", "a b@c.de"]),
            (_, Some("uri")) => {
                (&["https://a.example/b?c#d", "mailto:a@b.example"], &["a", "//a", "http://a b"])
            }
            (_, Some("date-time")) => {
                (&["2026-11-24T20:03:57Z"], &["2026-13-24T20:03:57Z", "2026-11-24", "now"])
            }
            (_, Some("ipv4")) => {
                (&["127.0.0.1", "255.255.255.255"], &["256.0.0.1", "1.2.3", "01.2.3.4", " 1.2.3.4"])
            }
            (_, Some("ipv6")) => {
                (&["::1", "fe80::1:2", "::ffff:1.2.3.4"], &[":1", "1::2::3", "fe80::1%eth0", "[::1]"])
            }
            _ => (&[], &[]),
        };
        if !inside.is_empty() {
            return self.random.pick(if fault { outside } else { inside }).to_owned();
        }
        let length = |keyword: &str, absent: u64| {
            keywords.get(keyword).and_then(Value::as_u64).unwrap_or(absent) as usize
        };
        let (min, max) = (length("minLength", 0), length("maxLength", 20));
        let count = match fault {
            true => self.random.pick(&[min.saturating_sub(1), max + 1, max + 40]),
            false => self.random.pick(&[min, (min + 1).min(max), max.saturating_sub(1).max(min), max]),
        };
        (0..count).map(|_| self.random.pick(&['a', 'é', '🦀', '"', '\n', ' '])).collect()
    }

    fn array(&mut self, keywords: &Map<String, Value>, depth: usize, fault: bool) -> Value {
        let length = |keyword: &str, absent: u64| {
            keywords.get(keyword).and_then(Value::as_u64).unwrap_or(absent) as usize
        };
        let (min, max) = (length("minItems", 0), length("maxItems", 3));
        let count = match fault {
            true => self.random.pick(&[min.saturating_sub(1), max + 1]),
            false if depth > 4 => min,
            false => self.random.pick(&[min, (min + 1).min(max), max]),
        };
        let prefix = keywords.get("prefixItems").and_then(Value::as_array);
        let items = keywords.get("items").cloned().unwrap_or(Value::Bool(true));
        let mut values: Vec<Value> = Vec::new();
        for index in 0..count {
            let schema = prefix.and_then(|prefix| prefix.get(index)).unwrap_or(&items).clone();
            let value = self.value(&schema, depth + 1);
            let repeats = keywords.contains_key("uniqueItems") && values.contains(&value);
            if fault || !repeats {
                values.push(value);
            }
        }
        Value::Array(values)
    }

    fn object(&mut self, keywords: &Map<String, Value>, depth: usize, fault: bool) -> Value {
        let mut members = Map::new();
        let required = keywords.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        for (name, schema) in keywords.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let present = if required.contains(&json!(name)) {
                !(fault && self.random.one_in(3))
            } else {
                self.random.one_in(2)
            };
            if present {
                members.insert(name.clone(), self.value(schema, depth + 1));
            }
        }
        for (pattern, schema) in
            keywords.get("patternProperties").and_then(Value::as_object).into_iter().flatten()
        {
            // No keys beyond the range of the type: the schema does not know it. See the module's documentation.
            let name = match fault {
                true => self.random.pick(&["01", "x", "", "1.0", "+1", " 1", "--1", "-0"]),
                false if pattern.contains('-') => self.random.pick(&["0", "7", "-12"]),
                false => self.random.pick(&["0", "10", "999"]),
            };
            members.insert(name.to_owned(), self.value(schema, depth + 1));
        }
        match keywords.get("additionalProperties") {
            Some(schema @ Value::Object(_)) => {
                for name in ["k", "another key"].iter().take(self.random.below(3)) {
                    members.insert((*name).to_owned(), self.value(schema, depth + 1));
                }
            }
            // Ignored where they are not refused.
            _ if self.random.one_in(if fault { 2 } else { 12 })
                && (fault || !keywords.contains_key("additionalProperties")) =>
            {
                members.insert("extra".to_owned(), self.anything());
            }
            _ => {}
        }
        if fault && self.random.one_in(4) {
            // What serde alone would take for a struct.
            return Value::Array(members.into_iter().map(|(_, value)| value).collect());
        }
        Value::Object(members)
    }

    fn anything(&mut self) -> Value {
        self.random.pick(&[
            json!(null),
            json!(true),
            json!(0),
            json!(-1),
            json!(1.5),
            json!(3.0),
            json!(256),
            json!(""),
            json!("unit"),
            json!("A"),
            json!([]),
            json!([1, 2]),
            json!({}),
            json!({"A": null}),
            json!({"unit": null}),
            json!({"n": 1}),
            json!({"kind": "unit"}),
            json!({"kind": "none"}),
            json!({"t": "New"}),
            json!({"c": {"n": 1}, "t": "New"}),
            json!({"new": {"n": 1}, "unit": null}),
            json!("127.0.0.1"),
            json!({"secs": 1, "nanos": 5}),
            json!({"pair": [1]}),
        ])
    }
}

/// Beyond 64 bits clearly so: validators see a rounded number, our deserializer the exact one.
fn integer(n: i128) -> Value {
    match (i64::try_from(n), u64::try_from(n)) {
        (Ok(n), _) => json!(n),
        (_, Ok(n)) => json!(n),
        _ => json!(n as f64 * 1.01),
    }
}

fn with_type(mut branch: Value, keywords: &Map<String, Value>) -> Value {
    if let Some(branch) = branch.as_object_mut() {
        branch.entry("type").or_insert_with(|| keywords["type"].clone());
    }
    branch
}

/// Objects from two subschemas of one value become one object.
fn merge(a: Value, b: Value) -> Value {
    match (a, b) {
        (Value::Object(mut a), Value::Object(b)) => {
            a.extend(b);
            Value::Object(a)
        }
        (_, b) => b,
    }
}

//! How schemas are generated: JSON Schema 2020-12 by schemars, completed with everything that deserialization
//! enforces.

use std::collections::{BTreeMap, BTreeSet};

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Number, Value};
use zocket_contract::reference::{definition_name, each_reference};

use crate::wire::json::LARGEST_F32;

/// The schemas of one contract: what clients send is described as it is read, what they receive as it is written, and both
/// share their definitions.
pub(crate) struct Schemas {
    integers: Integers,
    inbound: SchemaGenerator,
    outbound: SchemaGenerator,
}

/// Which integers the types of 64 bits and more stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Integers {
    /// All of the type's.
    #[default]
    All,
    /// Those that a double has exactly, and no other number is rounded to (RFC 7493, section 2.2).
    Safe,
}

impl Schemas {
    /// No schemas yet.
    pub(crate) fn new(integers: Integers) -> Self {
        let settings = || settings(integers);
        Self {
            integers,
            inbound: settings().for_deserialize().into_generator(),
            outbound: settings().for_serialize().into_generator(),
        }
    }

    /// The schema of what clients send as a `T`. It refers to the definitions that [`Schemas::finish`]
    /// returns.
    pub(crate) fn inbound<T: JsonSchema>(&mut self) -> Value {
        settled(self.inbound.subschema_for::<T>(), self.integers)
    }

    /// The schema of what clients receive as a `T`. It refers to the definitions that [`Schemas::finish`] returns, and must
    /// be passed to it.
    pub(crate) fn outbound<T: JsonSchema>(&mut self) -> Value {
        settled(self.outbound.subschema_for::<T>(), self.integers)
    }

    /// The definitions of all schemas, by name. A type that is written differently from how it is read has two, the
    /// second with `Output` appended to its name: the schemas in `outbound`, which must be all that [`Schemas::outbound`]
    /// returned, are changed to refer to those.
    pub(crate) fn finish<'v>(
        mut self,
        outbound: impl IntoIterator<Item = &'v mut Value>,
    ) -> Map<String, Value> {
        let mut definitions = take_definitions(&mut self.inbound);
        let written = take_definitions(&mut self.outbound);
        let renamed = names_of_differing(&definitions, &written);
        for (name, mut schema) in written {
            rename_references(&mut schema, &renamed);
            definitions.insert(renamed.get(&name).cloned().unwrap_or(name), schema);
        }
        outbound.into_iter().for_each(|schema| rename_references(schema, &renamed));
        definitions
    }
}

fn settings(integers: Integers) -> SchemaSettings {
    SchemaSettings::draft2020_12().with_transform(RecursiveTransform(Settle(integers)))
}

fn settled(mut schema: Schema, integers: Integers) -> Value {
    RecursiveTransform(Settle(integers)).transform(&mut schema);
    schema.to_value()
}

/// Whether a schema has integers that [`Integers::Safe`] bounds.
pub(crate) fn has_wide_integers(schema: &Value) -> bool {
    let is_wide = |format: &Value| format.as_str().is_some_and(is_wide);
    match schema {
        Value::Object(keywords) => {
            keywords.get("format").is_some_and(is_wide) || keywords.values().any(has_wide_integers)
        }
        Value::Array(items) => items.iter().any(has_wide_integers),
        _ => false,
    }
}

fn is_wide(format: &str) -> bool {
    matches!(format, "int64" | "uint64" | "int" | "uint" | "int128" | "uint128")
}

fn take_definitions(generator: &mut SchemaGenerator) -> Map<String, Value> {
    let mut definitions = generator.take_definitions(true);
    for (name, schema) in &mut definitions {
        close_std_struct(name, schema);
    }
    definitions
}

/// Adds to one schema, not to its subschemas, what its type enforces and schemars omits.
#[derive(Clone, Copy)]
struct Settle(Integers);

impl Transform for Settle {
    fn transform(&mut self, schema: &mut Schema) {
        settle(schema, self.0);
    }
}

fn settle(schema: &mut Schema, integers: Integers) {
    let Some(keywords) = schema.as_object_mut() else { return };
    if let Some(Value::String(format)) = keywords.get("format") {
        if let Some(range) = Range::of_format(format) {
            let is_bounded = integers == Integers::Safe && is_wide(format);
            let range = if is_bounded { range.safe() } else { range };
            range.narrow(keywords);
        } else if let Some(pattern) = pattern_of_local_time(format) {
            // No formats of JSON Schema, so nobody would check them, and validators in strict mode refuse them.
            keywords.remove("format");
            keywords.entry("pattern").or_insert(pattern.into());
        } else if format == "ip" {
            // Not a format of JSON Schema, so nothing would check it.
            keywords.remove("format");
            keywords.insert("anyOf".into(), serde_json::json!([{"format": "ipv4"}, {"format": "ipv6"}]));
        }
    }
    if let Some(Value::String(pattern)) = keywords.get_mut("pattern") {
        // A decimal number as schemars has it: it leaves out the exponents with a sign, which the type reads as well.
        if pattern == r"^-?\d+(\.\d+)?([eE]\d+)?$" {
            *pattern = DECIMAL.into();
        }
    }
    if let Some(Value::Object(patterns)) = keywords.get_mut("patternProperties") {
        // Integers as property names: the deserializer does not accept leading zeros or `-0`.
        for (loose, strict) in [(r"^\d+$", UNSIGNED_KEY), (r"^-?\d+$", SIGNED_KEY)] {
            if let Some(schema) = patterns.remove(loose) {
                patterns.insert(strict.into(), schema);
            }
        }
    }
    if let Some(Value::Array(branches)) = keywords.get_mut("oneOf") {
        close_std_enum(branches);
    }
}

/// Decimal numbers as text: JSON's, with a plus and leading zeros as well. `rust_decimal` also reads `1_000`, `.5` and `5.`, which other
/// languages may not, so these are refused.
const DECIMAL: &str = "^[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$";

/// What dates with times and times without a zone look like, by the names that schemars gives their formats.
fn pattern_of_local_time(format: &str) -> Option<String> {
    // Years beyond four digits have a sign (ISO 8601); a second may be a leap second.
    const DATE: &str = "([0-9]{4}|[+-][0-9]{4,6})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
    const TIME: &str = "([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]{1,9})?";
    match format {
        "partial-date-time" => Some(format!("^{DATE}T{TIME}$")),
        "partial-time" => Some(format!("^{TIME}$")),
        _ => None,
    }
}

/// Property names that are unsigned integers.
pub(super) const UNSIGNED_KEY: &str = "^(0|[1-9][0-9]*)$";
/// Property names that are signed integers.
pub(super) const SIGNED_KEY: &str = "^(0|-?[1-9][0-9]*)$";

/// The range of a numeric type, by the `format` that schemars gives it.
pub(super) struct Range {
    pub(super) minimum: Option<Number>,
    pub(super) maximum: Option<Number>,
    /// For the one type whose maximum no available JSON number can express.
    pub(super) exclusive_maximum: Option<Number>,
}

impl Range {
    /// The range of a numeric format; `None` for other names.
    pub(super) fn of_format(format: &str) -> Option<Self> {
        let inclusive = |minimum: Number, maximum: Number| Self {
            minimum: Some(minimum),
            maximum: Some(maximum),
            exclusive_maximum: None,
        };
        let wide = |minimum: f64, end: f64| Self {
            minimum: Number::from_f64(minimum),
            maximum: None,
            exclusive_maximum: Number::from_f64(end),
        };
        Some(match format {
            "int8" => inclusive(i8::MIN.into(), i8::MAX.into()),
            "int16" => inclusive(i16::MIN.into(), i16::MAX.into()),
            "int32" => inclusive(i32::MIN.into(), i32::MAX.into()),
            "int64" => inclusive(i64::MIN.into(), i64::MAX.into()),
            "int" => inclusive(isize::MIN.into(), isize::MAX.into()),
            "int128" => wide(-(2_f64.powi(127)), 2_f64.powi(127)),
            "uint8" => inclusive(0.into(), u8::MAX.into()),
            "uint16" => inclusive(0.into(), u16::MAX.into()),
            "uint32" => inclusive(0.into(), u32::MAX.into()),
            "uint64" => inclusive(0.into(), u64::MAX.into()),
            "uint" => inclusive(0.into(), usize::MAX.into()),
            "uint128" => Self { minimum: Some(0.into()), ..wide(0.0, 2_f64.powi(128)) },
            "float" => Self {
                minimum: Number::from_f64(-LARGEST_F32),
                maximum: Number::from_f64(LARGEST_F32),
                exclusive_maximum: None,
            },
            "double" => Self { minimum: None, maximum: None, exclusive_maximum: None },
            _ => return None,
        })
    }

    /// The part of a wide type's range that [`Integers::Safe`] leaves.
    fn safe(self) -> Self {
        const MAX: i64 = (1 << 53) - 1;
        let minimum = self.minimum.filter(|own| less(&(-MAX).into(), own)).unwrap_or((-MAX).into());
        Self { minimum: Some(minimum), maximum: Some(MAX.into()), exclusive_maximum: None }
    }

    /// Bounds the schema by this range, unless it is already narrower.
    fn narrow(self, keywords: &mut Map<String, Value>) {
        let bounds = [
            ("minimum", self.minimum, false),
            ("maximum", self.maximum, true),
            ("exclusiveMaximum", self.exclusive_maximum, true),
        ];
        for (keyword, own, is_upper) in bounds {
            let Some(own) = own else { continue };
            let narrower = match keywords.get(keyword) {
                Some(Value::Number(said)) if is_upper => less(said, &own),
                Some(Value::Number(said)) => less(&own, said),
                _ => false,
            };
            if !narrower {
                keywords.insert(keyword.into(), own.into());
            }
        }
    }
}

fn less(a: &Number, b: &Number) -> bool {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a < b,
        _ => a.as_f64() < b.as_f64(),
    }
}

/// `Result` and `Bound`: schemars allows further properties besides the one that names the variant, serde does not.
fn close_std_enum(branches: &mut [Value]) {
    let names: Vec<Option<String>> = branches.iter().map(sole_property).collect();
    let names: Vec<Option<&str>> = names.iter().map(Option::as_deref).collect();
    if matches!(names[..], [Some("Ok"), Some("Err")] | [Some("Included"), Some("Excluded"), None]) {
        for keywords in branches.iter_mut().filter_map(Value::as_object_mut) {
            if keywords.contains_key("properties") {
                keywords.insert("additionalProperties".into(), false.into());
            }
        }
    }
}

fn sole_property(branch: &Value) -> Option<String> {
    let properties = branch.get("properties")?.as_object().filter(|properties| properties.len() == 1)?;
    properties.keys().next().cloned()
}

/// `Duration`, `SystemTime` and `Range`: as above. serde carries excess nanoseconds over into seconds, which fails on
/// overflow; with less than a second of them it cannot.
fn close_std_struct(name: &str, schema: &mut Value) {
    let fields: &[&str] = match name {
        "Duration" => &["secs", "nanos"],
        "SystemTime" => &["secs_since_epoch", "nanos_since_epoch"],
        _ if name.starts_with("Range_of_") => &["start", "end"],
        _ => return,
    };
    let Some(keywords) = schema.as_object_mut() else { return };
    let is_std =
        keywords.get("required").and_then(Value::as_array).is_some_and(|required| required == fields)
            && keywords.keys().all(|keyword| matches!(keyword.as_str(), "type" | "properties" | "required"));
    if !is_std {
        return;
    }
    keywords.insert("additionalProperties".into(), false.into());
    let Some(properties) = keywords.get_mut("properties") else { return };
    // The standard library represents a point in time as a signed number of seconds.
    let limits = [("nanos", 999_999_999), ("nanos_since_epoch", 999_999_999), ("secs_since_epoch", i64::MAX)];
    for (field, maximum) in limits {
        let Some(field) = properties.get_mut(field) else { continue };
        if field["maximum"].as_i64().is_none_or(|own| own > maximum) {
            field["maximum"] = maximum.into();
        }
    }
}

/// New names for the outbound definitions that differ from the inbound ones of the same name, directly or in anything
/// that they refer to.
fn names_of_differing(read: &Map<String, Value>, written: &Map<String, Value>) -> BTreeMap<String, String> {
    let both = || written.iter().filter(|(name, _)| read.contains_key(*name));
    let mut differing: BTreeSet<&str> =
        both().filter(|(name, schema)| read[*name] != **schema).map(|(name, _)| name.as_str()).collect();
    loop {
        let before = differing.len();
        for (name, schema) in both() {
            let mut refers = false;
            each_reference(schema, &mut |to| refers |= differing.contains(to));
            if refers {
                differing.insert(name);
            }
        }
        if differing.len() == before {
            break;
        }
    }
    let taken = |name: &str| read.contains_key(name) || written.contains_key(name);
    let fresh = |name: &str| {
        let candidates =
            std::iter::once(format!("{name}Output")).chain((2..).map(|n| format!("{name}Output{n}")));
        candidates.into_iter().find(|candidate| !taken(candidate))
    };
    differing.into_iter().filter_map(|name| Some((name.to_owned(), fresh(name)?))).collect()
}

fn rename_references(schema: &mut Value, renamed: &BTreeMap<String, String>) {
    match schema {
        Value::Object(keywords) => {
            if let Some(Value::String(reference)) = keywords.get_mut("$ref")
                && let Some(name) = definition_name(reference)
                && renamed.contains_key(&name)
            {
                // The suffix needs no escaping, so the old name's encoding carries over.
                let suffix = &renamed[&name][name.len()..];
                reference.push_str(suffix);
            }
            keywords.values_mut().for_each(|value| rename_references(value, renamed));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename_references(item, renamed)),
        _ => {}
    }
}

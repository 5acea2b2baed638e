//! The schemas of single messages, each self-contained.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::{Map, Value, json};

use crate::document::{Contract, Direction, Route};
use crate::keywords::{is_prose, replace_schemas};
use crate::naming::{Keys, is_known_format, is_plain, titled};
use crate::reference::{definition_name, definition_reference, needed_definitions};

/// The dialect of all schemas in a contract.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The part of a route that a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part<'a> {
    /// What a call carries.
    Payload,
    /// What the reply to a call carries.
    Reply,
    /// The data that comes with an error code.
    Error(&'a str),
    /// What an event carries.
    Event,
}

impl<'a> Part<'a> {
    /// Reads a part as [`Display`](fmt::Display) writes it: `payload`, `reply`, `errors/SOLD_OUT` or `event`.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        Some(match text {
            "payload" => Self::Payload,
            "reply" => Self::Reply,
            "event" => Self::Event,
            _ => Self::Error(text.strip_prefix("errors/")?),
        })
    }

    /// The direction of a route that has such a part.
    #[must_use]
    pub fn direction(self) -> Direction {
        if self == Self::Event { Direction::Outgoing } else { Direction::Incoming }
    }
}

impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Payload => f.write_str("payload"),
            Self::Reply => f.write_str("reply"),
            Self::Error(code) => write!(f, "errors/{code}"),
            Self::Event => f.write_str("event"),
        }
    }
}

/// The name of one of a contract's schemas. As text it is a path: `stock.orderNow/payload`, `stock.orderNow/errors/SOLD_OUT`,
/// `stock.changed/event`, or `headers`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SchemaName<'a> {
    /// The handshake's headers.
    Headers,
    /// A part of a route.
    Message {
        /// The route's name.
        route: &'a str,
        /// Which part of it.
        part: Part<'a>,
    },
}

impl<'a> SchemaName<'a> {
    /// Reads a name as [`Display`](fmt::Display) writes it. It does not have to be in any contract.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        if text == "headers" {
            return Some(Self::Headers);
        }
        // A route's name may contain slashes, and so may a code: the part is the last suffix that reads as one, and a
        // code begins at the first `errors/`.
        let (route, part) = match text.split_once("/errors/") {
            Some((route, code)) => (route, Part::Error(code)),
            None => text.rsplit_once('/').and_then(|(route, part)| Some((route, Part::parse(part)?)))?,
        };
        Some(Self::Message { route, part })
    }
}

impl fmt::Display for SchemaName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Headers => f.write_str("headers"),
            Self::Message { route, part } => write!(f, "{route}/{part}"),
        }
    }
}

/// # Self-contained schemas
impl Contract {
    /// The names of all schemas that [`schema`](Self::schema) returns: the headers first, then the parts of each route
    /// in the order of [`routes`](Self::routes).
    pub fn schema_names(&self) -> impl Iterator<Item = SchemaName<'_>> {
        let headers = self.headers().map(|_| SchemaName::Headers);
        headers.into_iter().chain(self.routes().flat_map(|route| {
            parts(route).into_iter().map(move |part| SchemaName::Message { route: route.name(), part })
        }))
    }

    /// One schema of the contract, self-contained: JSON Schema 2020-12 with `$schema`, a `title`, and the
    /// definitions that it needs. `None` if the contract has no such schema.
    ///
    /// Each type in it has a `title`: the definition's name, and behind a dot what lies in it (`Payment.Card`), so that
    /// generators have a name that stays. Definitions whose names would need escaping in a reference have others here, and
    /// formats of Rust's numbers that validators do not know are left out, as their bounds stand beside them.
    ///
    /// It is what the server enforces (payloads, headers) or promises (all others), for validators such as ajv and for
    /// generators. It has no `$id`, since tools resolve `#/$defs/…` against an `$id` in different ways; it is identified
    /// by where it came from.
    ///
    /// ```
    /// use zocket_contract::{Contract, Part, SchemaName};
    ///
    /// # fn check(contract: &Contract) {
    /// let schema = contract.schema_of("stock.orderNow", Part::Payload);
    /// // The same, by its name.
    /// let name = SchemaName::parse("stock.orderNow/payload").unwrap();
    /// assert_eq!(contract.schema(name), schema);
    /// # }
    /// ```
    #[must_use]
    pub fn schema(&self, name: SchemaName<'_>) -> Option<Value> {
        self.enforced_schema(name).map(readable)
    }

    /// The same, word for word as the contract has it: with the formats that say which numbers of Rust are meant.
    pub(crate) fn enforced_schema(&self, name: SchemaName<'_>) -> Option<Value> {
        match name {
            SchemaName::Headers => Some(self.alone(self.headers()?, "headers".into())),
            SchemaName::Message { route, part } => self.enforced_schema_of(route, part),
        }
    }

    /// The schema of a part of a route, as [`schema`](Self::schema) describes it.
    #[must_use]
    pub fn schema_of(&self, route: &str, part: Part<'_>) -> Option<Value> {
        self.enforced_schema_of(route, part).map(readable)
    }

    /// The schema of a part of a route, word for word as the contract has it.
    #[doc(hidden)]
    #[must_use]
    pub fn enforced_schema_of(&self, route: &str, part: Part<'_>) -> Option<Value> {
        let found = self.route(route, part.direction())?;
        let schema = match part {
            Part::Payload | Part::Event => found.payload()?.clone(),
            Part::Reply => found.reply()?.clone(),
            Part::Error(code) => error_data(found, code)?,
        };
        let title = match part {
            Part::Error(code) => format!("{route} {code}"),
            part => format!("{route} {part}"),
        };
        Some(self.alone(&schema, title))
    }

    fn alone(&self, schema: &Value, title: String) -> Value {
        let root = self.opened(schema);
        let definitions = needed_definitions(&root, self.definitions());
        let mut alone = match root {
            Value::Object(keywords) => keywords,
            Value::Bool(false) => Map::from_iter([("not".to_owned(), json!({}))]),
            // `true`: anything goes.
            _ => Map::new(),
        };
        alone.entry("title").or_insert(title.into());
        alone.insert("$schema".into(), DIALECT.into());
        if !definitions.is_empty() {
            alone.insert("$defs".into(), definitions.into());
        }
        let mut alone = Value::Object(alone);
        alone.sort_all_objects();
        alone
    }

    /// A schema that only refers to a definition becomes that definition, so that readers and generators see its type at
    /// the top; except if the definition is recursive and must be kept anyway.
    fn opened(&self, schema: &Value) -> Value {
        let mut schema = schema.clone();
        let mut opened = BTreeSet::new();
        while let Some((name, definition)) = self.only_reference(&schema) {
            let recurs = needed_definitions(definition, self.definitions()).contains_key(&name);
            if recurs || !opened.insert(name) {
                break;
            }
            let mut merged = definition.clone();
            if let (Value::Object(merged), Value::Object(said)) = (&mut merged, &schema) {
                // Annotations at the reference describe this use of the definition better.
                let said = said.iter().filter(|(keyword, _)| *keyword != "$ref");
                merged.extend(said.map(|(keyword, value)| (keyword.clone(), value.clone())));
            }
            schema = merged;
        }
        schema
    }

    fn only_reference(&self, schema: &Value) -> Option<(String, &Value)> {
        let keywords = schema.as_object()?;
        let name = keywords.get("$ref")?.as_str().and_then(definition_name)?;
        let is_alone =
            keywords.keys().all(|keyword| keyword == "$ref" || keyword == "default" || is_prose(keyword));
        let definition =
            self.definitions().get(&name).filter(|definition| is_alone && definition.is_object())?;
        Some((name, definition))
    }
}

fn parts(route: Route<'_>) -> Vec<Part<'_>> {
    let payload = match route.direction() {
        Direction::Incoming => Part::Payload,
        Direction::Outgoing => Part::Event,
    };
    let mut parts = Vec::new();
    parts.extend(route.payload().map(|_| payload));
    parts.extend(route.reply().map(|_| Part::Reply));
    for error in route.errors().filter(|error| error.data().is_some()) {
        let part = Part::Error(error.code());
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}

/// Makes a schema easy to read for validators and generators: no names that need escaping, no formats that validators in strict
/// mode refuse, and a title for each type in it.
fn readable(mut schema: Value) -> Value {
    let name = schema.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut renamed = BTreeMap::new();
    if let Some(Value::Object(definitions)) = schema.get_mut("$defs") {
        let mut keys = Keys::default();
        // Names that are fine stay as they are.
        definitions.keys().filter(|name| is_plain(name)).for_each(|name| drop(keys.make(name)));
        let others: Vec<String> = definitions.keys().filter(|name| !is_plain(name)).cloned().collect();
        for other in others {
            let key = keys.make(&other);
            if let Some(definition) = definitions.remove(&other) {
                definitions.insert(key.clone(), definition);
            }
            renamed.insert(other, key);
        }
        for (name, definition) in definitions {
            titled(definition, name);
        }
    }
    titled(&mut schema, &name);
    let mut schema = rewritten(&schema, &renamed);
    schema.sort_all_objects();
    schema
}

/// The schema with its references and formats made readable.
fn rewritten(schema: &Value, renamed: &BTreeMap<String, String>) -> Value {
    let Some(keywords) = schema.as_object() else { return schema.clone() };
    let mut written = Map::new();
    for (keyword, value) in keywords {
        let value = match (keyword.as_str(), value) {
            ("format", Value::String(format)) if !is_known_format(format) => continue,
            ("$ref", Value::String(reference)) => {
                let name = definition_name(reference).and_then(|name| renamed.get(&name));
                name.map_or_else(|| value.clone(), |name| definition_reference(name).into())
            }
            _ => replace_schemas(keyword, value, &mut |schema| rewritten(schema, renamed)),
        };
        written.insert(keyword.clone(), value);
    }
    written.into()
}

/// Two error types of one handler may use the same code with different data.
fn error_data(route: Route<'_>, code: &str) -> Option<Value> {
    let mut all: Vec<&Value> =
        route.errors().filter(|error| error.code() == code).filter_map(|error| error.data()).collect();
    all.dedup();
    match all[..] {
        [] => None,
        [only] => Some(only.clone()),
        _ => Some(json!({"anyOf": all})),
    }
}

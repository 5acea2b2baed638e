//! The schemas of single messages, each standing alone.

use std::{collections::BTreeSet, fmt};

use serde_json::{Map, Value, json};

use crate::keywords::is_prose;
use crate::reference::{definition_name, needed_definitions};
use crate::{Contract, Direction, Route};

/// The dialect of all schemas of a contract.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// What of a route a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part<'a> {
    /// What a call carries.
    Payload,
    /// What the reply to a call carries.
    Reply,
    /// The data that comes with a code that a call may be refused with.
    Error(&'a str),
    /// What a message carries that the server sends.
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

    /// Which way the route goes that has such a part.
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
    /// Reads a name as [`Display`](fmt::Display) writes it. It need not be in any contract.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        if text == "headers" {
            return Some(Self::Headers);
        }
        // A route's name may hold slashes, and so may a code: the part is the last that reads as one, and codes begin
        // where it says so first.
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

/// # Schemas that stand alone
impl Contract {
    /// The names of all schemas that [`schema`](Self::schema) gives: the headers first, then the parts of each route in
    /// the order of [`routes`](Self::routes).
    pub fn schema_names(&self) -> impl Iterator<Item = SchemaName<'_>> {
        let headers = self.headers().map(|_| SchemaName::Headers);
        headers.into_iter().chain(self.routes().flat_map(|route| {
            parts(route).into_iter().map(move |part| SchemaName::Message { route: route.name(), part })
        }))
    }

    /// One schema of the contract, self-contained: JSON Schema 2020-12 with `$schema`, a `title`, and those of the
    /// definitions that it needs. `None` where the contract has no such schema.
    ///
    /// It is what the server enforces (payloads, headers) or promises (all others), for validators such as ajv and for
    /// generators. It has no `$id`: it is known by where it was got from, and tools resolve `#/$defs/…` against an `$id`
    /// in different ways.
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
        match name {
            SchemaName::Headers => Some(self.alone(self.headers()?, "headers".into())),
            SchemaName::Message { route, part } => self.schema_of(route, part),
        }
    }

    /// The schema of a part of a route, as [`schema`](Self::schema) describes it.
    #[must_use]
    pub fn schema_of(&self, route: &str, part: Part<'_>) -> Option<Value> {
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

    /// A schema that only refers to a definition becomes that definition, so that readers and generators see what it is at
    /// its head; not where the definition refers back to itself and must be kept anyway.
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
                // What is said at the reference describes this use of the definition better.
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

/// Two error types of one handler may use the same code with other data.
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

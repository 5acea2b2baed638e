//! The contract document.

mod error;
mod hash;
mod parse;
mod route;
mod shape;

use std::{fmt, str::FromStr, sync::LazyLock};

use serde_json::{Map, Value};

pub use error::{ParseContractError, ParseContractErrorKind};
pub use route::{Direction, ErrorCode, Route};

/// The version of the document format that this crate reads and writes: the document's `format`.
pub const FORMAT: u64 = 1;

/// A router's contract with its clients, as one JSON document: routes, directions, payload, reply and error
/// schemas (JSON Schema 2020-12 with shared `$defs`), handshake headers, descriptions.
///
/// What the server enforces is exactly what this document says. It is deterministic: the same router gives the same
/// bytes, whatever features of `serde_json` the build enables.
#[derive(Clone, Debug, PartialEq)]
pub struct Contract(Value);

/// See [`hash`]: what of a schema goes over the wire.
pub(crate) fn wire_text(schema: &Value, definitions: &Map<String, Value>) -> String {
    hash::wire_text(schema, definitions)
}

impl Contract {
    /// Makes a contract from a document without `format` and `hash`, which are added.
    #[doc(hidden)]
    #[must_use]
    pub fn seal(mut document: Value) -> Self {
        document["format"] = FORMAT.into();
        document.sort_all_objects();
        document["hash"] = hash::of(&document).into();
        document.sort_all_objects();
        Self(document)
    }

    /// The JSON Schema of the document itself: 2020-12, with the `$id` `urn:zocket:contract:1`.
    ///
    /// It describes documents of this [`FORMAT`], and leaves the schemas in them to the meta-schema of JSON Schema.
    /// [`parse`](Self::parse) checks what it cannot express: that references resolve, that no route is repeated, and that
    /// the hash matches.
    #[must_use]
    pub fn meta_schema() -> &'static Value {
        shape::meta_schema()
    }

    /// The document.
    #[must_use]
    pub fn as_value(&self) -> &Value {
        &self.0
    }

    /// The document, indented for people and for version control.
    #[must_use]
    pub fn to_json(&self) -> String {
        format!("{:#}\n", self.0)
    }

    /// Identifies what goes over the wire: 32 hexadecimal digits. Contracts that differ only in descriptions,
    /// examples, deprecations, `x-` keywords, the router's name, the names of types or the order of fields have
    /// the same hash.
    #[must_use]
    pub fn hash(&self) -> &str {
        self.0["hash"].as_str().unwrap_or_default()
    }

    /// The version of the wire protocol, such as `0.1`.
    #[must_use]
    pub fn protocol(&self) -> &str {
        self.0["zocket"].as_str().unwrap_or_default()
    }

    /// The router module's name.
    #[must_use]
    pub fn router(&self) -> &str {
        self.0["router"].as_str().unwrap_or_default()
    }

    /// The router module's doc comment; empty if it has none.
    #[must_use]
    pub fn description(&self) -> &str {
        self.0["description"].as_str().unwrap_or_default()
    }

    /// The schema of the handshake's headers, which may refer to the [definitions](Self::definitions).
    #[must_use]
    pub fn headers(&self) -> Option<&Value> {
        self.0.get("headers")
    }

    /// The routes, sorted by name; for the same name, the one that clients call comes first.
    pub fn routes(&self) -> impl ExactSizeIterator<Item = Route<'_>> + Clone {
        self.0["routes"].as_array().map_or(&[][..], Vec::as_slice).iter().map(Route::new)
    }

    /// The route of this name and direction.
    #[must_use]
    pub fn route(&self, name: &str, direction: Direction) -> Option<Route<'_>> {
        self.routes().find(|route| route.name() == name && route.direction() == direction)
    }

    /// The schemas that others refer to, by name.
    #[must_use]
    pub fn definitions(&self) -> &Map<String, Value> {
        static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
        self.0["$defs"].as_object().unwrap_or(&NONE)
    }
}

/// The document on one line; with `{:#}`, formatted like [`Contract::to_json`], without the trailing newline.
impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Like [`Contract::parse`].
impl FromStr for Contract {
    type Err = ParseContractError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl serde::Serialize for Contract {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

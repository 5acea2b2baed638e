//! How a router's types tell the contract about themselves.

use schemars::JsonSchema;
use serde_json::{Map, Value};

use super::schema::Schemas;

/// Collects what one route is made of. Generated code fills it.
pub struct Describe {
    route: Described,
    errors: Errors,
}

/// The schemas of one route, references into the generators' definitions not resolved.
#[derive(Default)]
pub(crate) struct Described {
    pub(crate) payload: Option<Value>,
    pub(crate) reply: Option<Value>,
    pub(crate) errors: Vec<ErrorFacts>,
    pub(crate) keeps_handshake: bool,
}

/// One code that a handler answers with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ErrorFacts {
    pub(crate) code: String,
    pub(crate) description: String,
    pub(crate) deprecated: bool,
    pub(crate) data: Option<Value>,
}

/// The error codes of a handler.
pub struct Errors {
    /// Serves the whole contract: all of it shares its definitions.
    schemas: Schemas,
    found: Vec<ErrorFacts>,
}

impl Describe {
    pub(crate) fn new() -> Self {
        Self { route: Described::default(), errors: Errors { schemas: Schemas::new(), found: Vec::new() } }
    }

    /// The handler takes a payload of this type.
    pub fn payload<T: JsonSchema>(&mut self) {
        self.route.payload = Some(self.errors.schemas.inbound::<T>());
    }

    /// The handler replies with this type.
    pub fn reply<T: JsonSchema + 'static>(&mut self) {
        // A handler that returns nothing replies without a payload.
        if !is_unit::<T>() {
            self.route.reply = Some(self.errors.schemas.outbound::<T>());
        }
    }

    /// The connection must keep the handshake's HTTP parts.
    pub fn keep_handshake(&mut self) {
        self.route.keeps_handshake = true;
    }

    /// The handler's errors.
    pub fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }

    /// A message that the server sends.
    pub(crate) fn outgoing<T: JsonSchema>(&mut self) {
        self.route.payload = Some(self.errors.schemas.outbound::<T>());
    }

    /// Ends one route's description.
    pub(crate) fn take(&mut self) -> Described {
        let mut route = std::mem::take(&mut self.route);
        route.errors = std::mem::take(&mut self.errors.found);
        route
    }

    /// The definitions that all schemas so far refer to. `outbound` are those of what goes out: their references are made
    /// to name the right ones.
    pub(super) fn finish<'v>(self, outbound: impl IntoIterator<Item = &'v mut Value>) -> Map<String, Value> {
        self.errors.schemas.finish(outbound)
    }
}

pub(crate) fn is_unit<T: 'static>() -> bool {
    std::any::TypeId::of::<T>() == std::any::TypeId::of::<()>()
}

impl Errors {
    /// A code with data of this type.
    pub fn variant<T: JsonSchema>(&mut self, code: &'static str, docs: &'static str) -> Code<'_> {
        let data = self.schemas.outbound::<T>();
        self.push(code, docs, Some(data))
    }

    /// A code without data.
    pub fn bare(&mut self, code: &'static str, docs: &'static str) -> Code<'_> {
        self.push(code, docs, None)
    }

    /// The codes of another error type.
    pub fn inner<E: crate::handler::TypedError>(&mut self) {
        E::describe(self);
    }

    fn push(&mut self, code: &str, docs: &str, data: Option<Value>) -> Code<'_> {
        let (code, description) = (code.into(), docs.trim().into());
        self.found.push(ErrorFacts { code, description, deprecated: false, data });
        Code(self.found.last_mut())
    }
}

/// A code that was just described.
#[derive(Debug)]
pub struct Code<'e>(Option<&'e mut ErrorFacts>);

impl Code<'_> {
    /// Clients need not expect it for much longer.
    pub fn deprecated(self) {
        if let Some(facts) = self.0 {
            facts.deprecated = true;
        }
    }
}

impl std::fmt::Debug for Describe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Describe").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Errors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Errors").field("found", &self.found).finish_non_exhaustive()
    }
}

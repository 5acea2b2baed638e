//! How a router's types describe themselves to the contract.

use std::{any::TypeId, sync::Arc};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::schema::{Integers, Reads, Schemas, reads};

/// Collects the parts of one route. Generated code fills it.
pub struct Describe {
    route: Described,
    errors: Errors,
}

/// The schemas of one route, with unresolved references into the generators' definitions.
#[derive(Default)]
pub(crate) struct Described {
    pub(crate) payload: Option<Value>,
    /// Reads the payload of an incoming route for its type.
    pub(crate) reads: Option<Reads>,
    pub(crate) reply: Option<Value>,
    /// Replies are known to match the schema in `reply`.
    pub(crate) faithful_reply: bool,
    pub(crate) errors: Vec<ErrorFacts>,
    pub(crate) keeps_handshake: bool,
    pub(crate) keeps_payload: bool,
    /// The middleware on the way to the handler, once for each time that it is named.
    middleware: Vec<TypeId>,
}

impl Described {
    /// The middleware that is named more than once, and could run twice.
    pub(crate) fn shared_middleware(&self) -> Arc<[TypeId]> {
        let again = |at: usize| self.middleware[..at].contains(&self.middleware[at]);
        (0..self.middleware.len()).filter(|at| again(*at)).map(|at| self.middleware[at]).collect()
    }
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
    pub(crate) fn new(integers: Integers) -> Self {
        let errors = Errors { schemas: Schemas::new(integers), found: Vec::new() };
        Self { route: Described::default(), errors }
    }

    /// The handler takes a payload of this type.
    pub fn payload<T: JsonSchema + DeserializeOwned>(&mut self) {
        self.route.reads = Some(reads::<T>);
        self.route.payload = Some(self.errors.schemas.inbound::<T>());
    }

    /// The handler replies with this type.
    pub fn reply<T: JsonSchema + 'static>(&mut self) {
        // A handler that returns nothing replies without a payload.
        if !is_unit::<T>() {
            self.route.reply = Some(self.errors.schemas.outbound::<T>());
        }
    }

    /// The route runs the middleware `M`. Returns whether the middleware's own parts still have to be
    /// described.
    pub fn middleware<M: 'static>(&mut self) -> bool {
        let id = TypeId::of::<M>();
        let named = self.route.middleware.iter().filter(|own| **own == id).count();
        // Middleware that is named twice may run twice (if its value cannot be shared), and so may the
        // middleware that it uses. Being named more often adds nothing.
        if named < 2 {
            self.route.middleware.push(id);
        }
        named < 2
    }

    /// Whether the handler's replies are known to match their schema.
    pub fn faithful_reply(&mut self, is_faithful: bool) {
        self.route.faithful_reply = is_faithful;
    }

    /// The connection must keep the handshake's HTTP parts.
    pub fn keep_handshake(&mut self) {
        self.route.keeps_handshake = true;
    }

    /// The route's middleware read the payload.
    pub fn keep_payload(&mut self) {
        self.route.keeps_payload = true;
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

    /// The definitions that all schemas so far refer to. `outbound` are the schemas of outgoing data: their references
    /// are changed to name the right definitions.
    pub(super) fn finish<'v>(self, outbound: impl IntoIterator<Item = &'v mut Value>) -> Map<String, Value> {
        self.errors.schemas.finish(outbound)
    }
}

/// A doc comment, as its separate lines.
pub(crate) type Docs = &'static [&'static str];

/// The text of a doc comment.
pub(crate) fn joined(docs: Docs) -> String {
    let lines: Vec<&str> = docs.iter().flat_map(|part| part.split('\n')).map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// The first paragraph of a doc comment, on one line; `otherwise` if there is none.
#[must_use]
pub fn first_paragraph(docs: Docs, otherwise: &str) -> String {
    let docs = joined(docs);
    let paragraph: Vec<&str> = docs.lines().take_while(|line| !line.is_empty()).collect();
    if paragraph.is_empty() { otherwise.to_owned() } else { paragraph.join(" ") }
}

pub(crate) fn is_unit<T: 'static>() -> bool {
    std::any::TypeId::of::<T>() == std::any::TypeId::of::<()>()
}

impl Errors {
    /// A code with data of this type.
    pub fn variant<T: JsonSchema>(&mut self, code: &'static str, docs: Docs) -> Code<'_> {
        let data = self.schemas.outbound::<T>();
        self.push(code, docs, Some(data))
    }

    /// A code without data.
    pub fn bare(&mut self, code: &'static str, docs: Docs) -> Code<'_> {
        self.push(code, docs, None)
    }

    fn push(&mut self, code: &str, docs: Docs, data: Option<Value>) -> Code<'_> {
        let (code, description) = (code.into(), joined(docs));
        self.found.push(ErrorFacts { code, description, deprecated: false, data });
        Code(self.found.last_mut())
    }
}

/// A code that was just described.
#[derive(Debug)]
pub struct Code<'e>(Option<&'e mut ErrorFacts>);

impl Code<'_> {
    /// Whether the code is deprecated.
    pub fn deprecated(self, deprecated: bool) {
        if let Some(facts) = self.0 {
            facts.deprecated = deprecated;
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

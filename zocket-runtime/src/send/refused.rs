//! A stand-in for messages that the macro has refused.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Anchor, Outgoing};
use crate::contract::schema::MessageSchema;

/// What the senders of a faulty router make in the place of a message that was refused: the code that sends it is then not
/// reported a second time. It is never made, since such a router does not compile.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Refused;

impl Outgoing for Refused {
    const ROUTE: &'static str = "";

    fn anchor() -> &'static Anchor {
        static NONE: Anchor = Anchor::new("");
        &NONE
    }

    fn is_faithful() -> bool {
        true
    }

    fn schema() -> &'static MessageSchema {
        static NONE: MessageSchema = MessageSchema::new();
        &NONE
    }
}

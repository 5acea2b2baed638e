mod agreement;
mod generated;
mod messages;
mod samples;
mod types;

use schemars::JsonSchema;
use serde_json::Value;

use super::{PayloadSchema, Schemas};

/// The document that is published for a payload type.
fn published<T: JsonSchema>() -> Value {
    let mut schemas = Schemas::new();
    let mut root = schemas.inbound::<T>();
    let definitions = schemas.finish([]);
    root.as_object_mut().unwrap().insert("$defs".into(), definitions.into());
    root
}

fn compiled<T: JsonSchema>() -> PayloadSchema {
    PayloadSchema::compile(&published::<T>()).unwrap_or_else(|error| panic!("{error}"))
}

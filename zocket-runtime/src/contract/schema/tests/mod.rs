/// Types that are read and described by derives.
macro_rules! types {
    ($($(#[$attribute:meta])* $kind:ident $name:ident $(<$type:ident>)? {$($body:tt)*})*) => {$(
        #[derive(Debug, Deserialize, JsonSchema)]
        #[allow(dead_code)]
        $(#[$attribute])*
        $kind $name $(<$type>)? {$($body)*}
    )*};
}

mod agreement;
mod attributes;
mod foreign;
mod generated;
mod messages;
mod proven;
mod samples;
mod stricter;
mod types;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Integers, PayloadSchema, Schemas, reads};

/// The document that is published for a payload type.
fn published<T: JsonSchema>() -> Value {
    let mut schemas = Schemas::new(Integers::All);
    let mut root = schemas.inbound::<T>();
    let definitions = schemas.finish([]);
    root.as_object_mut().unwrap().insert("$defs".into(), definitions.into());
    root
}

fn compiled<T: JsonSchema + DeserializeOwned>() -> PayloadSchema {
    PayloadSchema::compile(&published::<T>(), Some(reads::<T>)).unwrap_or_else(|error| panic!("{error}"))
}

/// The document that is published for a type that the server sends.
fn published_written<T: JsonSchema>() -> Value {
    let mut schemas = Schemas::new(Integers::All);
    let mut root = schemas.outbound::<T>();
    let definitions = schemas.finish([&mut root]);
    root.as_object_mut().unwrap().insert("$defs".into(), definitions.into());
    root
}

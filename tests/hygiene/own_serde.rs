//! A package with a serde and a schemars of its own, which it uses here and there.

#![deny(warnings)]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Shared {
    pub text: String,
}

#[zocket::router]
pub mod app {
    use super::{JsonSchema, Serialize, Shared};

    /// All derives by hand.
    #[payload]
    #[derive(Clone, serde::Serialize, serde::Deserialize, JsonSchema)]
    pub struct ByHand {
        pub shared: u8,
    }

    /// Some of them.
    #[payload]
    #[derive(Serialize)]
    pub struct Half {
        pub shared: Shared,
    }

    #[outgoing]
    #[derive(JsonSchema)]
    #[serde(rename_all = "camelCase", crate = "serde")]
    #[schemars(crate = "schemars")]
    pub struct WithCrate {
        pub some_text: Shared,
    }

    #[incoming]
    async fn echo(input: Half) -> Shared {
        let _ = send::with_crate(WithCrate { some_text: input.shared }).broadcast();
        Shared { text: String::new() }
    }

    #[incoming]
    async fn both(input: ByHand) -> (ByHand, ByHand) {
        (input.clone(), input)
    }
}

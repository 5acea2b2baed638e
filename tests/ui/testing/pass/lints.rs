//! The calls of a program that calls none of them warn of nothing.
#![deny(warnings, missing_docs, unreachable_pub, clippy::all)]
#![allow(clippy::unused_async)]

use std::borrow::Cow;

use zocket::testing::Client;

#[zocket::router]
mod app {
    use super::*;

    #[payload]
    struct Secret {
        text: String,
    }

    /// Why not.
    #[error]
    #[derive(Debug)]
    enum Refused {
        #[error("{why}")]
        Because { why: Cow<'static, str> },
        #[error("at {0}")]
        At(&'static str),
        #[error("no")]
        Skipped {
            #[serde(skip)]
            mark: std::cell::Cell<u8>,
        },
    }

    type V = u8;
    type W = Result<V, Refused>;

    #[incoming]
    #[deprecated]
    async fn whisper(secret: Secret) -> W {
        match secret.text.as_str() {
            "a" => Err(Refused::Because { why: "x".into() }),
            "b" => Err(Refused::At("x")),
            "c" => Err(Refused::Skipped { mark: 1.into() }),
            _ => Ok(1),
        }
    }

    mod inner {
        #[incoming]
        async fn r#type(text: String, client: zocket::ClientId) -> Option<String> {
            Some(format!("{text} {client}"))
        }
    }
}

async fn test(client: &mut Client) -> Option<String> {
    client.ask(app::calls::inner::r#type("a".to_owned())).await.ok()?
}

fn main() {
    let _ = (app::router(), test);
}

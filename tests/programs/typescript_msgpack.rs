//! The MessagePack codec in a TypeScript client, compared with one that speaks JSON: `tests/clients/msgpack.mjs`;
//! and with a server that speaks JSON only, everywhere: `tests/clients/fallback.mjs`.

#![expect(unreachable_pub, reason = "a router as an application would write it")]

use std::path::Path;

use serde_json::Value;
use tokio::net::TcpListener;
use zocket::Server;

use crate::typescript_client::{generated, node_22, script, type_check};

#[zocket::router]
mod app {
    use super::Value;

    /// Integers of all widths.
    #[payload]
    pub struct Wide {
        pub unsigned: u64,
        pub signed: i64,
        pub huge: u128,
    }

    #[outgoing]
    pub struct Wider {
        pub unsigned: u64,
        pub signed: i64,
        pub huge: u128,
    }

    #[outgoing]
    pub struct Shouted {
        pub text: String,
        pub n: u32,
    }

    #[payload]
    pub struct Shout {
        pub text: String,
        pub n: u32,
    }

    #[error]
    pub enum Refusal {
        #[error("at most {most}")]
        TooMany { most: u8 },
    }

    #[incoming]
    async fn echo(value: Value) -> Value {
        value
    }

    #[incoming]
    async fn wide(Wide { unsigned, signed, huge }: Wide) -> Wider {
        Wider { unsigned, signed, huge }
    }

    #[incoming]
    async fn bytes(data: Vec<u8>) -> Vec<u8> {
        data
    }

    #[incoming]
    async fn refuse(count: u8) -> Result<(), Refusal> {
        Err(Refusal::TooMany { most: count - 1 })
    }

    #[incoming]
    async fn crash() {
        panic!("as it is meant to");
    }

    #[incoming]
    async fn shout(Shout { text, n }: Shout) {
        send::shouted(Shouted { text, n }).broadcast();
    }
}

/// The URL of a server that accepts any origin, for pages from elsewhere.
async fn serve(msgpack: bool) -> String {
    let server = {
        let builder = Server::builder(app::router()).allow_any_origin();
        if msgpack { builder.msgpack() } else { builder }.build()
    };
    let http = axum::Router::new().route("/ws", server.route());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("ws://{}/ws", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, http).await });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_speaks_message_pack() {
    let url = serve(true).await;
    let scripts = tokio::task::spawn_blocking(move || {
        script(&node_22(), ["msgpack.mjs".as_ref(), url.as_ref()]);
    });
    scripts.await.expect("see above");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_client_where_the_server_speaks_json_only() {
    let (packed, plain) = (serve(true).await, serve(false).await);
    let scripts = tokio::task::spawn_blocking(move || {
        let folder = generated("fallback");
        let arguments = ["fallback.mjs".as_ref(), folder.as_os_str(), packed.as_ref(), plain.as_ref()];
        script(Path::new("node"), arguments);
    });
    scripts.await.expect("see above");
}

#[test]
fn the_codec_is_what_a_client_takes() {
    type_check("fixtures/tsconfig.msgpack.json");
}

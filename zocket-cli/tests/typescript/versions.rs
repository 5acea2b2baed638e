//! A generated client and a server of another contract: what the client is told, in Node and in Bun.

use std::process::Command;

use zocket::{Contract, OtherContracts, Server};

use crate::tools::{Project, bun, node, succeed};

/// The contract that clients in the field were generated from.
#[zocket::router]
mod before {
    #[incoming]
    async fn shout(text: String) -> String {
        text.to_uppercase()
    }

    #[incoming]
    async fn whisper(text: String) -> String {
        text.to_lowercase()
    }
}

/// The same and more.
#[zocket::router]
mod wider {
    #[incoming]
    async fn shout(text: Option<String>) -> String {
        text.unwrap_or_default().to_uppercase()
    }

    #[incoming]
    async fn whisper(text: String) -> String {
        text.to_lowercase()
    }

    #[incoming]
    async fn sing(_text: String) {}
}

/// A call is gone.
#[zocket::router]
mod narrower {
    #[incoming]
    async fn shout(text: String) -> String {
        text.to_uppercase()
    }
}

/// Calls once, and says how that ended and what became of the client.
const SCRIPT: &str = r#"
import { createZocketClient, isZocketError } from "./zocket.ts";

declare const process: { argv: string[] };
const client = createZocketClient(process.argv[2] ?? "", { reconnect: { base: 1 } });
try {
  console.log("reply:", await client.shout("hello"));
} catch (error) {
  if (!isZocketError(error)) throw error;
  console.log("error:", error.code, error.code === "UPGRADE_REQUIRED" ? error.status : "");
}
console.log("last error:", client.lastError?.code ?? "none", "status:", client.$state.status);
client.close();
"#;

async fn meet(server: Server<()>, name: &str, mut program: Command) -> String {
    let project = Project::of(&before::contract(), name);
    project.write("main.ts", SCRIPT);
    let http = axum::Router::new().route("/ws", server.route());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let url = format!("ws://{}/ws", listener.local_addr().expect("it is bound"));
    let serving = tokio::spawn(async move { axum::serve(listener, http).await });
    program.arg(project.path("main.ts")).arg(url);
    let printed = tokio::task::spawn_blocking(move || succeed(&mut program)).await.expect("see above");
    serving.abort();
    printed
}

fn committed() -> Contract {
    Contract::parse(&before::contract().to_json()).expect("a contract")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_whose_calls_still_work_is_served() {
    let server = || {
        let builder = Server::builder(wider::router()).known_contract(committed());
        builder.other_contracts(OtherContracts::RefuseUnknown).build()
    };
    let expected = "reply: HELLO\nlast error: none status: open\n";
    assert_eq!(meet(server(), "versions-wider-node", node()).await, expected);
    assert_eq!(meet(server(), "versions-wider-bun", bun()).await, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_would_break_is_told_to_update_and_stops() {
    let server = || {
        let builder = Server::builder(narrower::router()).known_contract(committed());
        builder.other_contracts(OtherContracts::RefuseBroken).build()
    };
    let expected = "error: UPGRADE_REQUIRED 426\nlast error: UPGRADE_REQUIRED status: stopped\n";
    assert_eq!(meet(server(), "versions-narrower-node", node()).await, expected);
    assert_eq!(meet(server(), "versions-narrower-bun", bun()).await, expected);
}

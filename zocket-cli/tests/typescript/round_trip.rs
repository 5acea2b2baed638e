//! Rust → wire → TypeScript → wire → Rust: random values of every type come back as they were, to the last digit.

use std::process::Command;

use zocket::Server;

use crate::everything::ledger::{Account, Ledger};
use crate::everything::router::everything;
use crate::tools::{Project, bun, node, run_to_end};

/// Values of each type.
const ROUNDS: usize = 300;

/// Runs `echo.ts`, changed by `change`, against a server of its own.
async fn run(
    name: &str,
    mut program: Command,
    rounds: usize,
    change: fn(String) -> String,
) -> (Account, String) {
    let project = Project::of(&everything::contract(), name);
    project.add("echo.ts");
    project.write("echo.ts", &change(project.read("echo.ts")));
    let ledger = Ledger::default();
    let server = Server::builder(everything::router()).state(ledger.clone()).build();
    let http = axum::Router::new().route("/ws", server.route());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let url = format!("ws://{}/ws", listener.local_addr().expect("it is bound"));
    let serving = tokio::spawn(async move { axum::serve(listener, http).await });

    program.arg(project.path("echo.ts")).arg(url).arg(rounds.to_string());
    let printed = tokio::task::spawn_blocking(move || run_to_end(&mut program)).await.expect("see above");
    serving.abort();
    (ledger.account(), printed)
}

async fn come_back(name: &str, program: Command) {
    let (account, printed) = run(name, program, ROUNDS, |script| script).await;
    assert!(account.different.is_empty() && account.missing == 0, "{account:?}\n{printed}");
    assert!(account.equal.len() == 21 && account.equal.values().all(|&equal| equal == ROUNDS), "{account:?}");
    assert_eq!(printed.trim(), format!("{} values returned", ROUNDS * account.equal.len()), "{account:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_come_back_from_node_as_they_were() {
    come_back("node", node()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_come_back_from_bun_as_they_were() {
    come_back("bun", bun()).await;
}

/// The tests above can fail: JavaScript's own JSON rounds, and that is seen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_rounds_is_found_out() {
    let rounding = |script: String| {
        let options = "timeout: 60_000";
        assert!(script.contains(options));
        let codec = "codec: { encode: JSON.stringify, decode: (frame) => JSON.parse(frame as string) }";
        script.replace(options, &format!("{options}, {codec}"))
    };
    let (account, printed) = run("rounding", node(), 3, rounding).await;
    assert!(account.different.iter().any(|what| what.starts_with("echo.big: ")), "{account:?}\n{printed}");
}

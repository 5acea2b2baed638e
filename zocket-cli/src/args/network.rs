//! The arguments of the commands that talk to a running server.

use std::time::Duration;

use super::values::{Pair, duration};
use crate::source::Source;

/// How to connect to a server.
#[derive(Debug, clap::Args)]
pub(crate) struct Contact {
    /// The server: ws://127.0.0.1:3000/ws, or the folder that its ws is in: https://example.com/app/
    pub(crate) url: String,
    /// A header of the handshake; may be given more than once. It is sent in the query, as from a browser
    #[arg(short = 'H', long = "header", value_name = "NAME=VALUE")]
    pub(crate) headers: Vec<Pair>,
    /// The contract to use: a file, - or a URL; the server's own without it
    #[arg(long, value_name = "SOURCE", conflicts_with = "no_check")]
    pub(crate) contract: Option<Source>,
    /// Use no contract: routes and payloads are not checked before they are sent
    #[arg(long)]
    pub(crate) no_check: bool,
}

/// Call a route of a running server and print the reply
///
/// The payload is checked against the server's contract before it is sent.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  zocket call ws://127.0.0.1:3000/ws system.announce '{\"text\":\"hi\"}'
  zocket call http://127.0.0.1:3000 stock.orderNow @order.json --header authorization=\"Bearer $TOKEN\"
  zocket call ws://127.0.0.1:3000/ws room.say '{\"text\":\"hi\"}' --call 'room.join={\"room\":\"lobby\"}'
  jq -n '{text: \"hi\"}' | zocket call ws://127.0.0.1:3000/ws system.announce - --json

With --json one line goes to stdout: {\"reply\":…}, or {\"error\":{\"code\":…,\"message\":…}} with exit code 1.
A refusal by the server, or of the payload before it is sent, is exit code 1; no answer at all is 3.")]
pub(crate) struct CallArgs {
    #[command(flatten)]
    pub(crate) contact: Contact,
    /// The route, such as system.announce
    pub(crate) route: String,
    /// The payload: JSON, @file, or - for stdin; none without it
    #[arg(allow_negative_numbers = true)]
    pub(crate) payload: Option<String>,
    /// A call to send before, as to enter a room: ROUTE or ROUTE=PAYLOAD; may be given more than once, each waits for its reply
    #[arg(long = "call", value_name = "ROUTE=PAYLOAD")]
    pub(crate) calls: Vec<String>,
    /// How long to wait for the connection and the answer: 500ms, 10s, 2m
    #[arg(long, value_parser = duration, default_value = "10s")]
    pub(crate) timeout: Duration,
    /// One line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Print a running server's events as they come
///
/// Exits with 0 on Ctrl-C, after --count events, or when --timeout has passed; with 1 when the server closes the connection,
/// or if --timeout passes before --count. It does not reconnect: it could not tell which events were missed in between.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  zocket listen ws://127.0.0.1:3000/ws                              all events
  zocket listen ws://127.0.0.1:3000/ws system.announcement --count 1
  zocket listen ws://127.0.0.1:3000/ws --call 'room.join={\"room\":\"lobby\"}' --json | jq .payload

With --json each event is one line: {\"event\":\"system.announcement\",\"payload\":…}. What is no event goes to stderr.")]
pub(crate) struct ListenArgs {
    #[command(flatten)]
    pub(crate) contact: Contact,
    /// The routes to print; all without them
    #[arg(value_name = "ROUTE")]
    pub(crate) routes: Vec<String>,
    /// A call to send first, for instance to enter a room: ROUTE or ROUTE=PAYLOAD; may be given more than
    /// once
    #[arg(long = "call", value_name = "ROUTE=PAYLOAD")]
    pub(crate) calls: Vec<String>,
    /// End after this many events
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) count: Option<u64>,
    /// End after this time: 500ms, 10s, 2m
    #[arg(long, value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
    /// One line of JSON per event instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

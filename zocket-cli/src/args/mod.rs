//! The command-line arguments, and their help.

mod network;
mod values;

use std::path::PathBuf;

use clap::{Parser, Subcommand, builder::Styles, builder::styling::AnsiColor};
use clap_complete::Shell;

use crate::source::Source;

pub(crate) use network::{CallArgs, Contact, ListenArgs};
pub(crate) use values::{Pair, Part};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const SOURCES: &str = "\
Where a contract comes from (SOURCE):
  contract.json               a file
  -                           stdin
  http://127.0.0.1:3000       a running server, which is asked for /contract.json
  ws://127.0.0.1:3000/ws      the same, by its WebSocket
  https://example.com/c.json  any URL

Exit codes:
  0  fine
  1  the answer is no: breaking, invalid, out of date, refused
  2  the input, the output or the arguments cannot be used
  3  the server cannot be reached, or does not answer";

/// The command line of zocket: clients, schemas and checks from a server's contract, and calls to a running server.
#[derive(Debug, Parser)]
#[command(name = "zocket", version, styles = STYLES, after_help = SOURCES, max_term_width = 110)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Take any certificate of a server: for your own, with one that nobody vouches for. Who answers is not known then
    #[arg(long, global = true)]
    pub(crate) insecure: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Ts(TsArgs),
    Schema(SchemaArgs),
    Asyncapi(AsyncapiArgs),
    Diff(DiffArgs),
    Check(CheckArgs),
    Call(CallArgs),
    Listen(ListenArgs),
    /// Write a script that completes the arguments in a shell
    #[command(after_help = "\
Examples:
  zocket completions bash > ~/.local/share/bash-completion/completions/zocket
  zocket completions fish > ~/.config/fish/completions/zocket.fish
  zocket completions zsh > \"${fpath[1]}/_zocket\"")]
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Write a TypeScript client: types and a small runtime, in one file without dependencies
///
/// The file is replaced atomically, and left alone if it is up to date.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  zocket ts contract.json -o src/zocket.ts
  zocket ts http://127.0.0.1:3000 -o src/zocket.ts --react
  zocket ts contract.json -o src/zocket.ts --check    in CI: exit 1 where the file is not up to date")]
pub(crate) struct TsArgs {
    /// The contract: a file, - or a URL
    pub(crate) source: Source,
    /// The file to write; stdout without it
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Also write React hooks, next to the client: zocket.react.ts for zocket.ts
    #[arg(long, requires = "output")]
    pub(crate) react: bool,
    /// Also write the MessagePack codec, next to the client: zocket.msgpack.ts for zocket.ts
    #[arg(long, requires = "output")]
    pub(crate) msgpack: bool,
    /// Write nothing; exit with 1 if the file is not up to date
    #[arg(long, requires = "output")]
    pub(crate) check: bool,
}

/// Write self-contained JSON Schemas (2020-12), for ajv, generators and other languages
///
/// With a route: its payload's schema. With a folder: all schemas. With neither: a list of all schemas.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  zocket schema contract.json                                      what there is
  zocket schema contract.json stock.orderNow                       its payload
  zocket schema contract.json stock.orderNow --part error:SOLD_OUT
  zocket schema contract.json stock.orderNow/reply                 a name from the list
  zocket schema contract.json --part headers
  zocket schema contract.json -o schemas/                          all, a file each
  zocket schema --meta                                             the schema of contracts themselves")]
pub(crate) struct SchemaArgs {
    /// The contract: a file, - or a URL
    #[arg(required_unless_present = "meta")]
    pub(crate) source: Option<Source>,
    /// The route, such as stock.orderNow, or a schema's name from the list
    pub(crate) route: Option<String>,
    /// Which part of it: payload, reply, error:CODE, event (the payload that the server sends), or headers (of the handshake, without a route)
    #[arg(long)]
    pub(crate) part: Option<Part>,
    /// The file, or for all schemas the folder, to write; stdout without it
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,
    /// The schema of contract documents
    #[arg(long, conflicts_with_all = ["source", "route", "part"])]
    pub(crate) meta: bool,
}

/// Write an AsyncAPI 3.0 document
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  zocket asyncapi contract.json -o asyncapi.json
  zocket asyncapi contract.json --title Shop --api-version 2.1.0 --server wss://example.com/ws")]
pub(crate) struct AsyncapiArgs {
    /// The contract: a file, - or a URL
    pub(crate) source: Source,
    /// The application's name; the router's without it
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// The version of the application's interface
    #[arg(long, value_name = "VERSION", alias = "version")]
    pub(crate) api_version: Option<String>,
    /// A server's URL, such as wss://example.com, with or without a name; may be given more than once
    #[arg(long, value_name = "[NAME=]URL")]
    pub(crate) server: Vec<String>,
    /// The path of the WebSocket on the servers
    #[arg(long, value_name = "PATH", default_value = "/ws")]
    pub(crate) address: String,
    /// The file to write; stdout without it
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Show what a change to the contract breaks; exit with 1 if it breaks something
///
/// What a server accepts may widen, and what it sends may narrow. Everything else counts as breaking for clients that
/// were generated from the old contract, and so does a change that cannot be decided.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  zocket diff contract.json http://127.0.0.1:3000
  git show main:contract.json | zocket diff - contract.json
  zocket diff old.json new.json --json | jq '.changes[] | select(.breaking)'")]
pub(crate) struct DiffArgs {
    /// The contract that clients were generated from
    pub(crate) old: Source,
    /// The contract that replaces it
    pub(crate) new: Source,
    /// One JSON document instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Check a contract, or whether a server of it would accept a message
///
/// Without --route, the message is a whole one as on the wire, {"type":"stock.orderNow","payload":…}; with --route it is
/// only the payload.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  zocket check contract.json                                     is it one?
  zocket check contract.json --route stock.orderNow order.json   would this payload be accepted?
  zocket check contract.json --route stock.orderNow '{\"article\":1}'
  zocket check contract.json message.json                        a whole message, with its type")]
pub(crate) struct CheckArgs {
    /// The contract: a file, - or a URL
    pub(crate) source: Source,
    /// JSON, a file (or @file), or - for stdin
    pub(crate) message: Option<String>,
    /// The message is a payload of this route
    #[arg(long, requires = "message")]
    pub(crate) route: Option<String>,
    /// One line of JSON instead of text: {"valid":…,"issues":[…]}
    #[arg(long)]
    pub(crate) json: bool,
}

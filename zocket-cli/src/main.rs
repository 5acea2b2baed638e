//! The command line of zocket: arguments go in, a command runs, an exit code comes out.

mod args;
mod commands;
mod json;
mod net;
mod output;
mod payload;
mod report;
mod routes;
mod source;
mod system;
mod typescript;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

fn main() -> ExitCode {
    let args = Args::parse();
    if args.insecure {
        net::trust_anybody();
    }
    let done = match args.command {
        Command::Ts(args) => commands::ts::run(&args),
        Command::Schema(args) => commands::schema::run(&args),
        Command::Asyncapi(args) => commands::asyncapi::run(&args),
        Command::Diff(args) => commands::compare::run(&args),
        Command::Check(args) => commands::check::run(&args),
        Command::Call(args) => commands::call::run(&args),
        Command::Listen(args) => commands::listen::run(&args),
        Command::Completions { shell } => commands::completions::run(shell),
    };
    let exit = done.unwrap_or_else(|failure| {
        failure.print();
        failure.exit()
    });
    ExitCode::from(exit as u8)
}

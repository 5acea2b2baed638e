//! The comparison; `benches/run` builds what it needs and starts it.
use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == "--help") {
        println!("{}", zocket_benches::compare::USAGE);
        return ExitCode::SUCCESS;
    }
    match zocket_benches::compare::main(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("compare: {fault}");
            ExitCode::FAILURE
        }
    }
}

//! `zocket completions`.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{
    args::Args,
    output::print,
    report::{Exit, Result},
};

pub(crate) fn run(shell: Shell) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "zocket", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}

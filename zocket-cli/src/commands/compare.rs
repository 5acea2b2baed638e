//! `zocket diff`: what a change to the contract breaks.

use zocket_contract::Contract;

use crate::{
    args::DiffArgs,
    output::{print, say},
    report::{Exit, Failure, Result},
};

pub(crate) fn run(args: &DiffArgs) -> Result<Exit> {
    if args.old.is_stdin() && args.new.is_stdin() {
        return Err(Failure::unusable("only one of the contracts can be read from stdin"));
    }
    let (old, new) = (args.old.contract()?, args.new.contract()?);
    let diff = Contract::compare(&old, &new);
    if args.json {
        print(&format!("{:#}\n", diff.to_json()))?;
    } else {
        say(&format!("{diff}\n"))?;
    }
    Ok(if diff.is_breaking() { Exit::No } else { Exit::Fine })
}

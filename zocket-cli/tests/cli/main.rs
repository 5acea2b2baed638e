//! The command line as users see it: the built program, run on files and against servers on free ports.

mod agreement;
mod bad_input;
mod calling;
mod checking;
mod contracts;
mod documented;
mod files;
mod listening;
mod program;
mod router;
mod secure;
mod server;

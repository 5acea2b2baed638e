//! The command line of zocket.

mod typescript;

fn main() {}

#![allow(unused)]

#[zocket::error]
pub enum JoinError {
    Full,
    #[error(code = "FULL")]
    Crowded,
}

fn main() {}

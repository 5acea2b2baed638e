//! Mistakes: 2.

#![allow(unused)]

#[zocket::error]
pub enum JoinError {
    Internal,
    #[error(code = "INVALID_PAYLOAD")]
    Odd,
}

fn main() {}

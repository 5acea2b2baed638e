//! Mistakes: 2.

#![allow(unused)]

#[zocket::error]
pub enum JoinError {
    #[error("the room holds {max}")]
    Full { limit: u32 },
    #[error("{}")]
    Odd(String),
}

fn main() {}

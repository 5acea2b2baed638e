#![allow(unused)]

#[zocket::error]
pub enum JoinError {
    #[error(transparent)]
    Other,
}

fn main() {}

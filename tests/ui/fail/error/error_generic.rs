#![allow(unused)]

#[zocket::error]
pub enum JoinError<T> {
    Full { limit: T },
}

fn main() {}

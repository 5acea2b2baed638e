//! Mistakes: 2. The compiler's own text cannot be kept back.

#![allow(unused)]

#[zocket::router]
mod app {
    mod chat;
}

fn main() {}

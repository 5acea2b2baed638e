#![allow(unused)]

#[zocket::router]
mod app {
    mod chat;
}

fn main() {}

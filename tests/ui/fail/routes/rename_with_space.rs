#![allow(unused)]

#[zocket::router]
mod app {
    #[outgoing(rename = "has joined")]
    pub struct Joined;
}

fn main() {}

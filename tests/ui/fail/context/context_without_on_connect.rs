#![allow(unused)]

#[zocket::router]
mod app {
    #[context]
    pub struct Session;
}

fn main() {}

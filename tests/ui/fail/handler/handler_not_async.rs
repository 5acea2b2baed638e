#![allow(unused)]

#[zocket::router]
mod app {
    #[incoming]
    fn join(room: String) {}
}

fn main() {}

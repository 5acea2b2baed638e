#![allow(unused)]

#[zocket::router]
mod app {
    #[incoming = "enter"]
    async fn join(room: String) {}
}

fn main() {}

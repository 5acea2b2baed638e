#![allow(unused)]

#[zocket::router]
mod app {
    #[incoming]
    #[incoming(concurrent)]
    async fn join(room: String) {}
}

fn main() {}

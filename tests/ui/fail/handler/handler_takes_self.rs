#![allow(unused)]

#[zocket::router]
mod app {
    #[incoming]
    async fn join(&mut self, room: String) {}
}

fn main() {}

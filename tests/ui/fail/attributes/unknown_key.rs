//! Mistakes: 3.

#![allow(unused)]

#[zocket::router(name = "chat")]
mod app {
    #[incoming(parallel)]
    async fn join(room: String) {}

    #[payload(strict)]
    pub struct Join;
}

fn main() {}

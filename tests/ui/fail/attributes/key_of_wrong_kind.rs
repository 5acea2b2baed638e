//! Mistakes: 4.

#![allow(unused)]

#[zocket::router(namespace = chat, context = "Session")]
mod app {
    #[incoming(concurrent = true, rename)]
    async fn join(room: String) {}
}

fn main() {}

//! Mistakes: 2.

#![allow(unused)]

#[zocket::router(namespace = "a", namespace = "b")]
mod app {
    #[incoming(rename = "enter", rename = "join")]
    async fn join(room: String) {}
}

fn main() {}

//! Mistakes: 2.

#![allow(unused)]

#[zocket::router]
mod app {
    #[incoming]
    async fn join(#[cfg(unix)] room: String, #[cfg(not(unix))] room: u64) {}
}

fn main() {}

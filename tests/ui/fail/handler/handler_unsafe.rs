//! Mistakes: 2.

#![allow(unused)]

#[zocket::router]
mod app {
    #[incoming]
    async unsafe fn join(room: String) {}

    #[incoming]
    extern "C" fn leave(room: String) {}
}

fn main() {}

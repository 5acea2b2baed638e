//! Mistakes: 2.

#![allow(unused)]

#[zocket::router]
mod app {
    #[outgoing]
    struct Joined;

    mod chat {
        #[outgoing]
        pub(super) struct Left;
    }
}

fn main() {}

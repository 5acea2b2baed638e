//! Mistakes: 2.

#![allow(unused)]

#[zocket::router]
mod app {
    mod chat {
        mod rooms {
            #[outgoing]
            pub struct Opened;
        }
    }
}

fn main() {}

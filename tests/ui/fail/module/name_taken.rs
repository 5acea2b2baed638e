//! Mistakes: 3.

#![allow(unused)]

#[zocket::router]
mod app {
    fn router() {}

    mod send {}

    #[incoming]
    async fn contract() {}
}

fn main() {}

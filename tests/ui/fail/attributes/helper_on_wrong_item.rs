//! Mistakes: 4.

#![allow(unused)]

#[zocket::router]
mod app {
    #[incoming]
    pub struct Join {
        pub room: String,
    }

    #[outgoing]
    async fn joined() {}

    #[guard(nobody)]
    const LIMIT: usize = 3;

    #[headers]
    enum Headers {
        Plain,
    }
}

fn main() {}

#![allow(unused)]

#[zocket::router]
mod app {
    #[middleware]
    async fn signed_in() -> Option<u64> {
        None
    }
}

fn main() {}

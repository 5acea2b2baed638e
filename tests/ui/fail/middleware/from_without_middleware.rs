//! Mistakes: 2.

#![allow(unused)]

#[zocket::router]
mod app {
    #[middleware]
    async fn signed_in() -> Result<u64, zocket::Error> {
        Ok(1)
    }

    #[incoming]
    async fn join(#[from] user: u64) {}

    #[incoming]
    async fn leave(
        #[from(signed_in)]
        #[from(signed_in)]
        user: u64,
    ) {
    }
}

fn main() {}

#![allow(unused)]

#[zocket::router]
mod app {
    #[middleware]
    async fn signed_in() -> Result<u64, zocket::Error> {
        Ok(1)
    }

    #[incoming]
    async fn join(#[from(signed_in)] user: String) {}
}

fn main() {}

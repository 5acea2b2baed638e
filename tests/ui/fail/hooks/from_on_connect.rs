#![allow(unused)]

#[zocket::router]
mod app {
    #[middleware]
    async fn signed_in() -> Result<u64, zocket::Error> {
        Ok(1)
    }

    #[on_connect]
    async fn connect(#[from(signed_in)] user: u64) {}
}

fn main() {}

#![allow(unused)]

#[zocket::router]
mod app {
    #[incoming]
    async fn join(#[from(signed_in)] user: u64) {}
}

fn main() {}

#![allow(unused)]

#[zocket::router]
mod app {
    #[on_connect]
    async fn connect() {}

    #[on_connect]
    async fn welcome() {}
}

fn main() {}

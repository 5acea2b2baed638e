#![allow(unused)]

#[zocket::router]
mod app {
    #[middleware]
    async fn logged() {}
}

fn main() {}

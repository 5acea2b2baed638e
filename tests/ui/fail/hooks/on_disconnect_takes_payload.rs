#![allow(unused)]

#[zocket::router]
mod app {
    #[on_disconnect]
    async fn disconnect(reason: String) {}
}

fn main() {}

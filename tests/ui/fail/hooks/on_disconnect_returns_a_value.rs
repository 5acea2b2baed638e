#![allow(unused)]

#[zocket::router]
mod app {
    #[on_disconnect]
    async fn disconnect() -> u64 {
        1
    }
}

fn main() {}

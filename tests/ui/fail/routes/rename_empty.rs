#![allow(unused)]

#[zocket::router]
mod app {
    #[incoming(rename = "")]
    async fn join(room: String) {}
}

fn main() {}

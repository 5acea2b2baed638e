#![allow(unused)]

#[zocket::router]
mod app {
    #[incoming(rename = "chat.join")]
    async fn join(room: String) {}
}

fn main() {}

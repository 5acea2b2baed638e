//! Mistakes: 3.

#![allow(unused)]

#[zocket::router]
mod app {
    #[incoming]
    async fn __join(room: String) {}

    #[outgoing(rename = "__rpc_res")]
    pub struct Joined;

    mod __chat {
        #[incoming]
        async fn leave() {}
    }
}

fn main() {}

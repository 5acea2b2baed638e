//! Mistakes: 2.

#![allow(unused)]

#[zocket::router(rename_all = "camelCase")]
mod app {
    #[incoming]
    async fn join_room(room: String) {}

    #[incoming(rename = "joinRoom")]
    async fn enter(room: String) {}

    mod chat {
        #[outgoing]
        pub struct Joined;

        #[outgoing(rename = "joined")]
        pub struct Entered;
    }
}

fn main() {}

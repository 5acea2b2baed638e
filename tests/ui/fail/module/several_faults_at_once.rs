//! Mistakes: 7.

#![allow(unused)]

#[zocket::router(namespaces = "x")]
pub mod app {
    #[incoming]
    fn join(room: &str) {}

    #[outgoing]
    struct Joined;

    #[incoming(parallel)]
    async fn leave<T>(room: T) {}

    pub mod chat {
        #[on_connect]
        async fn connect() {}
    }
}

/// What the router makes is there all the same, so that one fault does not bring others.
fn elsewhere() {
    let _router = app::router();
    let _contract = app::contract();
    use app::send as _;
}

fn main() {}

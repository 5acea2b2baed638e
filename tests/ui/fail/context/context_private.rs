#![allow(unused)]

#[zocket::router]
mod app {
    #[context]
    struct Session;

    #[on_connect]
    async fn connect() -> Session {
        Session
    }
}

fn main() {}

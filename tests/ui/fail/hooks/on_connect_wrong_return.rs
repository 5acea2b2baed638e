#![allow(unused)]

#[zocket::router]
mod app {
    #[context]
    pub struct Session;

    #[on_connect]
    async fn connect() -> Option<Session> {
        Some(Session)
    }
}

fn main() {}

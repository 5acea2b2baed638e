#![allow(unused)]

#[zocket::router]
mod app {
    #[context]
    pub struct Session;

    #[context]
    pub struct Guest;

    #[on_connect]
    async fn connect() -> Session {
        Session
    }
}

fn main() {}

#![allow(unused)]

pub struct Shared;

#[zocket::router(context = crate::Shared)]
mod app {
    #[context]
    pub struct Session;

    #[on_connect]
    async fn connect() -> Session {
        Session
    }
}

fn main() {}

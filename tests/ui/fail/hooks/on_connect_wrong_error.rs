#![allow(unused)]

#[zocket::router]
mod app {
    #[context]
    pub struct Session;

    struct Refused;

    #[on_connect]
    async fn connect() -> Result<Session, Refused> {
        Err(Refused)
    }
}

fn main() {}

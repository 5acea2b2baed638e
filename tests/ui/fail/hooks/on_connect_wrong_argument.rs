//! Mistakes: 2.

#![allow(unused)]

#[zocket::router]
mod app {
    use zocket::Ctx;

    #[context]
    pub struct Session;

    #[payload]
    struct Hello {
        name: String,
    }

    #[on_connect]
    async fn connect(ctx: Ctx<Session>, hello: Hello) -> Session {
        Session
    }
}

fn main() {}

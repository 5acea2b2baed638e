#![allow(unused)]

#[zocket::router]
mod app {
    use zocket::Ctx;

    pub struct Other;

    #[context]
    pub struct Session;

    #[on_connect]
    async fn connect() -> Session {
        Session
    }

    #[incoming]
    async fn join(ctx: Ctx<Other>) {}
}

fn main() {}

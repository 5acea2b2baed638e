#![allow(unused)]

pub struct Session;

#[zocket::router]
mod app {
    use super::Session;
    use zocket::Ctx;

    #[incoming]
    async fn join(ctx: Ctx<Session>) {}
}

fn main() {}

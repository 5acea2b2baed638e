#[zocket::router]
mod app {
    use zocket::{Ctx, Error};

    pub struct Session;

    #[middleware]
    async fn one(ctx: Ctx<Session>) -> Result<(), Error> {
        let _ = ctx;
        Ok(())
    }

    #[incoming]
    async fn two(ctx: Ctx<Session>) {
        let _ = ctx;
    }

    #[incoming]
    async fn three(ctx: Ctx<Session>) {
        let _ = ctx;
    }
}

fn main() {
    let _ = app::router();
}

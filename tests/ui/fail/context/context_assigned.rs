//! Mistakes: 2.

#[zocket::router]
mod app {
    use zocket::Ctx;

    #[context]
    pub struct Session {
        count: u64,
        name: String,
    }

    #[on_connect]
    async fn connect() -> Session {
        Session { count: 0, name: String::new() }
    }

    #[incoming]
    async fn count(mut ctx: Ctx<Session>, name: String) -> u64 {
        ctx.count += 1;
        if ctx.name.is_empty() {
            ctx.name = name;
        }
        ctx.count
    }
}

fn main() {
    let _ = app::router();
}

use zocket::Ctx;

#[zocket::router]
mod app {
    use super::*;

    #[context]
    pub struct Session {
        pub name: std::rc::Rc<str>,
        pub count: std::cell::Cell<u32>,
    }

    #[on_connect]
    async fn connect() -> Session {
        Session { name: "a".into(), count: 0.into() }
    }

    #[on_disconnect]
    async fn gone(ctx: Ctx<Session>) {
        let _ = ctx;
    }

    #[middleware]
    async fn named(ctx: Ctx<Session>) -> Result<String, zocket::Error> {
        Ok(ctx.name.to_string())
    }

    #[incoming]
    async fn name(ctx: Ctx<Session>) -> String {
        ctx.name.to_string()
    }

    mod more {
        use super::*;

        #[incoming]
        async fn wait(ctx: Ctx<Session>, #[from(named)] name: String) -> u32 {
            ctx.closed().await;
            ctx.replace_context(Session { name: name.into(), count: 1.into() });
            ctx.count.get()
        }
    }
}

fn main() {
    let server = zocket::Server::builder(app::router()).build();
    let _: axum::Router = axum::Router::new().route("/ws", server.route());
}

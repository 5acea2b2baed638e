//! Routers small and odd.

#![deny(warnings)]

#[zocket::router]
mod empty {}

#[zocket::router]
mod only_messages {
    #[outgoing]
    pub struct Unit;

    #[outgoing]
    pub struct Tuple(pub u8, pub String);

    #[outgoing]
    pub enum Choice {
        Plain,
        With { value: Option<u8> },
    }
}

#[zocket::router]
mod by_alias {
    use zocket::Ctx;

    #[context]
    type Session = std::collections::BTreeMap<String, u8>;

    type Outcome<T> = Result<T, zocket::Error>;

    #[on_connect]
    async fn connect() -> Outcome2 {
        Ok(Session::new())
    }

    type Outcome2 = Result<Session, zocket::Reject>;

    #[middleware]
    async fn sized(ctx: Ctx<Session>) -> Outcome<usize> {
        Ok(ctx.len())
    }

    /// A `Result` behind an alias is one all the same.
    #[incoming]
    async fn size(#[from(sized)] size: usize) -> Outcome<usize> {
        Ok(size)
    }
}

/// A context of the user's own crate, a private one.
struct Session;

#[zocket::router(context = super::Session)]
mod private_context {
    #[incoming]
    async fn ping(ctx: zocket::Ctx<super::Session>) -> &'static str {
        let _ = ctx;
        "pong"
    }
}

#[zocket::router]
mod no_context {
    #[on_connect]
    async fn connect(client: zocket::ClientId) -> Result<(), zocket::Reject> {
        let _ = client;
        Ok(())
    }

    #[incoming]
    async fn ping(ctx: zocket::Ctx<()>) {
        let _ = ctx;
    }
}

fn main() {
    let _ = (empty::router(), only_messages::router(), by_alias::router(), no_context::router());
    let _ = private_context::router();
    let _ = Session;
    let _ = only_messages::send::tuple(only_messages::Tuple(1, String::new())).broadcast();
    let _ = only_messages::send::unit(only_messages::Unit).broadcast();
    let _ = only_messages::send::choice(only_messages::Choice::Plain).broadcast();
    let _ = only_messages::Choice::With { value: None };
}

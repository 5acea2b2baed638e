//! What is not there leaves nothing behind, and of two that exclude each other one is taken.

#![deny(warnings)]

#[zocket::router]
pub mod app {
    use zocket::{Ctx, State};

    #[cfg(any())]
    #[context]
    pub struct Gone(NoSuchType);

    #[cfg(all())]
    #[context]
    pub struct Session(u8);

    #[cfg(any())]
    #[on_connect]
    async fn connect() -> Gone {
        Gone
    }

    #[cfg(all())]
    #[on_connect]
    async fn connect() -> Session {
        Session(1)
    }

    #[cfg(any())]
    #[middleware]
    async fn checked() -> NoSuchType {}

    #[cfg(all())]
    #[middleware]
    async fn checked(ctx: Ctx<Session>) -> Result<u8, zocket::Error> {
        Ok(ctx.0)
    }

    #[cfg(any())]
    mod one {
        #[incoming]
        async fn same(state: zocket::State<NoSuchType>) {}

        #[outgoing]
        pub struct Same;
    }

    #[cfg(all())]
    mod one {
        use super::*;

        #[incoming]
        async fn same(#[from(checked)] by: u8, State(state): State<u32>) -> u32 {
            let _ = send::one::same(Same).broadcast();
            state + u32::from(by)
        }

        #[outgoing]
        pub struct Same;
    }
}

fn main() {
    let router: zocket::Router<app::Session, u32> = app::router();
    drop(router);
}

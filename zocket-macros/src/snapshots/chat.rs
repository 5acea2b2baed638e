/// A chat.
///
/// With everything the macro knows.
#[zocket::router(context = crate::Session, namespace = "v1.chat", rename_all = "camelCase", crate = "renamed::zocket")]
#[guard(not_banned)]
#[allow(clippy::pedantic)]
pub mod chat {
    #![allow(unused_imports)]

    use std::collections::HashMap;
    use zocket::{ClientId, Ctx, Error, State};

    const LIMIT: usize = { 3 };

    #[middleware]
    pub(crate) async fn not_banned(ctx: Ctx<Session>, client: ClientId) -> Result<(), Banned> {
        Ok(())
    }

    #[middleware]
    async fn signed_in(ctx: Ctx<Session>, #[from(not_banned)] (): ()) -> Result<User, Error> {
        ctx.user().ok_or_else(Error::unauthorized)
    }

    #[on_disconnect]
    async fn gone(ctx: Ctx<Session>, State(db): State<Db>) -> Result<(), Error> {
        db.forget(ctx.client_id()).await
    }

    /// The sender is banned.
    #[error]
    #[derive(Debug)]
    pub enum Banned {
        /// Banned until a moment.
        #[error("banned until {until:?} {{by {by_whom}}}", code = "BANNED")]
        #[serde(rename_all = "camelCase")]
        Until {
            /// Seconds since 1970.
            #[serde(rename = "untilSecond")]
            until: u64,
            by_whom: String,
        },
        For(u32),
        #[error("{0} of {1:?}")]
        Pair(u8, Vec<u8>),
        /// For ever,
        /// and a day.
        ForEver,
        #[error(transparent)]
        Other(Error),
        #[cfg(feature = "moon")]
        OnTheMoon { phase: u8 },
    }

    /// Somebody joined.
    #[zocket::outgoing]
    #[derive(Clone, Serialize)]
    pub struct UserJoined {
        pub name: String,
    }

    #[outgoing(rename = "left")]
    #[deprecated(note = "use joined")]
    #[payload]
    pub(crate) enum Match {
        #[serde(rename = "b")]
        Bye,
    }

    /// Posts a line.
    #[incoming(concurrent, rename = "post")]
    #[guard(signed_in)]
    #[deprecated]
    async fn post_line(mut input: Post, tries: Tries) -> Option<Posted> {
        None
    }

    #[guard(signed_in, admin::is_admin)]
    mod direct_messages {
        use super::*;

        #[payload]
        #[derive(serde::Serialize, serde::Deserialize)]
        struct Line(String);

        #[incoming]
        #[cfg(feature = "moon")]
        async fn r#match(Line(text): Line) {}

        #[cfg(unix)]
        pub(super) mod deep {
            #[::zocket::outgoing]
            pub struct Ping;

            #[incoming]
            async fn call(call: super::super::registry::Call, start: State<Db>) -> u32 {
                0
            }
        }
    }

    mod untouched {
        fn incoming() {}
    }
}

//! One router with everything in it, under every lint that users turn on.

#![deny(warnings, missing_docs, unreachable_pub, missing_debug_implementations, rust_2018_idioms)]
#![deny(unused_qualifications)]
#![forbid(unsafe_code)]

use zocket::FromRef;

/// The state.
#[derive(Clone, Debug)]
pub struct Database;

/// A part of it.
#[derive(Clone, Debug)]
pub struct Mailer;

impl FromRef<Database> for Mailer {
    fn from_ref(_: &Database) -> Self {
        Self
    }
}

/// A router.
#[zocket::router(rename_all = "camelCase", state = super::Database)]
#[guard(counted)]
pub mod app {
    use super::{Database, Mailer};
    use std::collections::HashMap;
    use zocket::{Call, ClientId, Ctx, Error, FromCall, HandshakeParts, PeerAddr, Reject, State};

    const SIZES: [usize; 2] = [1, 2];

    /// Headers.
    #[headers]
    #[derive(Debug)]
    pub struct Headers {
        /// Who.
        #[serde(rename = "user-name", default)]
        pub user_name: String,
    }

    /// A connection.
    #[context]
    #[derive(Clone, Debug)]
    pub struct Session {
        /// Who.
        pub name: String,
    }

    #[on_connect]
    async fn connect(
        Headers { user_name: name }: Headers,
        _client: ClientId,
        State(_database): State<Database>,
        _parts: HandshakeParts,
    ) -> Result<Session, Reject> {
        if name.len() > SIZES.len() { Ok(Session { name }) } else { Err(Reject::forbidden()) }
    }

    #[on_disconnect]
    async fn disconnect(ctx: Ctx<Session>, #[from(named)] name: String) -> Result<(), Error> {
        let _ = (ctx, name);
        Ok(())
    }

    /// An extractor.
    #[derive(Debug)]
    pub struct Rooms(usize);

    impl<C: Send + Sync + 'static, St: Send + Sync + 'static> FromCall<C, St> for Rooms {
        async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
            Ok(Self(call.ctx().rooms().current().len()))
        }
    }

    #[middleware]
    async fn counted(_: Rooms, State(_mailer): State<Mailer>) -> Result<(), Refused> {
        Ok(())
    }

    #[middleware]
    async fn named(ctx: Ctx<Session>, #[from(counted)] (): ()) -> Result<String, Error> {
        Ok(ctx.name.clone())
    }

    /// Refused.
    #[error]
    #[derive(Debug, Clone, PartialEq)]
    pub enum Refused {
        /// Too many.
        #[error("{limit:>width$} is the limit", code = "LIMIT")]
        #[serde(rename_all = "camelCase")]
        TooMany {
            /// How many.
            limit: usize,
            #[serde(skip)]
            /// How wide.
            width: usize,
        },
        /// Both.
        #[error("{0} and {1:?}")]
        Both(String, Vec<u8>),
        /// One.
        One(u8),
        /// Nothing more to say.
        Bare,
        /// Never here.
        #[cfg(any())]
        Gone(super::Gone),
    }

    /// Refused, too.
    #[error]
    #[derive(Debug)]
    pub enum Other {
        /// As there.
        #[error(transparent)]
        Refused(Refused),
        /// As anywhere.
        #[error(transparent)]
        Any {
            /// What.
            error: Error,
        },
    }

    /// Somebody joined.
    #[outgoing]
    #[derive(Clone, Debug)]
    pub struct UserJoined {
        /// Who.
        pub name: String,
    }

    /// Tagged.
    #[outgoing(rename = "changed")]
    #[payload]
    #[derive(Debug)]
    #[serde(tag = "kind", rename_all = "camelCase")]
    pub enum Match {
        /// Won.
        Won {
            /// By whom.
            by: ClientId,
        },
        /// Lost.
        Lost,
    }

    /// The derive of schemars takes no note of `#[deprecated]`.
    #[allow(deprecated)]
    pub mod old {
        /// Old.
        #[outgoing]
        #[deprecated]
        #[derive(Debug)]
        pub(crate) struct Old;
    }

    #[incoming]
    async fn nothing() {}

    /// Everything.
    #[incoming(concurrent, rename = "all-of-it")]
    #[guard(named, counted)]
    async fn everything(
        ctx: Ctx<Session>,
        #[from(named)] mut name: String,
        client: ClientId,
        State(database): State<Database>,
        mailer: State<Mailer>,
        peer: PeerAddr,
        parts: HandshakeParts,
        Rooms(rooms): Rooms,
        input: HashMap<String, Option<Vec<u8>>>,
    ) -> Result<(usize, String), Other> {
        let _ = (&ctx, client, database, mailer, peer, parts, rooms);
        name.push('!');
        if name.is_empty() {
            return Err(Refused::Bare.into());
        }
        if name.len() == 1 {
            Err(Error::forbidden())?;
        }
        Ok((input.len(), name))
    }

    #[incoming]
    #[deprecated(note = "no more")]
    async fn r#match(input: Match) -> Option<u8> {
        let _ = send::user_joined(UserJoined { name: String::new() }).broadcast();
        let _ = send::changed(input).broadcast();
        None
    }

    #[guard(named)]
    mod inner_most {
        use super::*;

        #[guard(named)]
        pub(crate) mod deeper {
            use super::*;

            /// Deep.
            #[outgoing]
            #[derive(Debug)]
            pub struct Event {
                /// How.
                pub depth: usize,
            }

            #[zocket::incoming]
            async fn registry(call: String, start: Rooms) -> Event {
                Event { depth: call.len() + start.0 }
            }

            #[::zocket::incoming]
            async fn call(call: Match) {
                drop(call);
            }
        }

        #[incoming]
        #[cfg(any())]
        async fn gone(gone: Gone) {}
    }

    #[cfg(any())]
    mod gone {
        #[outgoing]
        pub struct Gone(super::super::Gone);

        #[incoming]
        async fn here(gone: Gone) {}
    }

    #[allow(dead_code)]
    mod plain {
        pub(super) fn incoming() {}
    }
}

/// The same context in two routers.
#[zocket::router(context = super::app::Session, namespace = "v1.more")]
pub mod more {
    /// The route `v1.more.again`.
    #[outgoing]
    #[derive(Debug)]
    pub struct Again;
}

fn main() {
    let contract = app::contract();
    let text = format!("{contract:?}");
    assert!(!text.is_empty());
    let _ = app::router().merge(more::router());
    let _ = app::send::user_joined;
    let _ = app::send::inner_most::deeper::event;
    let _ = more::send::again;
    assert_eq!(<more::Again as zocket::Outgoing>::ROUTE, "v1.more.again");
    assert_eq!(<app::Match as zocket::Outgoing>::ROUTE, "changed");

    let error = zocket::Error::from(app::Other::from(app::Refused::TooMany { limit: 3, width: 4 }));
    assert_eq!((error.code(), error.message()), ("LIMIT", "   3 is the limit"));
    assert_eq!(error.data(), Some(r#"{"limit":3}"#));
    let error = zocket::Error::from(app::Refused::Both("a".into(), vec![1]));
    assert_eq!((error.code(), error.message(), error.data()), ("BOTH", "a and [1]", Some(r#"["a",[1]]"#)));
    let error = zocket::Error::from(app::Refused::One(7));
    assert_eq!((error.code(), error.message(), error.data()), ("ONE", "One.", Some("7")));
    let error = zocket::Error::from(app::Refused::Bare);
    assert_eq!((error.code(), error.message(), error.data()), ("BARE", "Nothing more to say.", None));
}

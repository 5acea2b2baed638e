//! No generated path relies on the prelude.

#![no_implicit_prelude]
#![deny(warnings)]

#[::zocket::router]
pub mod app {
    use ::std::{option::Option, result::Result, string::String, vec::Vec};
    use ::zocket::{Ctx, Error, Reject, State};

    #[headers]
    pub struct Headers {
        pub name: Option<String>,
    }

    #[context]
    pub struct Session {
        pub name: Option<String>,
    }

    #[on_connect]
    async fn connect(headers: Headers) -> Result<Session, Reject> {
        Result::Ok(Session { name: headers.name })
    }

    #[on_disconnect]
    async fn disconnect(ctx: Ctx<Session>) {
        let _ = ctx;
    }

    #[middleware]
    async fn named(ctx: Ctx<Session>) -> Result<Option<String>, Error> {
        Result::Ok(::std::clone::Clone::clone(&ctx.name))
    }

    #[error]
    pub enum Refused {
        #[error("{limit} is the limit")]
        TooMany { limit: u32, names: Vec<String> },
        #[error(transparent)]
        Other(Error),
    }

    #[outgoing]
    pub struct Joined {
        pub names: Vec<String>,
    }

    pub mod chat {
        use super::*;
        // What schemars' own derive asks for where `inner(…)` is used.
        use ::std::option::Option::Some;

        #[payload]
        #[serde(rename_all = "camelCase")]
        pub enum Join {
            ByName {
                /// Who.
                name: Option<String>,
                #[serde(default)]
                #[schemars(length(min = 1, max = 3), inner(range(min = 1)))]
                numbers: Vec<u8>,
            },
            Silently,
            Both(u8, String),
        }

        #[payload]
        #[serde(tag = "kind", deny_unknown_fields)]
        pub enum Tagged {
            One { one: u8 },
            Two,
        }

        #[payload]
        #[serde(untagged)]
        pub enum Untagged {
            One(u8),
            Two(String),
        }

        #[payload]
        pub struct Flat {
            #[serde(flatten)]
            inner: Tagged,
            #[schemars(regex(pattern = "^a"))]
            text: String,
        }

        #[payload]
        pub struct New(#[schemars(range(max = 3.5))] f64);

        #[payload]
        pub struct Unit;

        #[incoming]
        async fn shapes(_input: (Untagged, Flat, New, Unit)) {}

        #[incoming]
        #[guard(named)]
        async fn join(
            #[from(named)] name: Option<String>,
            State(limit): State<u32>,
            input: Join,
        ) -> Result<Vec<String>, Refused> {
            let _ = (name, input);
            let _ = send::joined(Joined { names: Vec::new() }).broadcast();
            Result::Err(Refused::TooMany { limit, names: Vec::new() })
        }
    }
}

#[::zocket::payload]
pub struct Alone {
    pub names: ::std::vec::Vec<u8>,
}

fn main() {
    ::std::mem::drop(app::router());
}

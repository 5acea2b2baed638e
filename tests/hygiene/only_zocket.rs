//! Neither serde nor schemars nor axum is among this package's dependencies.

#![deny(warnings, missing_docs)]
#![forbid(unsafe_code)]

/// A chat.
#[zocket::router]
pub mod app {
    use zocket::{Ctx, Error, Reject, State};

    /// Headers.
    #[headers]
    pub struct Headers {
        /// Who.
        #[serde(rename = "user-name")]
        pub name: Option<String>,
    }

    /// A connection.
    #[context]
    pub struct Session {
        /// Who.
        pub name: Option<String>,
    }

    #[on_connect]
    async fn connect(headers: Headers) -> Result<Session, Reject> {
        Ok(Session { name: headers.name })
    }

    #[on_disconnect]
    async fn disconnect(ctx: Ctx<Session>) {
        let _ = ctx;
    }

    #[middleware]
    async fn named(ctx: Ctx<Session>) -> Result<String, Error> {
        ctx.name.clone().ok_or_else(Error::unauthorized)
    }

    /// Why a line was not said.
    #[error]
    pub enum SayError {
        /// It is too long.
        #[error("{length} is too long")]
        TooLong {
            /// How long it is.
            length: usize,
        },
        /// Any other.
        #[error(transparent)]
        Other(Error),
    }

    /// Messages of a room.
    pub mod room {
        use super::*;

        /// A line was said.
        #[outgoing]
        #[serde(rename_all = "camelCase")]
        pub struct LineSaid {
            /// By whom.
            pub said_by: String,
        }

        #[outgoing]
        pub(crate) struct Secret;

        /// A line to say.
        #[payload]
        pub struct Say {
            /// The line.
            #[schemars(length(min = 1, max = 280))]
            pub text: String,
        }

        #[incoming]
        #[guard(named)]
        async fn say(
            #[from(named)] said_by: String,
            State(limit): State<usize>,
            input: Say,
        ) -> Result<(), SayError> {
            if input.text.len() > limit {
                return Err(SayError::TooLong { length: input.text.len() });
            }
            let _ = send::room::line_said(LineSaid { said_by }).broadcast();
            let _ = send::room::secret(Secret).broadcast();
            Ok(())
        }
    }
}

/// By itself.
#[zocket::payload]
pub struct Alone {
    /// A number.
    pub number: u8,
}

/// By itself, too.
#[zocket::error]
pub enum AloneError {
    /// The only one.
    Only(Alone),
}

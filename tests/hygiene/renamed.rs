//! zocket has another name here, or is reached through another crate.

#![deny(warnings, missing_docs)]
#![forbid(unsafe_code)]

/// What a framework on top of zocket may offer.
pub mod framework {
    pub use other_name as messages;
}

/// Under the other name.
#[other_name::router(crate = other_name)]
pub mod app {
    use other_name::{Ctx, Error, HandshakeParts};

    /// Headers.
    #[other_name::headers]
    pub struct Headers {
        /// Who.
        pub name: Option<String>,
    }

    /// A connection.
    #[context]
    pub struct Session;

    #[on_connect]
    async fn connect(_headers: Headers) -> Session {
        Session
    }

    #[middleware]
    async fn checked(_ctx: Ctx<Session>, _parts: HandshakeParts) -> Result<(), Error> {
        Ok(())
    }

    /// Errors.
    #[error]
    pub enum Refused {
        /// The only one.
        #[error("{0}")]
        Only(String),
    }

    /// Joined.
    #[outgoing]
    #[payload]
    pub struct Joined {
        /// Who.
        pub name: String,
    }

    #[incoming]
    #[guard(checked)]
    async fn join(input: Joined, #[from(checked)] (): ()) -> Result<Joined, Refused> {
        let _ = send::joined(Joined { name: String::new() }).broadcast();
        Ok(input)
    }
}

/// By a path, as text.
#[other_name::router(crate = "crate::framework::messages")]
pub mod by_path {
    /// Left.
    #[outgoing]
    pub struct Left;
}

/// By itself.
#[other_name::payload(crate = "other_name")]
pub struct Alone {
    /// A number.
    pub number: u8,
}

/// By itself, too.
#[other_name::error(crate = crate::framework::messages)]
pub enum AloneError {
    /// The only one.
    Only(Alone),
}

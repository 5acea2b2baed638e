//! A router with something of everything, most of it deprecated: no lint of the compiler's or of Clippy's groups speaks of what
//! the macro makes. The test writes the lints above.

/// The app.
#[zocket::router(rename_all = "camelCase", rename_all_fields = "camelCase")]
#[guard(counted)]
pub mod app {
    use zocket::{ClientId, Ctx, Error, Reject, State, Payload};

    /// Headers.
    #[headers]
    #[derive(Debug)]
    pub struct Headers {
        /// Who.
        #[header(http_only)]
        pub name: Option<String>,
    }

    /// The context.
    #[context]
    #[derive(Debug)]
    pub struct Session {
        name: Option<String>,
    }

    /// A db.
    #[derive(Clone, Copy, Debug)]
    pub struct Db;

    #[on_connect]
    async fn connect(headers: Headers) -> Result<Session, Reject> {
        Ok(Session { name: headers.name })
    }

    #[on_disconnect]
    async fn gone(ctx: Ctx<Session>, State(db): State<Db>) -> Result<(), Error> {
        drop((ctx, db));
        Ok(())
    }

    #[middleware]
    async fn counted(ctx: Ctx<Session>) -> Result<usize, Error> {
        Ok(ctx.name.as_ref().map_or(0, String::len))
    }

    #[middleware]
    async fn seen(payload: Payload<Option<u8>>, #[from(counted)] count: usize) -> Result<usize, Error> {
        Ok(payload.0.map_or(count, usize::from))
    }

    /// Old.
    #[outgoing]
    #[deprecated]
    #[derive(Debug)]
    pub struct Old {
        /// A.
        pub some_name: String,
    }

    /// Older.
    #[outgoing(rename = "older-one")]
    #[payload]
    #[deprecated(note = "use something else")]
    #[derive(Debug)]
    pub enum Older {
        /// A.
        SomeName {
            /// B.
            #[deprecated]
            some_name: String
        },
        /// C.
        #[deprecated]
        Gone,
    }

    /// Fails.
    #[error]
    #[derive(Clone, Copy, Debug)]
    pub enum Failed {
        /// A.
        #[error("{how_many} too many")]
        TooMany {
            /// B.
            how_many: u8 },
        /// B.
        #[deprecated]
        TooFew,
    }

    /// In.
    #[payload]
    #[derive(Debug)]
    pub struct Input {
        /// A.
        #[schemars(length(min = 1))]
        pub some_text: String,
        /// B.
        #[deprecated]
        pub old: Option<u8>,
    }

    /// Posted.
    #[outgoing]
    #[derive(Clone, Copy, Debug)]
    pub struct Posted {
        /// A.
        pub by: ClientId,
    }

    /// A handler.
    #[incoming(concurrent)]
    #[deprecated]
    async fn say(input: Input, client: ClientId, #[from(seen)] _seen: usize) -> Result<usize, Failed> {
        let _delivery = send::posted(Posted { by: client }).to(client);
        Ok(input.some_text.len())
    }

    /// Deep.
    #[guard(counted)]
    #[deprecated]
    pub mod deep {
        /// Pinged.
        #[outgoing]
        #[derive(Clone, Copy, Debug)]
        pub struct Pinged {
            /// A.
            pub count: u8,
        }

        #[incoming]
        async fn ping() {}
    }
}

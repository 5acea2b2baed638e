#[zocket::router]
pub mod app {
    use zocket::{ClientId, Ctx, Error, Reject, State};

    /// From the handshake, validated before the upgrade.
    #[headers]
    pub struct Headers {
        pub authorization: Option<String>,
        /// Set by the proxy.
        #[header(http_only)]
        #[serde(rename = "x-user")]
        pub user: Option<String>,
    }

    /// Lives as long as the connection.
    #[context]
    pub struct Session {
        pub user: Option<User>,
    }

    #[on_connect]
    async fn connect(headers: Headers, client: ClientId) -> Result<Session, Reject> {
        Session::of(headers, client)
    }

    #[on_disconnect]
    async fn disconnect(ctx: Ctx<Session>) {
        tracing::info!(client = %ctx.client_id(), "gone")
    }

    /// Middleware: an async fn that yields a value or refuses the message.
    #[middleware]
    async fn signed_in(ctx: Ctx<Session>) -> Result<User, Error> {
        ctx.user.clone().ok_or(Error::unauthorized())
    }

    pub mod system {
        use super::*;

        #[outgoing]
        pub struct Announcement {
            pub text: String,
        }

        #[payload]
        pub struct Announce {
            #[schemars(length(min = 1, max = 280))]
            pub text: String,
        }

        #[incoming]
        async fn announce(input: Announce) {
            send::system::announcement(Announcement { text: input.text }).broadcast();
        }
    }

    pub mod chat {
        use super::*;

        #[incoming]
        async fn join(
            ctx: Ctx<Session>,
            #[from(signed_in)] user: User,
            State(db): State<Db>,
            input: Join,
        ) -> Result<Joined, JoinError> {
            ctx.rooms().join(&input.room);
            db.joined(user)
        }
    }
}

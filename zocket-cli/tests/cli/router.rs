//! What the servers of these tests serve.
#![allow(unreachable_pub)] // as a user writes it

/// A shop.
#[zocket::router(rename_all = "camelCase")]
pub(crate) mod shop {
    use zocket::{ClientId, Ctx, Reject};

    #[headers]
    pub struct Headers {
        pub authorization: Option<String>,
        /// Who is buying.
        #[serde(rename = "user-name", default)]
        #[schemars(length(max = 8))]
        pub user_name: String,
    }

    #[context]
    pub struct Session {
        pub user_name: String,
    }

    #[on_connect]
    async fn connect(headers: Headers) -> Result<Session, Reject> {
        match headers.authorization.as_deref() {
            None | Some("secret token") => Ok(Session { user_name: headers.user_name }),
            Some(_) => Err(Reject::unauthorized().with_message("this token is not known")),
        }
    }

    /// How to pay.
    #[payload]
    #[serde(tag = "kind", rename_all = "snake_case")]
    pub enum Payment {
        Card {
            #[schemars(regex(pattern = "^[0-9]{16}$"))]
            number: String,
        },
        Invoice {
            #[schemars(range(min = 1, max = 60))]
            days: u8,
        },
    }

    /// Why an order was refused.
    #[error]
    pub enum OrderError {
        /// The article is sold out.
        SoldOut,
        #[error("at most {most} of these")]
        TooMany { most: u32 },
    }

    pub mod stock {
        use super::*;
        use crate::router::shop::send;

        /// The stock has changed.
        #[outgoing]
        pub struct Changed {
            pub article: String,
            pub left: u32,
        }

        /// Something that this test's listeners never ask for.
        #[outgoing]
        pub struct Noise {
            pub text: String,
        }

        #[payload]
        pub struct Order {
            #[schemars(length(min = 1, max = 40))]
            pub article: String,
            #[schemars(range(min = 1, max = 100))]
            pub count: u32,
            pub payment: Option<Payment>,
        }

        #[payload]
        pub struct Receipt {
            pub article: String,
            pub count: u32,
            pub buyer: String,
        }

        /// Orders an article.
        #[incoming]
        async fn order_now(input: Order, ctx: Ctx<Session>) -> Result<Receipt, OrderError> {
            match (&*input.article, input.count) {
                ("gone", _) => Err(OrderError::SoldOut),
                (_, 51..) => Err(OrderError::TooMany { most: 50 }),
                _ => Ok(Receipt { article: input.article, count: input.count, buyer: ctx.user_name.clone() }),
            }
        }

        /// Sends three changes to the caller, with noise between them.
        #[incoming]
        async fn watch(article: String, me: ClientId) -> u32 {
            for left in (0..3).rev() {
                send::stock::noise(Noise { text: "…".into() }).to([me]);
                send::stock::changed(Changed { article: article.clone(), left }).to([me]);
            }
            3
        }

        /// Ends the connection, without an answer.
        #[incoming]
        async fn leave(ctx: Ctx<Session>) {
            ctx.disconnect(zocket::CloseCode::new(4001).expect("a code"), "closing time");
            std::future::pending::<()>().await;
        }
    }

    pub mod exact {
        /// Every digit comes back.
        #[incoming]
        async fn echo(input: i128) -> i128 {
            input
        }

        /// A text that would clear the screen comes back.
        #[incoming]
        async fn text(input: String) -> String {
            input
        }

        /// Nothing comes back, in time.
        #[incoming]
        async fn never() {
            std::future::pending::<()>().await;
        }

        /// It went well.
        #[incoming]
        #[deprecated]
        async fn old() {}
    }
}

pub mod app {
    use zocket::{ClientId, Ctx, Error, Reject, State};
    /// From the handshake, validated before the upgrade.
    #[derive(
        ::zocket::__private::serde::Deserialize,
        ::zocket::__private::schemars::JsonSchema
    )]
    #[serde(crate = "::zocket::__private::serde")]
    #[schemars(crate = "::zocket::__private::schemars")]
    pub struct Headers {
        pub authorization: Option<String>,
        /// Set by the proxy.
        #[schemars(extend("x-zocket-http-only" = true))]
        #[serde(rename = "x-user")]
        pub user: Option<String>,
    }
    /// Lives as long as the connection.
    pub struct Session {
        pub user: Option<User>,
    }
    #[allow(clippy::unused_async)]
    async fn connect(headers: Headers, client: ClientId) -> Result<Session, Reject> {
        Session::of(headers, client)
    }
    #[allow(clippy::unused_async)]
    async fn disconnect(ctx: Ctx<Session>) {
        tracing::info!(client = % ctx.client_id(), "gone")
    }
    #[allow(clippy::unused_async)]
    /// Middleware: an async fn that yields a value or refuses the message.
    async fn signed_in(ctx: Ctx<Session>) -> Result<User, Error> {
        ctx.user.clone().ok_or(Error::unauthorized())
    }
    pub mod system {
        use super::*;
        #[derive(
            ::zocket::__private::serde::Serialize,
            ::zocket::__private::schemars::JsonSchema
        )]
        #[serde(crate = "::zocket::__private::serde")]
        #[schemars(crate = "::zocket::__private::schemars")]
        pub struct Announcement {
            pub text: String,
        }
        #[automatically_derived]
        #[allow(deprecated, unused_mut, unused_imports)]
        impl ::zocket::__private::Faithful for Announcement {
            fn is_faithful(
                seen: &mut ::zocket::__private::Seen,
            ) -> ::zocket::__private::bool {
                use ::zocket::__private::Unknown as _;
                let mut faithful = true;
                if seen.is_new::<Self>() {
                    {
                        faithful
                            &= ::zocket::__private::Probe::<String>::NEW.faithful(seen);
                    }
                }
                faithful
            }
        }
        #[derive(
            ::zocket::__private::serde::Serialize,
            ::zocket::__private::serde::Deserialize,
            ::zocket::__private::schemars::JsonSchema
        )]
        #[serde(crate = "::zocket::__private::serde")]
        #[schemars(crate = "::zocket::__private::schemars")]
        pub struct Announce {
            #[schemars(length(min = 1, max = 280))]
            pub text: String,
        }
        #[allow(clippy::unused_async)]
        async fn announce(input: Announce) {
            send::system::announcement(Announcement { text: input.text }).broadcast();
        }
        #[allow(unused_imports)]
        use ::zocket::__private::{Default as _, From as _, Into as _, ToString as _};
        #[automatically_derived]
        #[allow(deprecated)]
        impl ::zocket::Outgoing for Announcement {
            const ROUTE: &'static ::zocket::__private::str = "system.announcement";
            fn anchor() -> &'static ::zocket::__private::Anchor {
                &super::__ZOCKET
            }
            fn is_faithful() -> ::zocket::__private::bool {
                use ::zocket::__private::Unknown as _;
                ::zocket::__private::Probe::<Self>::NEW
                    .faithful(&mut ::zocket::__private::Default::default())
            }
            fn schema() -> &'static ::zocket::__private::MessageSchema {
                static SCHEMA: ::zocket::__private::MessageSchema = ::zocket::__private::MessageSchema::new();
                &SCHEMA
            }
        }
        #[doc(hidden)]
        #[allow(deprecated, unused_qualifications)]
        pub(super) fn __zocket(
            registry: &mut ::zocket::__private::Registry<
                super::__ZocketContext,
                super::__ZocketState,
            >,
        ) {
            let _ = ::zocket::__private::contexts::<super::__ZocketContext>();
            #[allow(unused_imports)]
            use ::zocket::__private::{
                ReturnsFaithful as _, ReturnsUnknown as _, ReturnsValue as _,
            };
            registry
                .outgoing::<
                    Announcement,
                >(
                    &[],
                    ::zocket::__private::At::new(
                        ::zocket::__private::file!(),
                        ::zocket::__private::line!(),
                        "Announcement",
                    ),
                );
            registry
                .incoming(
                    ::zocket::__private::Incoming::new(
                        "system.announce",
                        &[],
                        ::zocket::__private::At::new(
                            ::zocket::__private::file!(),
                            ::zocket::__private::line!(),
                            "announce",
                        ),
                    ),
                    |description| {
                        <Announce as ::zocket::__private::Argument<
                            super::__ZocketContext,
                            super::__ZocketState,
                            _,
                        >>::describe(description);
                        ::zocket::__private::Returns::<()>::NEW.describe(description);
                        description
                            .faithful_reply(
                                ::zocket::__private::Returns::<()>::NEW.faithful(),
                            );
                    },
                    |mut start| {
                        let early0 = <Announce as ::zocket::__private::Argument<
                            super::__ZocketContext,
                            super::__ZocketState,
                            _,
                        >>::early(&mut start)?;
                        let call = start.into_call();
                        ::zocket::__private::Result::Ok(
                            ::zocket::__private::boxed(async move {
                                let argument0 = <Announce as ::zocket::__private::Argument<
                                    super::__ZocketContext,
                                    super::__ZocketState,
                                    _,
                                >>::late(early0, &call)
                                    .await?;
                                let __zocket_returned = announce(argument0).await;
                                ::zocket::__private::Returns::<()>::NEW
                                    .reply(__zocket_returned, &call)
                            }),
                        )
                    },
                );
        }
        #[allow(unused_imports)]
        use super::__zocket_send::*;
    }
    pub mod chat {
        use super::*;
        #[allow(clippy::unused_async)]
        async fn join(
            ctx: Ctx<Session>,
            user: User,
            State(db): State<Db>,
            input: Join,
        ) -> Result<Joined, JoinError> {
            ctx.rooms().join(&input.room);
            db.joined(user)
        }
        #[doc(hidden)]
        #[allow(deprecated, unused_qualifications)]
        pub(super) fn __zocket(
            registry: &mut ::zocket::__private::Registry<
                super::__ZocketContext,
                super::__ZocketState,
            >,
        ) {
            let _ = ::zocket::__private::contexts::<super::__ZocketContext>();
            #[allow(unused_imports)]
            use ::zocket::__private::{
                ReturnsFaithful as _, ReturnsUnknown as _, ReturnsValue as _,
            };
            registry
                .incoming(
                    ::zocket::__private::Incoming::new(
                        "chat.join",
                        &[],
                        ::zocket::__private::At::new(
                            ::zocket::__private::file!(),
                            ::zocket::__private::line!(),
                            "join",
                        ),
                    ),
                    |description| {
                        <Join as ::zocket::__private::Argument<
                            super::__ZocketContext,
                            super::__ZocketState,
                            _,
                        >>::describe(description);
                        ::zocket::__private::Returns::<Result<Joined, JoinError>>::NEW
                            .describe(description);
                        description
                            .faithful_reply(
                                ::zocket::__private::Returns::<
                                    Result<Joined, JoinError>,
                                >::NEW
                                    .faithful(),
                            );
                        <signed_in as ::zocket::__private::Middleware<
                            super::__ZocketContext,
                            super::__ZocketState,
                        >>::describe(description);
                    },
                    |mut start| {
                        let early3 = <Join as ::zocket::__private::Argument<
                            super::__ZocketContext,
                            super::__ZocketState,
                            _,
                        >>::early(&mut start)?;
                        let call = start.into_call();
                        ::zocket::__private::Result::Ok(
                            ::zocket::__private::boxed(async move {
                                let argument0 = <Ctx<
                                    Session,
                                > as ::zocket::__private::FromCall<
                                    super::__ZocketContext,
                                    super::__ZocketState,
                                >>::from_call(&call)
                                    .await?;
                                let argument1 = <_ as ::zocket::__private::Yields<
                                    User,
                                >>::yielded(
                                    <signed_in as ::zocket::__private::Middleware<
                                        super::__ZocketContext,
                                        super::__ZocketState,
                                    >>::value(&call)
                                        .await?,
                                );
                                let argument2 = <State<
                                    Db,
                                > as ::zocket::__private::FromCall<
                                    super::__ZocketContext,
                                    super::__ZocketState,
                                >>::from_call(&call)
                                    .await?;
                                let argument3 = <Join as ::zocket::__private::Argument<
                                    super::__ZocketContext,
                                    super::__ZocketState,
                                    _,
                                >>::late(early3, &call)
                                    .await?;
                                let __zocket_returned = join(
                                        argument0,
                                        argument1,
                                        argument2,
                                        argument3,
                                    )
                                    .await;
                                ::zocket::__private::Returns::<
                                    Result<Joined, JoinError>,
                                >::NEW
                                    .reply(__zocket_returned, &call)
                            }),
                        )
                    },
                );
        }
        #[allow(unused_imports)]
        use super::__zocket_send::*;
        #[doc(hidden)]
        #[allow(deprecated)]
        pub(super) type __ZocketState0 = Db;
    }
    #[allow(unused_imports)]
    use ::zocket::__private::{Default as _, From as _, Into as _, ToString as _};
    #[doc(hidden)]
    #[allow(
        non_camel_case_types,
        dead_code,
        missing_debug_implementations,
        missing_copy_implementations
    )]
    struct signed_in {}
    #[automatically_derived]
    #[allow(deprecated, unused_qualifications)]
    impl ::zocket::__private::Middleware<__ZocketContext, __ZocketState> for signed_in {
        type Value = <Result<
            User,
            Error,
        > as ::zocket::__private::MiddlewareOutput>::Value;
        fn describe(description: &mut ::zocket::__private::Describe) {
            if !::zocket::__private::Describe::middleware::<Self>(description) {
                return;
            }
            <<Result<
                User,
                Error,
            > as ::zocket::__private::MiddlewareOutput>::Error as ::zocket::__private::TypedError>::describe(
                description.errors(),
            );
        }
        fn copy(value: &Self::Value) -> ::zocket::__private::Option<Self::Value> {
            #[allow(unused_imports)]
            use ::zocket::__private::NotShared as _;
            ::zocket::__private::Shared(value).copy()
        }
        async fn run(
            call: &::zocket::__private::Call<__ZocketContext, __ZocketState>,
        ) -> ::zocket::__private::Result<Self::Value, ::zocket::Error> {
            let _ = ::zocket::__private::contexts::<__ZocketContext>();
            let argument0 = <Ctx<
                Session,
            > as ::zocket::__private::FromCall<
                __ZocketContext,
                __ZocketState,
            >>::from_call(call)
                .await?;
            <Result<
                User,
                Error,
            > as ::zocket::__private::MiddlewareOutput>::into_result(
                    signed_in(argument0).await,
                )
                .map_err(
                    <<Result<
                        User,
                        Error,
                    > as ::zocket::__private::MiddlewareOutput>::Error as ::zocket::__private::TypedError>::into_error,
                )
        }
    }
    #[allow(deprecated, unused_qualifications)]
    type __ZocketContext = Session;
    #[allow(deprecated, unused_qualifications)]
    type __ZocketState = chat::__ZocketState0;
    static __ZOCKET: ::zocket::__private::Anchor = ::zocket::__private::Anchor::new(
        "app",
    );
    #[automatically_derived]
    impl ::zocket::__private::HeadersType for Headers {}
    #[automatically_derived]
    impl<
        St: ::zocket::__private::Send + ::zocket::__private::Sync + 'static,
    > ::zocket::FromHandshake<St> for Headers {
        async fn from_handshake(
            handshake: &::zocket::__private::Handshake<St>,
        ) -> ::zocket::__private::Result<Self, ::zocket::Reject> {
            handshake.headers::<Self>()
        }
    }
    /// The router of this module: `zocket::Server::builder(router())` makes a server of it.
    #[allow(deprecated, private_interfaces, unused_qualifications)]
    pub fn router() -> ::zocket::Router<__ZocketContext, __ZocketState> {
        #[allow(unused_mut)]
        let mut registry = ::zocket::__private::Registry::<
            __ZocketContext,
            __ZocketState,
        >::new(&__ZOCKET, ::zocket::__private::contexts::<__ZocketContext>());
        registry.headers::<Headers>();
        registry
            .on_connect(
                |handshake| ::zocket::__private::boxed(async move {
                    let argument0 = <Headers as ::zocket::__private::FromHandshake<
                        __ZocketState,
                    >>::from_handshake(&handshake)
                        .await?;
                    let argument1 = <ClientId as ::zocket::__private::FromHandshake<
                        __ZocketState,
                    >>::from_handshake(&handshake)
                        .await?;
                    <Result<
                        Session,
                        Reject,
                    > as ::zocket::__private::IntoContext<
                        __ZocketContext,
                    >>::into_context(connect(argument0, argument1).await)
                }),
                ::zocket::__private::At::new(
                    ::zocket::__private::file!(),
                    ::zocket::__private::line!(),
                    "connect",
                ),
            );
        registry
            .on_disconnect(
                |call| ::zocket::__private::boxed(async move {
                    let argument0 = <Ctx<
                        Session,
                    > as ::zocket::__private::FromCall<
                        __ZocketContext,
                        __ZocketState,
                    >>::from_call(&call)
                        .await?;
                    let () = disconnect(argument0).await;
                    ::zocket::__private::Result::Ok(())
                }),
                ::zocket::__private::At::new(
                    ::zocket::__private::file!(),
                    ::zocket::__private::line!(),
                    "disconnect",
                ),
            );
        system::__zocket(&mut registry);
        chat::__zocket(&mut registry);
        registry.finish()
    }
    /// The contract of this module: its routes and the schemas of their messages, as one document.
    pub fn contract() -> ::zocket::Contract {
        router().contract()
    }
    /// Typed senders for the messages of `app`: each makes a message, which goes out with `.broadcast()`, `.to(…)` or `.to_room(…)`.
    pub mod send {
        /// Typed senders for the messages of `system`.
        pub mod system {
            /// Makes the message `system.announcement`.
            pub fn announcement(
                message: super::super::system::Announcement,
            ) -> ::zocket::Message<super::super::system::Announcement> {
                ::zocket::Message::new(message)
            }
        }
    }
    #[doc(hidden)]
    mod __zocket_send {
        pub(super) use super::send;
    }
}

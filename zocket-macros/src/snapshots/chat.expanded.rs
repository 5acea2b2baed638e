/// A chat.
///
/// With everything the macro knows.
#[allow(clippy::pedantic)]
pub mod chat {
    #![allow(unused_imports)]
    use std::collections::HashMap;
    use zocket::{ClientId, Ctx, Error, State};
    const LIMIT: usize = { 3 };
    #[allow(clippy::unused_async)]
    pub(crate) async fn not_banned(
        ctx: Ctx<Session>,
        client: ClientId,
    ) -> Result<(), Banned> {
        Ok(())
    }
    #[allow(clippy::unused_async)]
    async fn signed_in(ctx: Ctx<Session>, (): ()) -> Result<User, Error> {
        ctx.user().ok_or_else(Error::unauthorized)
    }
    #[allow(clippy::unused_async)]
    async fn gone(ctx: Ctx<Session>, State(db): State<Db>) -> Result<(), Error> {
        db.forget(ctx.client_id()).await
    }
    /// The sender is banned.
    #[derive(Debug)]
    pub enum Banned {
        /// Banned until a moment.
        Until {
            /// Seconds since 1970.
            until: u64,
            by_whom: String,
        },
        For(u32),
        Pair(u8, Vec<u8>),
        /// For ever,
        /// and a day.
        ForEver,
        Other(Error),
        #[cfg(feature = "moon")]
        OnTheMoon { phase: u8 },
    }
    /// Somebody joined.
    #[derive(Clone, Serialize)]
    #[derive(renamed::zocket::__private::schemars::JsonSchema)]
    #[schemars(crate = "renamed::zocket::__private::schemars")]
    pub struct UserJoined {
        pub name: String,
    }
    #[deprecated(note = "use joined")]
    #[derive(
        renamed::zocket::__private::serde::Serialize,
        renamed::zocket::__private::serde::Deserialize
    )]
    #[serde(crate = "renamed::zocket::__private::serde")]
    pub(crate) enum Match {
        #[serde(rename = "b")]
        Bye,
    }
    #[automatically_derived]
    #[allow(deprecated, unused_mut, unused_imports)]
    impl renamed::zocket::__private::Faithful for Match {
        fn is_faithful(
            seen: &mut renamed::zocket::__private::Seen,
        ) -> renamed::zocket::__private::bool {
            use renamed::zocket::__private::Unknown as _;
            let mut faithful = true;
            if seen.is_new::<Self>() {}
            faithful
        }
    }
    #[allow(deprecated)]
    const _: () = {
        #[allow(
            dead_code,
            missing_docs,
            missing_debug_implementations,
            missing_copy_implementations
        )]
        #[derive(renamed::zocket::__private::schemars::JsonSchema)]
        #[schemars(crate = "renamed::zocket::__private::schemars")]
        #[schemars(rename = "Match")]
        #[schemars(extend("deprecated" = true))]
        enum __ZocketMatch {
            #[serde(rename = "b")]
            Bye,
        }
        #[automatically_derived]
        impl renamed::zocket::__private::schemars::JsonSchema for Match {
            fn inline_schema() -> renamed::zocket::__private::bool {
                <__ZocketMatch as renamed::zocket::__private::schemars::JsonSchema>::inline_schema()
            }
            fn schema_name() -> renamed::zocket::__private::Cow<
                'static,
                renamed::zocket::__private::str,
            > {
                <__ZocketMatch as renamed::zocket::__private::schemars::JsonSchema>::schema_name()
            }
            fn schema_id() -> renamed::zocket::__private::Cow<
                'static,
                renamed::zocket::__private::str,
            > {
                <__ZocketMatch as renamed::zocket::__private::schemars::JsonSchema>::schema_id()
            }
            fn json_schema(
                generator: &mut renamed::zocket::__private::schemars::SchemaGenerator,
            ) -> renamed::zocket::__private::schemars::Schema {
                <__ZocketMatch as renamed::zocket::__private::schemars::JsonSchema>::json_schema(
                    generator,
                )
            }
        }
    };
    #[allow(clippy::unused_async)]
    /// Posts a line.
    #[deprecated]
    async fn post_line(mut input: Post, tries: Tries) -> Option<Posted> {
        None
    }
    mod direct_messages {
        use super::*;
        #[derive(serde::Serialize, serde::Deserialize)]
        #[derive(renamed::zocket::__private::schemars::JsonSchema)]
        #[schemars(crate = "renamed::zocket::__private::schemars")]
        struct Line(String);
        #[allow(clippy::unused_async)]
        #[cfg(feature = "moon")]
        async fn r#match(Line(text): Line) {}
        #[cfg(unix)]
        pub(super) mod deep {
            #[derive(
                renamed::zocket::__private::serde::Serialize,
                renamed::zocket::__private::schemars::JsonSchema
            )]
            #[serde(crate = "renamed::zocket::__private::serde")]
            #[schemars(crate = "renamed::zocket::__private::schemars")]
            pub struct Ping;
            #[automatically_derived]
            #[allow(deprecated, unused_mut, unused_imports)]
            impl renamed::zocket::__private::Faithful for Ping {
                fn is_faithful(
                    seen: &mut renamed::zocket::__private::Seen,
                ) -> renamed::zocket::__private::bool {
                    use renamed::zocket::__private::Unknown as _;
                    let mut faithful = true;
                    if seen.is_new::<Self>() {}
                    faithful
                }
            }
            #[allow(clippy::unused_async)]
            async fn call(call: super::super::registry::Call, start: State<Db>) -> u32 {
                0
            }
            #[allow(unused_imports)]
            use renamed::zocket::__private::{
                Default as _, From as _, Into as _, ToString as _,
            };
            #[automatically_derived]
            #[allow(deprecated)]
            impl renamed::zocket::Outgoing for Ping {
                const ROUTE: &'static renamed::zocket::__private::str = "v1.chat.directMessages.deep.ping";
                fn anchor() -> &'static renamed::zocket::__private::Anchor {
                    &super::super::__ZOCKET
                }
                fn is_faithful() -> renamed::zocket::__private::bool {
                    use renamed::zocket::__private::Unknown as _;
                    renamed::zocket::__private::Probe::<Self>::NEW
                        .faithful(&mut renamed::zocket::__private::Default::default())
                }
                fn schema() -> &'static renamed::zocket::__private::MessageSchema {
                    static SCHEMA: renamed::zocket::__private::MessageSchema = renamed::zocket::__private::MessageSchema::new();
                    &SCHEMA
                }
            }
            #[doc(hidden)]
            #[allow(deprecated, unused_qualifications)]
            pub(super) fn __zocket(
                registry: &mut renamed::zocket::__private::Registry<
                    super::super::__ZocketContext,
                    super::super::__ZocketState,
                >,
            ) {
                let _ = renamed::zocket::__private::contexts::<
                    super::super::__ZocketContext,
                >();
                #[allow(unused_imports)]
                use renamed::zocket::__private::{
                    ReturnsFaithful as _, ReturnsUnknown as _, ReturnsValue as _,
                };
                registry
                    .outgoing::<
                        Ping,
                    >(
                        &[],
                        renamed::zocket::__private::At::new(
                            renamed::zocket::__private::file!(),
                            renamed::zocket::__private::line!(),
                            "Ping",
                        ),
                    );
                registry
                    .incoming(
                        renamed::zocket::__private::Incoming::new(
                            "v1.chat.directMessages.deep.call",
                            &[],
                            renamed::zocket::__private::At::new(
                                renamed::zocket::__private::file!(),
                                renamed::zocket::__private::line!(),
                                "call",
                            ),
                        ),
                        |description| {
                            <super::super::registry::Call as renamed::zocket::__private::Argument<
                                super::super::__ZocketContext,
                                super::super::__ZocketState,
                                _,
                            >>::describe(description);
                            renamed::zocket::__private::Returns::<u32>::NEW
                                .describe(description);
                            description
                                .faithful_reply(
                                    renamed::zocket::__private::Returns::<u32>::NEW.faithful(),
                                );
                        },
                        |mut start| {
                            let early0 = <super::super::registry::Call as renamed::zocket::__private::Argument<
                                super::super::__ZocketContext,
                                super::super::__ZocketState,
                                _,
                            >>::early(&mut start)?;
                            let call = start.into_call();
                            renamed::zocket::__private::Result::Ok(
                                renamed::zocket::__private::boxed(async move {
                                    let argument0 = <super::super::registry::Call as renamed::zocket::__private::Argument<
                                        super::super::__ZocketContext,
                                        super::super::__ZocketState,
                                        _,
                                    >>::late(early0, &call)
                                        .await?;
                                    let argument1 = <State<
                                        Db,
                                    > as renamed::zocket::__private::FromCall<
                                        super::super::__ZocketContext,
                                        super::super::__ZocketState,
                                    >>::from_call(&call)
                                        .await?;
                                    let __zocket_returned = call(argument0, argument1).await;
                                    renamed::zocket::__private::Returns::<u32>::NEW
                                        .reply(__zocket_returned, &call)
                                }),
                            )
                        },
                    );
            }
            #[allow(unused_imports)]
            use super::super::__zocket_send::*;
        }
        #[allow(unused_imports)]
        use renamed::zocket::__private::{
            Default as _, From as _, Into as _, ToString as _,
        };
        #[doc(hidden)]
        #[allow(deprecated, unused_qualifications)]
        pub(super) fn __zocket(
            registry: &mut renamed::zocket::__private::Registry<
                super::__ZocketContext,
                super::__ZocketState,
            >,
        ) {
            let _ = renamed::zocket::__private::contexts::<super::__ZocketContext>();
            #[allow(unused_imports)]
            use renamed::zocket::__private::{
                ReturnsFaithful as _, ReturnsUnknown as _, ReturnsValue as _,
            };
            #[cfg(feature = "moon")]
            registry
                .incoming(
                    renamed::zocket::__private::Incoming::new(
                        "v1.chat.directMessages.match",
                        &[],
                        renamed::zocket::__private::At::new(
                            renamed::zocket::__private::file!(),
                            renamed::zocket::__private::line!(),
                            "r#match",
                        ),
                    ),
                    |description| {
                        <Line as renamed::zocket::__private::Argument<
                            super::__ZocketContext,
                            super::__ZocketState,
                            _,
                        >>::describe(description);
                        renamed::zocket::__private::Returns::<()>::NEW
                            .describe(description);
                        description
                            .faithful_reply(
                                renamed::zocket::__private::Returns::<()>::NEW.faithful(),
                            );
                    },
                    |mut start| {
                        let early0 = <Line as renamed::zocket::__private::Argument<
                            super::__ZocketContext,
                            super::__ZocketState,
                            _,
                        >>::early(&mut start)?;
                        let call = start.into_call();
                        renamed::zocket::__private::Result::Ok(
                            renamed::zocket::__private::boxed(async move {
                                let argument0 = <Line as renamed::zocket::__private::Argument<
                                    super::__ZocketContext,
                                    super::__ZocketState,
                                    _,
                                >>::late(early0, &call)
                                    .await?;
                                let __zocket_returned = r#match(argument0).await;
                                renamed::zocket::__private::Returns::<()>::NEW
                                    .reply(__zocket_returned, &call)
                            }),
                        )
                    },
                );
            #[cfg(unix)] deep::__zocket(registry);
        }
        #[allow(unused_imports)]
        use super::__zocket_send::*;
    }
    mod untouched {
        fn incoming() {}
    }
    #[allow(unused_imports)]
    use renamed::zocket::__private::{Default as _, From as _, Into as _, ToString as _};
    #[automatically_derived]
    #[allow(deprecated)]
    impl renamed::zocket::Outgoing for UserJoined {
        const ROUTE: &'static renamed::zocket::__private::str = "v1.chat.userJoined";
        fn anchor() -> &'static renamed::zocket::__private::Anchor {
            &__ZOCKET
        }
        fn is_faithful() -> renamed::zocket::__private::bool {
            use renamed::zocket::__private::Unknown as _;
            renamed::zocket::__private::Probe::<Self>::NEW
                .faithful(&mut renamed::zocket::__private::Default::default())
        }
        fn schema() -> &'static renamed::zocket::__private::MessageSchema {
            static SCHEMA: renamed::zocket::__private::MessageSchema = renamed::zocket::__private::MessageSchema::new();
            &SCHEMA
        }
    }
    #[automatically_derived]
    #[allow(deprecated)]
    impl renamed::zocket::Outgoing for Match {
        const ROUTE: &'static renamed::zocket::__private::str = "v1.chat.left";
        fn anchor() -> &'static renamed::zocket::__private::Anchor {
            &__ZOCKET
        }
        fn is_faithful() -> renamed::zocket::__private::bool {
            use renamed::zocket::__private::Unknown as _;
            renamed::zocket::__private::Probe::<Self>::NEW
                .faithful(&mut renamed::zocket::__private::Default::default())
        }
        fn schema() -> &'static renamed::zocket::__private::MessageSchema {
            static SCHEMA: renamed::zocket::__private::MessageSchema = renamed::zocket::__private::MessageSchema::new();
            &SCHEMA
        }
    }
    #[allow(deprecated)]
    const _: () = {
        #[allow(unused_imports)]
        use renamed::zocket::__private::{
            Default as _, From as _, Into as _, ToString as _,
        };
        #[allow(dead_code)]
        #[derive(
            renamed::zocket::__private::serde::Serialize,
            renamed::zocket::__private::schemars::JsonSchema
        )]
        #[serde(crate = "renamed::zocket::__private::serde")]
        #[schemars(
            crate = "renamed::zocket::__private::schemars",
            rename = "BannedUntil",
            inline
        )]
        #[serde(rename_all = "camelCase")]
        struct __ZocketUntil {
            /// Seconds since 1970.
            #[serde(rename = "untilSecond")]
            until: u64,
            by_whom: String,
        }
        #[allow(dead_code)]
        #[derive(
            renamed::zocket::__private::serde::Serialize,
            renamed::zocket::__private::schemars::JsonSchema
        )]
        #[serde(crate = "renamed::zocket::__private::serde")]
        #[schemars(
            crate = "renamed::zocket::__private::schemars",
            rename = "BannedFor",
            inline
        )]
        struct __ZocketFor(u32);
        #[allow(dead_code)]
        #[derive(
            renamed::zocket::__private::serde::Serialize,
            renamed::zocket::__private::schemars::JsonSchema
        )]
        #[serde(crate = "renamed::zocket::__private::serde")]
        #[schemars(
            crate = "renamed::zocket::__private::schemars",
            rename = "BannedPair",
            inline
        )]
        struct __ZocketPair(u8, Vec<u8>);
        #[cfg(feature = "moon")]
        #[allow(dead_code)]
        #[derive(
            renamed::zocket::__private::serde::Serialize,
            renamed::zocket::__private::schemars::JsonSchema
        )]
        #[serde(crate = "renamed::zocket::__private::serde")]
        #[schemars(
            crate = "renamed::zocket::__private::schemars",
            rename = "BannedOnTheMoon",
            inline
        )]
        struct __ZocketOnTheMoon {
            phase: u8,
        }
        #[automatically_derived]
        impl renamed::zocket::__private::fmt::Display for Banned {
            fn fmt(
                &self,
                formatter: &mut renamed::zocket::__private::fmt::Formatter<'_>,
            ) -> renamed::zocket::__private::fmt::Result {
                match self {
                    Self::Until { until: field0, by_whom: field1, .. } => {
                        renamed::zocket::__private::fmt::Formatter::write_fmt(
                            formatter,
                            renamed::zocket::__private::format_args!(
                                "banned until {field0:?} {{by {field1}}}",
                                field0 = field0,
                                field1 = field1,
                            ),
                        )
                    }
                    Self::For { .. } => {
                        renamed::zocket::__private::fmt::Formatter::write_str(
                            formatter,
                            "for",
                        )
                    }
                    Self::Pair { 0: field0, 1: field1, .. } => {
                        renamed::zocket::__private::fmt::Formatter::write_fmt(
                            formatter,
                            renamed::zocket::__private::format_args!(
                                "{field0} of {field1:?}",
                                field0 = field0,
                                field1 = field1,
                            ),
                        )
                    }
                    Self::ForEver { .. } => {
                        renamed::zocket::__private::fmt::Formatter::write_str(
                            formatter,
                            "For ever, and a day.",
                        )
                    }
                    Self::Other { 0: inner } => {
                        renamed::zocket::__private::fmt::Display::fmt(inner, formatter)
                    }
                    #[cfg(feature = "moon")]
                    Self::OnTheMoon { .. } => {
                        renamed::zocket::__private::fmt::Formatter::write_str(
                            formatter,
                            "on the moon",
                        )
                    }
                }
            }
        }
        #[automatically_derived]
        impl renamed::zocket::TypedError for Banned {
            fn into_error(self) -> renamed::zocket::Error {
                match self {
                    Self::Until { until: field0, by_whom: field1 } => {
                        renamed::zocket::Error::new(
                                "BANNED",
                                renamed::zocket::__private::format!(
                                    "banned until {field0:?} {{by {field1}}}",
                                    field0 = field0,
                                    field1 = field1,
                                ),
                            )
                            .with_data(
                                &__ZocketUntil {
                                    until: field0,
                                    by_whom: field1,
                                },
                            )
                    }
                    Self::For { 0: field0 } => {
                        renamed::zocket::Error::new("FOR", "for")
                            .with_data(&__ZocketFor { 0: field0 })
                    }
                    Self::Pair { 0: field0, 1: field1 } => {
                        renamed::zocket::Error::new(
                                "PAIR",
                                renamed::zocket::__private::format!(
                                    "{field0} of {field1:?}",
                                    field0 = field0,
                                    field1 = field1,
                                ),
                            )
                            .with_data(
                                &__ZocketPair {
                                    0: field0,
                                    1: field1,
                                },
                            )
                    }
                    Self::ForEver { .. } => {
                        renamed::zocket::Error::new("FOR_EVER", "For ever, and a day.")
                    }
                    Self::Other { 0: inner } => {
                        renamed::zocket::TypedError::into_error(inner)
                    }
                    #[cfg(feature = "moon")]
                    Self::OnTheMoon { phase: field0 } => {
                        renamed::zocket::Error::new("ON_THE_MOON", "on the moon")
                            .with_data(&__ZocketOnTheMoon { phase: field0 })
                    }
                }
            }
            fn describe(errors: &mut renamed::zocket::__private::Errors) {
                renamed::zocket::__private::Errors::variant::<
                    __ZocketUntil,
                >(errors, "BANNED", &["Banned until a moment."]);
                renamed::zocket::__private::Errors::variant::<
                    __ZocketFor,
                >(errors, "FOR", &[]);
                renamed::zocket::__private::Errors::variant::<
                    __ZocketPair,
                >(errors, "PAIR", &[]);
                renamed::zocket::__private::Errors::bare(
                    errors,
                    "FOR_EVER",
                    &["For ever,\nand a day."],
                );
                <Error as renamed::zocket::TypedError>::describe(errors);
                #[cfg(feature = "moon")]
                renamed::zocket::__private::Errors::variant::<
                    __ZocketOnTheMoon,
                >(errors, "ON_THE_MOON", &[]);
            }
        }
        #[automatically_derived]
        impl renamed::zocket::__private::From<Error> for Banned {
            fn from(inner: Error) -> Self {
                Self::Other { 0: inner }
            }
        }
        #[automatically_derived]
        impl renamed::zocket::__private::From<Banned> for renamed::zocket::Error {
            fn from(error: Banned) -> Self {
                renamed::zocket::TypedError::into_error(error)
            }
        }
    };
    #[doc(hidden)]
    #[allow(
        non_camel_case_types,
        dead_code,
        missing_debug_implementations,
        missing_copy_implementations
    )]
    pub(crate) struct not_banned {}
    #[automatically_derived]
    #[allow(deprecated, unused_qualifications)]
    impl renamed::zocket::__private::Middleware<__ZocketContext, __ZocketState>
    for not_banned {
        type Value = <Result<
            (),
            Banned,
        > as renamed::zocket::__private::MiddlewareOutput>::Value;
        fn describe(description: &mut renamed::zocket::__private::Describe) {
            if !renamed::zocket::__private::Describe::middleware::<Self>(description) {
                return;
            }
            <<Result<
                (),
                Banned,
            > as renamed::zocket::__private::MiddlewareOutput>::Error as renamed::zocket::__private::TypedError>::describe(
                description.errors(),
            );
        }
        fn copy(value: &Self::Value) -> renamed::zocket::__private::Option<Self::Value> {
            #[allow(unused_imports)]
            use renamed::zocket::__private::NotShared as _;
            renamed::zocket::__private::Shared(value).copy()
        }
        async fn run(
            call: &renamed::zocket::__private::Call<__ZocketContext, __ZocketState>,
        ) -> renamed::zocket::__private::Result<Self::Value, renamed::zocket::Error> {
            let _ = renamed::zocket::__private::contexts::<__ZocketContext>();
            let argument0 = <Ctx<
                Session,
            > as renamed::zocket::__private::FromCall<
                __ZocketContext,
                __ZocketState,
            >>::from_call(call)
                .await?;
            let argument1 = <ClientId as renamed::zocket::__private::FromCall<
                __ZocketContext,
                __ZocketState,
            >>::from_call(call)
                .await?;
            <Result<
                (),
                Banned,
            > as renamed::zocket::__private::MiddlewareOutput>::into_result(
                    not_banned(argument0, argument1).await,
                )
                .map_err(
                    <<Result<
                        (),
                        Banned,
                    > as renamed::zocket::__private::MiddlewareOutput>::Error as renamed::zocket::__private::TypedError>::into_error,
                )
        }
    }
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
    impl renamed::zocket::__private::Middleware<__ZocketContext, __ZocketState>
    for signed_in {
        type Value = <Result<
            User,
            Error,
        > as renamed::zocket::__private::MiddlewareOutput>::Value;
        fn describe(description: &mut renamed::zocket::__private::Describe) {
            if !renamed::zocket::__private::Describe::middleware::<Self>(description) {
                return;
            }
            <<Result<
                User,
                Error,
            > as renamed::zocket::__private::MiddlewareOutput>::Error as renamed::zocket::__private::TypedError>::describe(
                description.errors(),
            );
            <not_banned as renamed::zocket::__private::Middleware<
                __ZocketContext,
                __ZocketState,
            >>::describe(description);
        }
        fn copy(value: &Self::Value) -> renamed::zocket::__private::Option<Self::Value> {
            #[allow(unused_imports)]
            use renamed::zocket::__private::NotShared as _;
            renamed::zocket::__private::Shared(value).copy()
        }
        async fn run(
            call: &renamed::zocket::__private::Call<__ZocketContext, __ZocketState>,
        ) -> renamed::zocket::__private::Result<Self::Value, renamed::zocket::Error> {
            let _ = renamed::zocket::__private::contexts::<__ZocketContext>();
            let argument0 = <Ctx<
                Session,
            > as renamed::zocket::__private::FromCall<
                __ZocketContext,
                __ZocketState,
            >>::from_call(call)
                .await?;
            let argument1 = <_ as renamed::zocket::__private::Yields<
                (),
            >>::yielded(
                <not_banned as renamed::zocket::__private::Middleware<
                    __ZocketContext,
                    __ZocketState,
                >>::value(call)
                    .await?,
            );
            <Result<
                User,
                Error,
            > as renamed::zocket::__private::MiddlewareOutput>::into_result(
                    signed_in(argument0, argument1).await,
                )
                .map_err(
                    <<Result<
                        User,
                        Error,
                    > as renamed::zocket::__private::MiddlewareOutput>::Error as renamed::zocket::__private::TypedError>::into_error,
                )
        }
    }
    #[allow(deprecated, unused_qualifications)]
    type __ZocketContext = crate::Session;
    #[allow(deprecated, unused_qualifications)]
    type __ZocketState = Db;
    static __ZOCKET: renamed::zocket::__private::Anchor = renamed::zocket::__private::Anchor::new(
        "chat",
    );
    /// The router of this module: `zocket::Server::builder(router())` makes a server of it.
    #[allow(deprecated, private_interfaces, unused_qualifications)]
    pub fn router() -> renamed::zocket::Router<__ZocketContext, __ZocketState> {
        #[allow(unused_mut)]
        let mut registry = renamed::zocket::__private::Registry::<
            __ZocketContext,
            __ZocketState,
        >::new(&__ZOCKET, renamed::zocket::__private::contexts::<__ZocketContext>());
        registry.description(&["A chat.\n\nWith everything the macro knows."]);
        registry
            .on_disconnect(
                |call| renamed::zocket::__private::boxed(async move {
                    let argument0 = <Ctx<
                        Session,
                    > as renamed::zocket::__private::FromCall<
                        __ZocketContext,
                        __ZocketState,
                    >>::from_call(&call)
                        .await?;
                    let argument1 = <State<
                        Db,
                    > as renamed::zocket::__private::FromCall<
                        __ZocketContext,
                        __ZocketState,
                    >>::from_call(&call)
                        .await?;
                    <Result<
                        (),
                        Error,
                    > as renamed::zocket::__private::Ends>::into_result(
                        gone(argument0, argument1).await,
                    )
                }),
                renamed::zocket::__private::At::new(
                    renamed::zocket::__private::file!(),
                    renamed::zocket::__private::line!(),
                    "gone",
                ),
            );
        registry.guard_namespace::<not_banned>("v1.chat");
        #[allow(unused_imports)]
        use renamed::zocket::__private::{
            ReturnsFaithful as _, ReturnsUnknown as _, ReturnsValue as _,
        };
        registry
            .outgoing::<
                UserJoined,
            >(
                &["Somebody joined."],
                renamed::zocket::__private::At::new(
                    renamed::zocket::__private::file!(),
                    renamed::zocket::__private::line!(),
                    "UserJoined",
                ),
            );
        registry
            .outgoing::<
                Match,
            >(
                &[],
                renamed::zocket::__private::At::new(
                    renamed::zocket::__private::file!(),
                    renamed::zocket::__private::line!(),
                    "Match",
                ),
            )
            .deprecated(true);
        registry
            .incoming(
                renamed::zocket::__private::Incoming::new(
                        "v1.chat.post",
                        &["Posts a line."],
                        renamed::zocket::__private::At::new(
                            renamed::zocket::__private::file!(),
                            renamed::zocket::__private::line!(),
                            "post_line",
                        ),
                    )
                    .concurrent()
                    .deprecated(true),
                |description| {
                    <Post as renamed::zocket::__private::Argument<
                        __ZocketContext,
                        __ZocketState,
                        _,
                    >>::describe(description);
                    <Tries as renamed::zocket::__private::Argument<
                        __ZocketContext,
                        __ZocketState,
                        _,
                    >>::describe(description);
                    renamed::zocket::__private::Returns::<Option<Posted>>::NEW
                        .describe(description);
                    description
                        .faithful_reply(
                            renamed::zocket::__private::Returns::<Option<Posted>>::NEW
                                .faithful(),
                        );
                },
                |mut start| {
                    let early0 = <Post as renamed::zocket::__private::Argument<
                        __ZocketContext,
                        __ZocketState,
                        _,
                    >>::early(&mut start)?;
                    let early1 = <Tries as renamed::zocket::__private::Argument<
                        __ZocketContext,
                        __ZocketState,
                        _,
                    >>::early(&mut start)?;
                    let call = start.into_call();
                    renamed::zocket::__private::Result::Ok(
                        renamed::zocket::__private::boxed(async move {
                            let argument0 = <Post as renamed::zocket::__private::Argument<
                                __ZocketContext,
                                __ZocketState,
                                _,
                            >>::late(early0, &call)
                                .await?;
                            let argument1 = <Tries as renamed::zocket::__private::Argument<
                                __ZocketContext,
                                __ZocketState,
                                _,
                            >>::late(early1, &call)
                                .await?;
                            let __zocket_returned = post_line(argument0, argument1)
                                .await;
                            renamed::zocket::__private::Returns::<Option<Posted>>::NEW
                                .reply(__zocket_returned, &call)
                        }),
                    )
                },
            );
        registry.guard::<signed_in>();
        const _: () = renamed::zocket::__private::assert!(
            !(<Post as renamed::zocket::__private::Argument<
                __ZocketContext,
                __ZocketState,
                _,
            >>::PAYLOAD
                && <Tries as renamed::zocket::__private::Argument<
                    __ZocketContext,
                    __ZocketState,
                    _,
                >>::PAYLOAD),
            "`post_line` takes two payloads, but a message has one\nhelp: put both into one `#[payload]` struct",
        );
        registry.guard_namespace::<signed_in>("v1.chat.directMessages");
        {
            #[allow(unused_imports)]
            use renamed::zocket::__private::no_middleware::*;
            #[allow(unused_imports)]
            use admin::is_admin as __ZocketMiddleware;
            registry.guard_namespace::<__ZocketMiddleware>("v1.chat.directMessages");
        }
        direct_messages::__zocket(&mut registry);
        registry.finish()
    }
    /// The contract of this module: its routes and the schemas of their messages, as one document.
    pub fn contract() -> renamed::zocket::Contract {
        router().contract()
    }
    /// Typed senders for the messages of `chat`: each makes a message, which goes out with `.broadcast()`, `.to(…)` or `.to_room(…)`.
    pub mod send {
        /// Somebody joined.
        ///
        /// Route: `v1.chat.userJoined`.
        pub fn user_joined(
            message: super::UserJoined,
        ) -> renamed::zocket::Message<super::UserJoined> {
            renamed::zocket::Message::new(message)
        }
        /// Makes the message `v1.chat.left`.
        #[deprecated(note = "use joined")]
        #[allow(deprecated)]
        pub(crate) fn left(
            message: super::Match,
        ) -> renamed::zocket::Message<super::Match> {
            renamed::zocket::Message::new(message)
        }
        /// Typed senders for the messages of `v1.chat.directMessages`.
        pub mod direct_messages {
            #[cfg(unix)]
            /// Typed senders for the messages of `v1.chat.directMessages.deep`.
            pub mod deep {
                /// Makes the message `v1.chat.directMessages.deep.ping`.
                pub fn ping(
                    message: super::super::super::direct_messages::deep::Ping,
                ) -> renamed::zocket::Message<
                    super::super::super::direct_messages::deep::Ping,
                > {
                    renamed::zocket::Message::new(message)
                }
            }
        }
    }
    #[doc(hidden)]
    mod __zocket_send {
        pub(super) use super::send;
    }
}

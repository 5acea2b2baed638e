pub mod app {
    use super::*;
    pub enum LoanError {
        /// Somebody else has it.
        Lent { until: u64 },
        Lost,
        Other(zocket::Error),
    }
    #[allow(clippy::unused_async)]
    async fn opening_hours() -> String {
        "always".to_owned()
    }
    pub mod books {
        use super::*;
        #[derive(
            ::zocket::__private::serde::Serialize,
            ::zocket::__private::serde::Deserialize,
            ::zocket::__private::schemars::JsonSchema
        )]
        #[serde(crate = "::zocket::__private::serde")]
        #[schemars(crate = "::zocket::__private::schemars")]
        pub struct Loan {
            pub title: String,
        }
        #[automatically_derived]
        #[allow(deprecated, unused_mut, unused_imports)]
        impl ::zocket::__private::Faithful for Loan {
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
        #[allow(clippy::unused_async)]
        async fn lend(reader: Reader, loan: Loan) -> Result<u64, LoanError> {
            Err(LoanError::Lost)
        }
        #[allow(clippy::unused_async)]
        async fn r#match(title: String) -> Answer {
            None
        }
        #[allow(unused_imports)]
        use ::zocket::__private::{Default as _, From as _, Into as _, ToString as _};
        #[doc(hidden)]
        /// A call of `books.lend`.
        #[allow(
            dead_code,
            deprecated,
            private_bounds,
            private_interfaces,
            unreachable_pub,
            unused_qualifications,
            clippy::type_complexity
        )]
        #[inline]
        #[track_caller]
        pub fn __zocket_call_lend<__ZocketV>(
            payload: <(
                Reader,
                (Loan, ()),
            ) as ::zocket::__private::Asked<
                super::__ZocketContext,
                super::__ZocketState,
                __ZocketV,
            >>::Payload,
        ) -> ::zocket::__private::Ask<
            <Result<
                u64,
                LoanError,
            > as ::zocket::__private::Answers<::zocket::__private::ViaResult>>::Reply,
            <Result<
                u64,
                LoanError,
            > as ::zocket::__private::Answers<::zocket::__private::ViaResult>>::Error,
        >
        where
            (
                Reader,
                (Loan, ()),
            ): ::zocket::__private::Asked<
                super::__ZocketContext,
                super::__ZocketState,
                __ZocketV,
            >,
            <(
                Reader,
                (Loan, ()),
            ) as ::zocket::__private::Asked<
                super::__ZocketContext,
                super::__ZocketState,
                __ZocketV,
            >>::Payload: ::zocket::__private::SendPayload,
        {
            ::zocket::__private::Ask::new("books.lend", &payload)
        }
        #[doc(hidden)]
        /// A call of `books.find`.
        #[allow(
            dead_code,
            deprecated,
            private_bounds,
            private_interfaces,
            unreachable_pub,
            unused_qualifications,
            clippy::type_complexity
        )]
        #[inline]
        #[track_caller]
        pub fn __zocket_call_match<__ZocketV, __ZocketW>(
            payload: <(
                String,
                (),
            ) as ::zocket::__private::Asked<
                super::__ZocketContext,
                super::__ZocketState,
                __ZocketV,
            >>::Payload,
        ) -> ::zocket::__private::Ask<
            <Answer as ::zocket::__private::Answers<__ZocketW>>::Reply,
            <Answer as ::zocket::__private::Answers<__ZocketW>>::Error,
        >
        where
            (
                String,
                (),
            ): ::zocket::__private::Asked<
                super::__ZocketContext,
                super::__ZocketState,
                __ZocketV,
            >,
            <(
                String,
                (),
            ) as ::zocket::__private::Asked<
                super::__ZocketContext,
                super::__ZocketState,
                __ZocketV,
            >>::Payload: ::zocket::__private::SendPayload,
            Answer: ::zocket::__private::Answers<__ZocketW>,
        {
            ::zocket::__private::Ask::new("books.find", &payload)
        }
        #[doc(hidden)]
        #[allow(deprecated, unused_qualifications)]
        pub(super) fn __zocket(
            registry: &mut ::zocket::__private::Registry<
                super::__ZocketContext,
                super::__ZocketState,
            >,
        ) {
            #[allow(unused_imports)]
            use ::zocket::__private::{
                ReturnsFaithful as _, ReturnsUnknown as _, ReturnsValue as _,
            };
            registry
                .incoming(
                    ::zocket::__private::Incoming::new(
                        "books.lend",
                        &[],
                        ::zocket::__private::At::new(
                            ::zocket::__private::file!(),
                            ::zocket::__private::line!(),
                            "lend",
                        ),
                    ),
                    |description| {
                        <Reader as ::zocket::__private::Argument<
                            super::__ZocketContext,
                            super::__ZocketState,
                            _,
                        >>::describe(description);
                        <Loan as ::zocket::__private::Argument<
                            super::__ZocketContext,
                            super::__ZocketState,
                            _,
                        >>::describe(description);
                        ::zocket::__private::Returns::<Result<u64, LoanError>>::NEW
                            .describe(description);
                        description
                            .faithful_reply(
                                ::zocket::__private::Returns::<Result<u64, LoanError>>::NEW
                                    .faithful(),
                            );
                    },
                    |mut start| {
                        let early0 = <Reader as ::zocket::__private::Argument<
                            super::__ZocketContext,
                            super::__ZocketState,
                            _,
                        >>::early(&mut start)?;
                        let early1 = <Loan as ::zocket::__private::Argument<
                            super::__ZocketContext,
                            super::__ZocketState,
                            _,
                        >>::early(&mut start)?;
                        let call = start.into_call();
                        ::zocket::__private::Result::Ok(
                            ::zocket::__private::boxed(async move {
                                let argument0 = <Reader as ::zocket::__private::Argument<
                                    super::__ZocketContext,
                                    super::__ZocketState,
                                    _,
                                >>::late(early0, &call)
                                    .await?;
                                let argument1 = <Loan as ::zocket::__private::Argument<
                                    super::__ZocketContext,
                                    super::__ZocketState,
                                    _,
                                >>::late(early1, &call)
                                    .await?;
                                let __zocket_returned = lend(argument0, argument1).await;
                                ::zocket::__private::Returns::<Result<u64, LoanError>>::NEW
                                    .reply(__zocket_returned, &call)
                            }),
                        )
                    },
                );
            const _: () = ::zocket::__private::assert!(
                !(<Reader as ::zocket::__private::Argument<
                    super::__ZocketContext,
                    super::__ZocketState,
                    _,
                >>::PAYLOAD
                    && <Loan as ::zocket::__private::Argument<
                        super::__ZocketContext,
                        super::__ZocketState,
                        _,
                    >>::PAYLOAD),
                "`lend` takes two payloads, but a message has one\nhelp: put both into one `#[payload]` struct",
            );
            registry
                .incoming(
                    ::zocket::__private::Incoming::new(
                        "books.find",
                        &[],
                        ::zocket::__private::At::new(
                            ::zocket::__private::file!(),
                            ::zocket::__private::line!(),
                            "r#match",
                        ),
                    ),
                    |description| {
                        <String as ::zocket::__private::Argument<
                            super::__ZocketContext,
                            super::__ZocketState,
                            _,
                        >>::describe(description);
                        ::zocket::__private::Returns::<Answer>::NEW
                            .describe(description);
                        description
                            .faithful_reply(
                                ::zocket::__private::Returns::<Answer>::NEW.faithful(),
                            );
                    },
                    |mut start| {
                        let early0 = <String as ::zocket::__private::Argument<
                            super::__ZocketContext,
                            super::__ZocketState,
                            _,
                        >>::early(&mut start)?;
                        let call = start.into_call();
                        ::zocket::__private::Result::Ok(
                            ::zocket::__private::boxed(async move {
                                let argument0 = <String as ::zocket::__private::Argument<
                                    super::__ZocketContext,
                                    super::__ZocketState,
                                    _,
                                >>::late(early0, &call)
                                    .await?;
                                let __zocket_returned = r#match(argument0).await;
                                ::zocket::__private::Returns::<Answer>::NEW
                                    .reply(__zocket_returned, &call)
                            }),
                        )
                    },
                );
        }
        #[allow(unused_imports)]
        use super::__zocket_send::*;
    }
    #[allow(deprecated)]
    const _: () = {
        #[allow(unused_imports)]
        use ::zocket::__private::{Default as _, From as _, Into as _, ToString as _};
        #[allow(dead_code)]
        #[derive(
            ::zocket::__private::serde::Serialize,
            ::zocket::__private::serde::Deserialize,
            ::zocket::__private::schemars::JsonSchema
        )]
        #[serde(crate = "::zocket::__private::serde")]
        #[schemars(
            crate = "::zocket::__private::schemars",
            rename = "LoanErrorLent",
            inline
        )]
        #[serde(
            bound(deserialize = "u64: ::zocket::__private::serde::Deserialize<'de>")
        )]
        struct __ZocketLent {
            until: u64,
        }
        #[automatically_derived]
        impl ::zocket::__private::fmt::Display for LoanError {
            fn fmt(
                &self,
                formatter: &mut ::zocket::__private::fmt::Formatter<'_>,
            ) -> ::zocket::__private::fmt::Result {
                match self {
                    Self::Lent { until: field0, .. } => {
                        ::zocket::__private::fmt::Formatter::write_fmt(
                            formatter,
                            ::zocket::__private::format_args!(
                                "lent until {field0}",
                                field0 = field0,
                            ),
                        )
                    }
                    Self::Lost { .. } => {
                        ::zocket::__private::fmt::Formatter::write_str(formatter, "lost")
                    }
                    Self::Other { 0: inner } => {
                        ::zocket::__private::fmt::Display::fmt(inner, formatter)
                    }
                }
            }
        }
        #[automatically_derived]
        impl ::zocket::TypedError for LoanError {
            fn into_error(self) -> ::zocket::Error {
                match self {
                    Self::Lent { until: field0 } => {
                        ::zocket::Error::new(
                                "LENT",
                                ::zocket::__private::format!(
                                    "lent until {field0}",
                                    field0 = field0,
                                ),
                            )
                            .with_data(&__ZocketLent { until: field0 })
                    }
                    Self::Lost { .. } => ::zocket::Error::new("LOST", "lost"),
                    Self::Other { 0: inner } => ::zocket::TypedError::into_error(inner),
                }
            }
            fn describe(errors: &mut ::zocket::__private::Errors) {
                ::zocket::__private::Errors::variant::<
                    __ZocketLent,
                >(errors, "LENT", &["Somebody else has it."]);
                ::zocket::__private::Errors::bare(errors, "LOST", &[]);
                <zocket::Error as ::zocket::TypedError>::describe(errors);
            }
            fn from_error(
                error: ::zocket::Error,
            ) -> ::zocket::__private::Result<Self, ::zocket::Error> {
                #[allow(unused_imports)]
                use ::zocket::__private::UnreadData as _;
                if ::zocket::Error::code(&error) == "LENT" {
                    return ::zocket::__private::ErrorData::<__ZocketLent>::NEW
                        .read(error, "LoanError::Lent")
                        .map(|__ZocketLent { until: field0 }| Self::Lent {
                            until: field0,
                        });
                }
                if ::zocket::Error::code(&error) == "LOST" {
                    return ::zocket::__private::Result::Ok(Self::Lost {});
                }
                let error = match <zocket::Error as ::zocket::TypedError>::from_error(
                    error,
                ) {
                    ::zocket::__private::Result::Ok(inner) => {
                        return ::zocket::__private::Result::Ok(Self::Other { 0: inner });
                    }
                    ::zocket::__private::Result::Err(error) => error,
                };
                ::zocket::__private::Result::Err(error)
            }
        }
        #[automatically_derived]
        impl ::zocket::__private::From<zocket::Error> for LoanError {
            fn from(inner: zocket::Error) -> Self {
                Self::Other { 0: inner }
            }
        }
        #[automatically_derived]
        impl ::zocket::__private::From<LoanError> for ::zocket::Error {
            fn from(error: LoanError) -> Self {
                ::zocket::TypedError::into_error(error)
            }
        }
    };
    #[doc(hidden)]
    /// A call of `opening_hours`.
    #[allow(
        dead_code,
        deprecated,
        private_bounds,
        private_interfaces,
        unreachable_pub,
        unused_qualifications,
        clippy::type_complexity
    )]
    #[inline]
    #[track_caller]
    pub fn __zocket_call_opening_hours() -> ::zocket::__private::Ask<
        String,
        ::zocket::__private::NoError,
    > {
        ::zocket::__private::Ask::new("opening_hours", &())
    }
    type __ZocketContext = ();
    type __ZocketState = ::zocket::__private::NoState;
    static __ZOCKET: ::zocket::__private::Anchor = ::zocket::__private::Anchor::new(
        "app",
    );
    /// The router of this module: `zocket::Server::builder(router())` makes a server of it.
    #[allow(deprecated, private_interfaces, unused_qualifications)]
    pub fn router() -> ::zocket::Router<__ZocketContext, __ZocketState> {
        #[allow(unused_mut)]
        let mut registry = ::zocket::__private::Registry::<
            __ZocketContext,
            __ZocketState,
        >::new(&__ZOCKET, ::zocket::__private::contexts::<__ZocketContext>());
        #[allow(unused_imports)]
        use ::zocket::__private::{
            ReturnsFaithful as _, ReturnsUnknown as _, ReturnsValue as _,
        };
        registry
            .incoming(
                ::zocket::__private::Incoming::new(
                    "opening_hours",
                    &[],
                    ::zocket::__private::At::new(
                        ::zocket::__private::file!(),
                        ::zocket::__private::line!(),
                        "opening_hours",
                    ),
                ),
                |description| {
                    ::zocket::__private::Returns::<String>::NEW.describe(description);
                    description
                        .faithful_reply(
                            ::zocket::__private::Returns::<String>::NEW.faithful(),
                        );
                },
                |start| {
                    let call = start.into_call();
                    ::zocket::__private::Result::Ok(
                        ::zocket::__private::boxed(async move {
                            let __zocket_returned = opening_hours().await;
                            ::zocket::__private::Returns::<String>::NEW
                                .reply(__zocket_returned, &call)
                        }),
                    )
                },
            );
        books::__zocket(&mut registry);
        registry.finish()
    }
    /// The contract of this module: its routes and the schemas of their messages, as one document.
    pub fn contract() -> ::zocket::Contract {
        router().contract()
    }
    /// Typed senders for the messages of `app`: each makes a message, which goes out with `.broadcast()`, `.to(…)` or `.to_room(…)`.
    pub mod send {}
    /// The calls of the handlers of `app`, for `zocket::testing::Client::ask`.
    #[allow(deprecated, unused_imports, unreachable_pub)]
    pub mod calls {
        pub use super::__zocket_call_opening_hours as opening_hours;
        /// The calls of the handlers of `books`.
        pub mod books {
            pub use super::super::books::__zocket_call_lend as lend;
            pub use super::super::books::__zocket_call_match as r#match;
        }
    }
    #[doc(hidden)]
    mod __zocket_send {
        pub(super) use super::send;
    }
}

//! The user's names may be those of the standard library: generated code does not see them.

#![deny(warnings)]
#![allow(dead_code, unused_macros, unused_imports)]
#![allow(non_camel_case_types, non_snake_case, non_upper_case_globals)]

#[zocket::router]
pub mod app {
    pub struct Vec;
    pub struct Result;
    pub struct Option;
    pub struct Box;
    pub struct String;
    pub struct Send;
    pub struct Sync;
    pub struct From;
    pub struct Into;
    pub struct Default;
    pub struct Clone;
    pub struct Iterator;
    pub struct Future;
    pub struct Registry;
    pub struct Router;
    pub struct Call;
    pub struct Ok;
    pub struct Err;
    pub struct Some;
    pub struct None;
    pub mod core {}
    pub mod std {}
    pub mod alloc {}
    pub mod zocket {}

    pub fn drop() {}
    pub fn registry() {}
    pub fn description() {}
    pub fn start() {}
    pub fn argument0() {}
    pub const handshake: u8 = 0;
    pub static message: u8 = 0;

    macro_rules! format {
        () => {};
    }
    macro_rules! assert {
        () => {};
    }
    macro_rules! line {
        () => {};
    }
    pub(crate) use {assert, format, line};

    #[context]
    pub struct Session {
        pub early0: u8,
    }

    #[on_connect]
    async fn call() -> Session {
        Session { early0: 1 }
    }

    #[middleware]
    async fn boxed(ctx: ::zocket::Ctx<Session>) -> ::std::result::Result<u8, ::zocket::Error> {
        ::std::result::Result::Ok(ctx.early0)
    }

    #[error]
    pub enum Error {
        #[error("{field0} of {String}")]
        Ok {
            field0: u8,
            String: u16,
        },
        #[error("{0}")]
        Some(u32),
        None,
    }

    #[outgoing]
    pub struct Message {
        pub message: u8,
    }

    pub mod chat {
        use super::*;

        #[payload]
        pub struct Input {
            pub input: u8,
        }

        #[incoming]
        async fn early0(
            #[from(boxed)] early1: u8,
            argument0: Input,
            start: ::zocket::State<u64>,
        ) -> ::std::result::Result<u8, Error> {
            let _ = (start, send::message(Message { message: early1 }));
            ::std::result::Result::Ok(argument0.input)
        }

        #[incoming]
        async fn call(call: u8, registry: ::zocket::ClientId) -> u8 {
            let _ = registry;
            call
        }
    }
}

fn main() {
    let _ = app::router();
}

//! The macros of [zocket](https://docs.rs/zocket). Use them through that crate, which re-exports them: what they
//! expand to calls into its runtime.
//!
//! [`macro@router`] turns a module into a router and documents everything that may stand in one;
//! [`macro@payload`] and [`macro@error`] also work by themselves.

// Each module uses only those further down:
// lib · router, standalone · expand, check · model · parse · errors · vocabulary
mod check;
mod errors;
mod expand;
mod model;
mod parse;
mod router;
mod standalone;
#[cfg(test)]
mod tests;
mod vocabulary;

use proc_macro::TokenStream;
use vocabulary::Role;

#[doc = include_str!("../docs/router.md")]
#[proc_macro_attribute]
pub fn router(args: TokenStream, item: TokenStream) -> TokenStream {
    router::router(args.into(), item.into(), cfg!(feature = "testing")).into()
}

#[doc = include_str!("../docs/payload.md")]
#[proc_macro_attribute]
pub fn payload(args: TokenStream, item: TokenStream) -> TokenStream {
    standalone::payload(args.into(), item.into()).into()
}

#[doc = include_str!("../docs/error.md")]
#[proc_macro_attribute]
pub fn error(args: TokenStream, item: TokenStream) -> TokenStream {
    standalone::error(args.into(), item.into()).into()
}

#[doc = include_str!("../docs/incoming.md")]
#[proc_macro_attribute]
pub fn incoming(_: TokenStream, item: TokenStream) -> TokenStream {
    standalone::outside(Role::Incoming, item.into()).into()
}

#[doc = include_str!("../docs/outgoing.md")]
#[proc_macro_attribute]
pub fn outgoing(_: TokenStream, item: TokenStream) -> TokenStream {
    standalone::outside(Role::Outgoing, item.into()).into()
}

#[doc = include_str!("../docs/middleware.md")]
#[proc_macro_attribute]
pub fn middleware(_: TokenStream, item: TokenStream) -> TokenStream {
    standalone::outside(Role::Middleware, item.into()).into()
}

#[doc = include_str!("../docs/from.md")]
#[proc_macro_attribute]
pub fn from(_: TokenStream, item: TokenStream) -> TokenStream {
    standalone::from_outside(item.into()).into()
}

#[doc = include_str!("../docs/guard.md")]
#[proc_macro_attribute]
pub fn guard(_: TokenStream, item: TokenStream) -> TokenStream {
    standalone::outside(Role::Guard, item.into()).into()
}

#[doc = include_str!("../docs/header.md")]
#[proc_macro_attribute]
pub fn header(_: TokenStream, item: TokenStream) -> TokenStream {
    standalone::header_outside(item.into()).into()
}

#[doc = include_str!("../docs/headers.md")]
#[proc_macro_attribute]
pub fn headers(_: TokenStream, item: TokenStream) -> TokenStream {
    standalone::outside(Role::Headers, item.into()).into()
}

#[doc = include_str!("../docs/context.md")]
#[proc_macro_attribute]
pub fn context(_: TokenStream, item: TokenStream) -> TokenStream {
    standalone::outside(Role::Context, item.into()).into()
}

#[doc = include_str!("../docs/on_connect.md")]
#[proc_macro_attribute]
pub fn on_connect(_: TokenStream, item: TokenStream) -> TokenStream {
    standalone::outside(Role::OnConnect, item.into()).into()
}

#[doc = include_str!("../docs/on_disconnect.md")]
#[proc_macro_attribute]
pub fn on_disconnect(_: TokenStream, item: TokenStream) -> TokenStream {
    standalone::outside(Role::OnDisconnect, item.into()).into()
}

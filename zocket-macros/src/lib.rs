//! The macros of [zocket](https://docs.rs/zocket). Use them through that crate, which re-exports them: what they
//! expand to calls into its runtime.
//!
//! [`macro@router`] turns a module into a router and documents everything that may stand in one;
//! [`macro@payload`] and [`macro@error`] also work by themselves.

mod alone;
mod check;
mod errors;
mod expand;
mod model;
mod parse;
mod router;
#[cfg(test)]
mod tests;

use parse::helper::Role;
use proc_macro::TokenStream;

#[doc = include_str!("../docs/router.md")]
#[proc_macro_attribute]
pub fn router(args: TokenStream, item: TokenStream) -> TokenStream {
    router::router(args.into(), item.into()).into()
}

#[doc = include_str!("../docs/payload.md")]
#[proc_macro_attribute]
pub fn payload(args: TokenStream, item: TokenStream) -> TokenStream {
    alone::payload(args.into(), item.into()).into()
}

#[doc = include_str!("../docs/error.md")]
#[proc_macro_attribute]
pub fn error(args: TokenStream, item: TokenStream) -> TokenStream {
    alone::error(args.into(), item.into()).into()
}

#[doc = include_str!("../docs/incoming.md")]
#[proc_macro_attribute]
pub fn incoming(_: TokenStream, item: TokenStream) -> TokenStream {
    alone::outside(Role::Incoming, item.into()).into()
}

#[doc = include_str!("../docs/outgoing.md")]
#[proc_macro_attribute]
pub fn outgoing(_: TokenStream, item: TokenStream) -> TokenStream {
    alone::outside(Role::Outgoing, item.into()).into()
}

#[doc = include_str!("../docs/middleware.md")]
#[proc_macro_attribute]
pub fn middleware(_: TokenStream, item: TokenStream) -> TokenStream {
    alone::outside(Role::Middleware, item.into()).into()
}

#[doc = include_str!("../docs/from.md")]
#[proc_macro_attribute]
pub fn from(_: TokenStream, item: TokenStream) -> TokenStream {
    alone::from_outside(item.into()).into()
}

#[doc = include_str!("../docs/guard.md")]
#[proc_macro_attribute]
pub fn guard(_: TokenStream, item: TokenStream) -> TokenStream {
    alone::outside(Role::Guard, item.into()).into()
}

#[doc = include_str!("../docs/headers.md")]
#[proc_macro_attribute]
pub fn headers(_: TokenStream, item: TokenStream) -> TokenStream {
    alone::outside(Role::Headers, item.into()).into()
}

#[doc = include_str!("../docs/context.md")]
#[proc_macro_attribute]
pub fn context(_: TokenStream, item: TokenStream) -> TokenStream {
    alone::outside(Role::Context, item.into()).into()
}

#[doc = include_str!("../docs/on_connect.md")]
#[proc_macro_attribute]
pub fn on_connect(_: TokenStream, item: TokenStream) -> TokenStream {
    alone::outside(Role::OnConnect, item.into()).into()
}

#[doc = include_str!("../docs/on_disconnect.md")]
#[proc_macro_attribute]
pub fn on_disconnect(_: TokenStream, item: TokenStream) -> TokenStream {
    alone::outside(Role::OnDisconnect, item.into()).into()
}

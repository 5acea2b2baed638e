//! From the model to tokens: calls into the runtime's private room.
//!
//! What can be a generic function of the runtime is no generated text. No generated path relies on the
//! prelude or on any name of the user's, and every local is hygienic.

mod arguments;
mod calls;
mod deprecated;
mod derives;
mod error_enum;
mod error_read;
mod faithful;
mod hooks;
mod incoming;
mod middleware;
mod outgoing;
mod recovery;
mod register;
mod root;
mod scope;
mod send;
mod spans;
mod state;
mod tree;

use proc_macro2::TokenStream;

use crate::model::Router;
use crate::model::error_enum::ErrorEnum;
use crate::parse::Raw;
use crate::parse::item::Item;
use crate::parse::options::Krate;
use crate::vocabulary::Role;
use scope::Scope;

/// The module of a sound router.
pub(crate) fn router(raw: &Raw, router: &Router) -> TokenStream {
    tree::write(raw, router, tree::Output::Complete)
}

/// The module of a faulty router: the user's code, with enough beside it that one fault is not followed by
/// a dozen that only repeat it.
pub(crate) fn recovery(raw: &Raw, router: &Router) -> TokenStream {
    tree::write(raw, router, tree::Output::Recovery)
}

/// An item under `#[zocket::payload]` outside of a router.
pub(crate) fn standalone_payload(item: &Item, krate: &Krate) -> TokenStream {
    let mut tokens = derives::write(item, &[Role::Payload], krate, None);
    tokens.extend(derives::traits_in_scope(std::slice::from_ref(item), krate));
    tokens
}

/// An enum under `#[zocket::error]` outside of a router.
pub(crate) fn standalone_error(
    item: &Item,
    error: Option<&ErrorEnum>,
    krate: &Krate,
    testing: bool,
) -> TokenStream {
    let mut tokens = derives::write(item, &[Role::Error], krate, None);
    if let Some(error) = error {
        tokens.extend(error_enum::write(error, &Scope::outside(krate, testing)));
    }
    tokens
}

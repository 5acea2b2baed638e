//! The attribute macros that are used by themselves: `payload` and `error`, and the helpers that only say
//! where they belong.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::errors::{self, Errors};
use crate::model::error_enum::ErrorEnum;
use crate::model::unpublished;
use crate::parse::helper::Role;
use crate::parse::item::{self, Item, Kind};
use crate::parse::options::Krate;
use crate::{expand, router::with_errors};

/// `#[zocket::payload] struct …`, outside of a router.
pub(crate) fn payload(args: TokenStream, tokens: TokenStream) -> TokenStream {
    let errors = Errors::default();
    let krate = Krate::parse_alone("payload", args, &errors);
    let written = tokens.clone();
    let expanded = match annotated(&quote!(#[payload]), tokens, Role::Payload, &errors) {
        Some(item) => expand::payload_alone(&item, &krate),
        None => written,
    };
    with_errors(expanded, &errors)
}

/// `#[zocket::error] enum …`, outside of a router.
pub(crate) fn error(args: TokenStream, tokens: TokenStream) -> TokenStream {
    let errors = Errors::default();
    let krate = Krate::parse_alone("error", args, &errors);
    let written = tokens.clone();
    let expanded = match annotated(&quote!(#[error]), tokens, Role::Error, &errors) {
        Some(Item { kind: Kind::Data(data), attributes, helpers, visibility }) => {
            let error = ErrorEnum::of(&data, &attributes, &errors);
            let item = Item { kind: Kind::Data(data), attributes, helpers, visibility };
            expand::error_alone(&item, error.as_ref(), &krate)
        }
        _ => written,
    };
    with_errors(expanded, &errors)
}

/// A helper attribute outside of a router.
pub(crate) fn outside(role: Role, tokens: TokenStream) -> TokenStream {
    with_error(tokens, errors::helper_outside_router(Span::call_site(), role.name()))
}

/// `#[from(…)]` on an item: on an argument rustc itself refuses it, in a router it never gets here.
pub(crate) fn from_outside(tokens: TokenStream) -> TokenStream {
    with_error(tokens, errors::from_on_item(Span::call_site()))
}

fn with_error(mut tokens: TokenStream, error: syn::Error) -> TokenStream {
    tokens.extend(error.into_compile_error());
    tokens
}

/// The item under `attribute`, if it is one that `role` belongs on.
fn annotated(attribute: &TokenStream, tokens: TokenStream, role: Role, errors: &Errors) -> Option<Item> {
    let item = match item::parse_one(quote!(#attribute #tokens), errors) {
        Ok(item) => item,
        Err(error) => {
            errors.push(error);
            return None;
        }
    };
    match &item.kind {
        Kind::Data(data) => {
            let fits = match &data.data {
                syn::Data::Struct(_) => role == Role::Payload,
                syn::Data::Enum(_) => true,
                syn::Data::Union(_) => false,
            };
            if !fits {
                errors.push(errors::not_alone(&item, role));
            } else if !data.generics.params.is_empty() {
                errors.push(errors::type_generic(role, data));
            } else {
                if role == Role::Payload {
                    unpublished::check(data, errors);
                }
                return Some(item);
            }
        }
        // What could not be read is reported already.
        Kind::Other { what: "a struct" | "an enum", .. } => {}
        _ => errors.push(errors::not_alone(&item, role)),
    }
    None
}

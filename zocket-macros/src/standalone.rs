//! Attribute macros outside of a router: `payload` and `error`, which work there, and the helpers, which only say where
//! they belong.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::errors::{self, Errors};
use crate::model::error_enum::ErrorEnum;
use crate::model::schema_conflicts;
use crate::parse::header_field;
use crate::parse::item::{self, Item, Kind};
use crate::parse::options::Krate;
use crate::vocabulary::Role;
use crate::{expand, router::with_errors};

/// `#[zocket::payload] struct …`, outside of a router.
pub(crate) fn payload(args: TokenStream, tokens: TokenStream) -> TokenStream {
    let errors = Errors::default();
    let krate = Krate::parse_standalone("payload", args, &errors);
    let written = tokens.clone();
    let expanded = match annotated(&quote!(#[payload]), tokens, Role::Payload, &errors) {
        Some(item) => expand::standalone_payload(&item, &krate),
        None => written,
    };
    with_errors(expanded, &errors)
}

/// `#[zocket::error] enum …`, outside of a router.
pub(crate) fn error(args: TokenStream, tokens: TokenStream) -> TokenStream {
    let errors = Errors::default();
    let krate = Krate::parse_standalone("error", args, &errors);
    let written = tokens.clone();
    let expanded = match annotated(&quote!(#[error]), tokens, Role::Error, &errors) {
        Some(Item { kind: Kind::Data(data), attributes, helpers, visibility }) => {
            let error = ErrorEnum::of(&data, &attributes, &errors);
            let item = Item { kind: Kind::Data(data), attributes, helpers, visibility };
            expand::standalone_error(&item, error.as_ref(), &krate, cfg!(feature = "testing"))
        }
        _ => written,
    };
    with_errors(expanded, &errors)
}

/// A helper attribute outside of a router.
pub(crate) fn outside(role: Role, tokens: TokenStream) -> TokenStream {
    with_error(tokens, errors::helper_outside_router(Span::call_site(), role.name()))
}

/// `#[from(…)]` on an item. On an argument rustc itself refuses it, and in a router the router's macro takes it off.
pub(crate) fn from_outside(tokens: TokenStream) -> TokenStream {
    with_error(tokens, errors::from_on_item(Span::call_site()))
}

/// `#[header(…)]` on an item. On a field rustc itself refuses it, and in a router the router's macro takes it off.
pub(crate) fn header_outside(tokens: TokenStream) -> TokenStream {
    with_error(tokens, errors::header_on_item(Span::call_site()))
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
                errors.push(errors::helper_on_wrong_item(&item, role, item.what()));
            } else if !data.generics.params.is_empty() {
                errors.push(errors::type_generic(role, data));
            } else {
                header_field::nowhere(data, errors);
                schema_conflicts::check(data, &item.attributes, &[role], errors);
                return Some(item);
            }
        }
        // This has been reported.
        Kind::Unreadable { .. } => {}
        _ => errors.push(errors::helper_on_wrong_item(&item, role, item.what())),
    }
    None
}

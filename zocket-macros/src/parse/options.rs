//! `#[zocket::router(…)]`: the router's own keys.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{LitStr, Path, Type};

use super::keys::{Key, Keys, Takes};
use crate::errors::{self, Errors};
use crate::model::names::RenameAll;

const ROUTER_KEYS: &[Key] = &[
    Key::new("context", Takes::Type),
    Key::new("state", Takes::Type),
    Key::new("namespace", Takes::Text),
    Key::new("rename_all", Takes::Text),
    Key::new("crate", Takes::Path),
];

const ALONE_KEYS: &[Key] = &[Key::new("crate", Takes::Path)];

/// What the router's attribute says.
pub(crate) struct Options {
    pub(crate) context: Option<Type>,
    pub(crate) state: Option<Type>,
    pub(crate) namespace: Option<LitStr>,
    pub(crate) rename_all: RenameAll,
    pub(crate) krate: Krate,
}

impl Options {
    pub(crate) fn parse(args: TokenStream, errors: &Errors) -> Self {
        let keys = Keys::parse("zocket::router", ROUTER_KEYS, args, errors);
        let rename_all = keys.text("rename_all").map_or(RenameAll::default(), |text| {
            RenameAll::from_name(&text.value()).unwrap_or_else(|| {
                errors.push(errors::unknown_rename_all(&text));
                RenameAll::default()
            })
        });
        Self {
            context: keys.ty("context"),
            state: keys.ty("state"),
            namespace: keys.text("namespace"),
            rename_all,
            krate: Krate(keys.path("crate")),
        }
    }
}

/// Where the crate `zocket` is found from the user's crate.
#[derive(Clone, Default)]
pub(crate) struct Krate(Option<Path>);

impl Krate {
    /// The keys of `#[zocket::payload]` and `#[zocket::error]` where they stand alone.
    pub(crate) fn parse_alone(owner: &str, args: TokenStream, errors: &Errors) -> Self {
        Self(Keys::parse(owner, ALONE_KEYS, args, errors).path("crate"))
    }

    /// `::zocket`, or what `crate = …` says.
    pub(crate) fn root(&self) -> TokenStream {
        match &self.0 {
            None => quote!(::zocket),
            Some(path) => quote!(#path),
        }
    }
}

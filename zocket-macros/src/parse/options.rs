//! `#[zocket::router(…)]`: the router's own keys.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{LitStr, Path, Type, parse_quote};

use super::keys::Keys;
use super::manifest;
use crate::errors::{self, Errors};
use crate::vocabulary::{Key, RenameAll, Takes};

const ROUTER_KEYS: &[Key] = &[
    Key::new("context", Takes::Type),
    Key::new("state", Takes::Type),
    Key::new("namespace", Takes::Text),
    Key::new("rename_all", Takes::Text),
    Key::new("rename_all_fields", Takes::Text),
    Key::new("safe_integers", Takes::Flag),
    Key::new("crate", Takes::Path),
];

const STANDALONE_KEYS: &[Key] = &[Key::new("crate", Takes::Path)];

/// serde's ways to rename.
const FIELD_NAMES: [&str; 8] = [
    "snake_case",
    "camelCase",
    "PascalCase",
    "kebab-case",
    "SCREAMING_SNAKE_CASE",
    "SCREAMING-KEBAB-CASE",
    "lowercase",
    "UPPERCASE",
];

/// What the router's attribute says.
pub(crate) struct Options {
    pub(crate) context: Option<Type>,
    pub(crate) state: Option<Type>,
    pub(crate) namespace: Option<LitStr>,
    pub(crate) rename_all: RenameAll,
    /// How the fields of all types of the router go over the wire, where a type does not say so itself.
    pub(crate) rename_all_fields: Option<LitStr>,
    /// Integers are those that JavaScript's numbers have exactly.
    pub(crate) safe_integers: bool,
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
        let rename_all_fields = keys.text("rename_all_fields").filter(|text| {
            let is_known = FIELD_NAMES.contains(&text.value().as_str());
            if !is_known {
                errors.push(errors::unknown_rename_all_fields(text, &FIELD_NAMES));
            }
            is_known
        });
        Self {
            rename_all_fields,
            context: keys.ty("context"),
            state: keys.ty("state"),
            namespace: keys.text("namespace"),
            rename_all,
            safe_integers: keys.flag("safe_integers"),
            krate: Krate::of(&keys, "zocket::router", errors),
        }
    }
}

/// Where the crate `zocket` is found from the user's crate.
#[derive(Clone, Default)]
pub(crate) struct Krate(Option<Path>);

impl Krate {
    /// The keys of `#[zocket::payload]` and `#[zocket::error]` where they stand alone.
    pub(crate) fn parse_standalone(owner: &str, args: TokenStream, errors: &Errors) -> Self {
        Self::of(&Keys::parse(owner, STANDALONE_KEYS, args, errors), owner, errors)
    }

    fn of(keys: &Keys, owner: &str, errors: &Errors) -> Self {
        if let Some(path) = keys.path("crate") {
            return Self(Some(path));
        }
        // Under another name nothing of what is generated would be found. It is made for that name all the same, so that this
        // is said once.
        let renamed = manifest::renamed().and_then(|name| syn::parse_str(&name.replace('-', "_")).ok());
        Self(renamed.map(|name: Ident| {
            errors.push(errors::crate_renamed(owner, &name));
            parse_quote!(::#name)
        }))
    }

    /// `::zocket`, or what `crate = …` says.
    pub(crate) fn root(&self) -> TokenStream {
        match &self.0 {
            None => quote!(::zocket),
            Some(path) => quote!(#path),
        }
    }
}

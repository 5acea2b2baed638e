//! The helper attributes: which there are, where they belong, and what they take.

use proc_macro2::TokenStream;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Token};

use super::keys::{Key, Keys, Takes};
use crate::errors::{self, Errors};

/// Which helper attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Headers,
    Context,
    OnConnect,
    OnDisconnect,
    Middleware,
    Guard,
    Outgoing,
    Incoming,
    Payload,
    Error,
}

impl Role {
    const ALL: [Self; 10] = [
        Self::Headers,
        Self::Context,
        Self::OnConnect,
        Self::OnDisconnect,
        Self::Middleware,
        Self::Guard,
        Self::Outgoing,
        Self::Incoming,
        Self::Payload,
        Self::Error,
    ];

    /// The attribute's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::Context => "context",
            Self::OnConnect => "on_connect",
            Self::OnDisconnect => "on_disconnect",
            Self::Middleware => "middleware",
            Self::Guard => "guard",
            Self::Outgoing => "outgoing",
            Self::Incoming => "incoming",
            Self::Payload => "payload",
            Self::Error => "error",
        }
    }

    /// What it may stand on, in words.
    pub(crate) fn belongs_on(self) -> &'static str {
        match self {
            Self::Headers => "a struct in the router's root",
            Self::Context => "a struct, an enum or a type alias in the router's root",
            Self::OnConnect | Self::OnDisconnect => "an async fn in the router's root",
            Self::Middleware | Self::Incoming => "an async fn",
            Self::Guard => "a namespace (`mod`) or an `#[incoming]` fn",
            Self::Outgoing | Self::Payload => "a struct or an enum",
            Self::Error => "an enum",
        }
    }

    /// Whether it makes a function something the runtime calls; a function has one such role.
    pub(crate) fn calls_a_function(self) -> bool {
        matches!(self, Self::OnConnect | Self::OnDisconnect | Self::Middleware | Self::Incoming)
    }

    /// Whether it makes a type something that schemars describes where it stands.
    pub(crate) fn derives_schema(self) -> bool {
        matches!(self, Self::Headers | Self::Outgoing | Self::Payload)
    }

    fn keys(self) -> &'static [Key] {
        const RENAME: Key = Key::new("rename", Takes::Text);
        const UNCOMPRESSED: Key = Key::new("uncompressed", Takes::Flag);
        const OUTGOING: &[Key] = &[RENAME, UNCOMPRESSED];
        const INCOMING: &[Key] = &[RENAME, Key::new("concurrent", Takes::Flag), UNCOMPRESSED];
        match self {
            Self::Outgoing => OUTGOING,
            Self::Incoming => INCOMING,
            _ => &[],
        }
    }
}

/// One helper attribute on an item.
pub(crate) struct Helper {
    pub(crate) role: Role,
    /// The attribute as written, for error spans.
    pub(crate) attribute: Attribute,
    pub(crate) keys: Keys,
    /// The middlewares of a `#[guard(…)]`.
    pub(crate) guards: Vec<Path>,
}

impl Helper {
    /// Takes the helper attributes out of `attributes`.
    pub(crate) fn split(attributes: &mut Vec<Attribute>, errors: &Errors) -> Vec<Self> {
        // thiserror's `#[error("…")]` above a struct is none of ours.
        let derives_error =
            derives(attributes).any(|path| path.is_ident("Error") || ends_with(&path, "Error"));
        let mut helpers: Vec<Self> = Vec::new();
        attributes.retain(|attribute| {
            let role = Role::ALL.into_iter().find(|role| ends_with(attribute.path(), role.name()));
            let Some(role) = role.filter(|role| *role != Role::Error || !derives_error) else { return true };
            if role != Role::Guard && helpers.iter().any(|helper| helper.role == role) {
                errors.push(errors::repeated_helper(attribute, role));
            } else {
                helpers.push(Self::parse(role, attribute, errors));
            }
            false
        });
        helpers
    }

    fn parse(role: Role, attribute: &Attribute, errors: &Errors) -> Self {
        let tokens = match &attribute.meta {
            Meta::Path(_) => TokenStream::new(),
            Meta::List(list) => list.tokens.clone(),
            Meta::NameValue(_) => {
                errors.push(errors::helper_with_equals_sign(attribute, role, role.keys()));
                TokenStream::new()
            }
        };
        let mut helper =
            Self { role, attribute: attribute.clone(), keys: Keys::default(), guards: Vec::new() };
        if role == Role::Guard {
            helper.guards = guards(attribute, tokens, errors);
        } else {
            helper.keys = Keys::parse(role.name(), role.keys(), tokens, errors);
        }
        helper
    }
}

fn guards(attribute: &Attribute, tokens: TokenStream, errors: &Errors) -> Vec<Path> {
    let list = |input: syn::parse::ParseStream<'_>| {
        Punctuated::<Path, Token![,]>::parse_terminated_with(input, Path::parse_mod_style)
    };
    match list.parse2(tokens) {
        Ok(paths) if !paths.is_empty() => paths.into_iter().collect(),
        _ => {
            errors.push(errors::guard_without_middleware(attribute));
            Vec::new()
        }
    }
}

/// Whether the path is `name` or ends in it (`zocket::name`).
pub(crate) fn ends_with(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|segment| segment.arguments.is_none() && segment.ident == name)
}

/// The traits named by the `#[derive(…)]` attributes.
pub(crate) fn derives(attributes: &[Attribute]) -> impl Iterator<Item = Path> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("derive")).flat_map(|attribute| {
        attribute
            .parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
    })
}

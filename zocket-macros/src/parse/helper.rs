//! The helper attributes on one item.

use proc_macro2::TokenStream;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Token, parse_quote};

use super::conditional::{Conditional, unfold};
use super::keys::Keys;
use crate::errors::{self, Errors};
use crate::vocabulary::Role;

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
        // thiserror's `#[error("…")]` on a struct is not ours.
        let derives_error = derives(attributes).iter().any(|(_, path)| ends_with(path, "Error"));
        take_conditional(attributes, derives_error, errors);
        let mut helpers: Vec<Self> = Vec::new();
        attributes.retain(|attribute| {
            let Some(role) = role_of(attribute.path(), derives_error) else { return true };
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

fn role_of(path: &Path, derives_error: bool) -> Option<Role> {
    let role = Role::ALL.into_iter().find(|role| ends_with(path, role.name()));
    role.filter(|role| *role != Role::Error || !derives_error)
}

/// Reports helper attributes inside of `#[cfg_attr(…)]` and takes them out.
fn take_conditional(attributes: &mut Vec<Attribute>, derives_error: bool, errors: &Errors) {
    let role = |own: &Conditional| role_of(own.path(), derives_error).filter(|_| own.condition.is_some());
    if !unfold(attributes).iter().any(|own| role(own).is_some()) {
        return;
    }
    let kept = unfold(attributes).into_iter().filter(|own| {
        let Some(role) = role(own) else { return true };
        errors.push(errors::helper_under_condition(&own.attribute, role.name()));
        false
    });
    *attributes = kept.map(|own| parse_quote!(#own)).collect();
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

/// The traits named by the `#[derive(…)]` attributes, with the conditions under which they are derived.
pub(crate) fn derives(attributes: &[Attribute]) -> Vec<(Option<TokenStream>, Path)> {
    let mut derived = Vec::new();
    for own in unfold(attributes).into_iter().filter(|own| own.path().is_ident("derive")) {
        let paths = own.attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
        derived.extend(paths.into_iter().flatten().map(|path| (own.condition.clone(), path)));
    }
    derived
}

//! The user's module without its helper attributes, and with the generated items at the end of each namespace.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};

use super::scope::Scope;
use super::{calls, derives, error_enum, middleware, outgoing, recovery, register, root, send};
use crate::model::{Namespace, Router};
use crate::parse::Raw;
use crate::parse::item::{Item, Kind, Module};
use crate::parse::scan;
use crate::vocabulary::Role;

/// How much of the expansion is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    /// All of it.
    Complete,
    /// What the user wrote, and stand-ins for the names of the rest.
    Recovery,
}

pub(crate) fn write(raw: &Raw, router: &Router, output: Output) -> TokenStream {
    let mut tokens = TokenStream::new();
    for attribute in &raw.attributes {
        attribute.to_tokens(&mut tokens);
    }
    raw.visibility.to_tokens(&mut tokens);
    module(&raw.module, router, Some(&router.root), output, &mut tokens);
    tokens
}

fn module(
    module: &Module,
    router: &Router,
    namespace: Option<&Namespace>,
    output: Output,
    tokens: &mut TokenStream,
) {
    let items: Vec<_> = module
        .items
        .iter()
        .enumerate()
        .map(|(index, own)| {
            let child = namespace.and_then(|around| around.children.iter().find(|child| child.item == index));
            let path = namespace.map(|own| own.path.as_slice());
            let is_bare =
                router.bare.iter().any(|bare| Some(&*bare.path) == path && own.ident() == Some(&bare.ident));
            match &own.kind {
                Kind::Other { tokens, .. } if is_bare => with_derives(own, tokens, router),
                _ => item(own, router, child, output),
            }
        })
        .collect();
    let mut added = derives::traits_in_scope(&module.items, &router.krate);
    if calls_macros(module) {
        let root = router.krate.root();
        added.extend(quote!(#[allow(unused_imports)] use #root::__attributes::*;));
    }
    added.extend(namespace.map(|own| generated(router, own, output)));
    module.with(&items, &added, tokens);
}

/// A type that has been reported to lack its derives, with them: what holds it is not reported as well.
fn with_derives(item: &Item, tokens: &TokenStream, router: &Router) -> TokenStream {
    let Ok(data) = syn::parse2(tokens.clone()) else { return item.to_token_stream() };
    let item = Item {
        attributes: item.attributes.clone(),
        helpers: Vec::new(),
        visibility: item.visibility.clone(),
        kind: Kind::Data(Box::new(data)),
    };
    derives::write(&item, &[Role::Payload], &router.krate, None)
}

/// Whether somebody else's macro may make items in it.
fn calls_macros(module: &Module) -> bool {
    module.items.iter().any(
        |own| matches!(&own.kind, Kind::Other { what: "a macro call", tokens, .. } if !scan::defines_macro(tokens)),
    )
}

fn item(item: &Item, router: &Router, child: Option<&Namespace>, output: Output) -> TokenStream {
    let mut tokens = TokenStream::new();
    if output == Output::Recovery && !item.helpers.is_empty() {
        // Nothing calls the handlers of a faulty router: do not warn about it.
        tokens.extend(quote!(#[allow(dead_code)]));
    }
    if let Some(stand_in) = Some(item).filter(|_| output == Output::Recovery).and_then(recovery::stand_in) {
        tokens.extend(stand_in);
        return tokens;
    }
    match &item.kind {
        Kind::Function(_) => {
            // A handler is async because it is awaited, whether it awaits anything or not.
            tokens.extend(quote!(#[allow(clippy::unused_async)]));
            item.to_tokens(&mut tokens);
        }
        Kind::Module(inner) => {
            for attribute in &item.attributes {
                attribute.to_tokens(&mut tokens);
            }
            item.visibility.to_tokens(&mut tokens);
            module(inner, router, child, output, &mut tokens);
        }
        Kind::Data(_) => {
            let roles: Vec<Role> = item.helpers.iter().map(|helper| helper.role).collect();
            tokens.extend(derives::write(item, &roles, &router.krate, router.fields.as_ref()));
        }
        _ => item.to_tokens(&mut tokens),
    }
    tokens
}

fn generated(router: &Router, namespace: &Namespace, output: Output) -> TokenStream {
    let scope = Scope::inside(router, namespace);
    let mut tokens = TokenStream::new();
    tokens.extend(namespace.outgoing.iter().map(|own| outgoing::write(own, &scope)));
    tokens.extend(namespace.error_enums.iter().map(|own| error_enum::write(own, &scope)));
    if output == Output::Complete {
        tokens.extend(namespace.middleware.iter().map(|own| middleware::write(own, &scope)));
        if router.testing {
            tokens.extend(calls::write(namespace, &scope));
        }
    }
    if namespace.is_root() {
        tokens.extend(root::write(router, &scope, output));
    } else {
        if output == Output::Complete {
            tokens.extend(register::write(namespace, &scope));
        }
        tokens.extend(send::in_scope(router, namespace));
        tokens.extend(super::state::aliases(router, namespace, &scope));
    }
    tokens
}

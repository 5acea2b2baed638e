//! The module as the user wrote it, helper attributes off, generated items at the end of each namespace.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};

use super::scope::Scope;
use super::{derives, error_enum, middleware, outgoing, register, root};
use crate::model::{Namespace, Router};
use crate::parse::Raw;
use crate::parse::helper::Role;
use crate::parse::item::{Item, Kind, Module};

/// Whether the router can be run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    Sound,
    Faulty,
}

pub(crate) fn write(raw: &Raw, router: &Router, health: Health) -> TokenStream {
    let mut tokens = TokenStream::new();
    for attribute in &raw.attributes {
        attribute.to_tokens(&mut tokens);
    }
    raw.visibility.to_tokens(&mut tokens);
    module(&raw.module, router, Some(&router.root), health, &mut tokens);
    tokens
}

fn module(
    module: &Module,
    router: &Router,
    namespace: Option<&Namespace>,
    health: Health,
    tokens: &mut TokenStream,
) {
    let items: Vec<_> = module
        .items
        .iter()
        .enumerate()
        .map(|(index, own)| {
            let child = namespace.and_then(|around| around.children.iter().find(|child| child.item == index));
            item(own, router, child, health)
        })
        .collect();
    let mut added = derives::traits_in_scope(&module.items, &router.krate);
    added.extend(namespace.map(|own| generated(router, own, health)));
    module.with(&items, &added, tokens);
}

fn item(item: &Item, router: &Router, child: Option<&Namespace>, health: Health) -> TokenStream {
    let mut tokens = TokenStream::new();
    if health == Health::Faulty && !item.helpers.is_empty() {
        // Nothing calls the handlers of a router that could not be made: no warning about that.
        tokens.extend(quote!(#[allow(dead_code)]));
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
            module(inner, router, child, health, &mut tokens);
        }
        Kind::Data(_) => {
            let roles: Vec<Role> = item.helpers.iter().map(|helper| helper.role).collect();
            tokens.extend(derives::write(item, &roles, &router.krate));
        }
        _ => item.to_tokens(&mut tokens),
    }
    tokens
}

fn generated(router: &Router, namespace: &Namespace, health: Health) -> TokenStream {
    let scope = Scope::inside(router, namespace);
    let mut tokens = TokenStream::new();
    tokens.extend(namespace.outgoing.iter().map(|own| outgoing::write(own, &scope)));
    tokens.extend(namespace.error_enums.iter().map(|own| error_enum::write(own, &scope)));
    if health == Health::Sound {
        tokens.extend(namespace.middleware.iter().map(|own| middleware::write(own, &scope)));
    }
    if namespace.is_root() {
        tokens.extend(root::write(router, &scope, health));
    } else {
        if health == Health::Sound {
            tokens.extend(register::write(namespace, &scope));
        }
        tokens.extend(super::state::aliases(router, namespace));
    }
    tokens
}

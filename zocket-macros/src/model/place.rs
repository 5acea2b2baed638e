//! Which helper may stand where.

use proc_macro2::{Delimiter, Ident, TokenTree};
use syn::{Data, Visibility};

use crate::errors::{self, Errors};
use crate::parse::helper::{Helper, Role};
use crate::parse::item::{Item, Kind, Module};

/// Reports every helper of `item` that has no business there.
pub(crate) fn check(item: &Item, in_root: bool, errors: &Errors) {
    for helper in &item.helpers {
        if !fits(helper, item) {
            errors.push(errors::helper_on_wrong_item(helper, item));
        } else if !in_root && only_in_root(helper.role) {
            errors.push(errors::helper_in_namespace(helper));
        }
    }
    let mut calls = item.helpers.iter().filter(|helper| helper.role.calls_a_function());
    if let (Some(first), Some(second)) = (calls.next(), calls.next()) {
        errors.push(errors::two_roles(first, second));
    }
    let error = item.helpers.iter().find(|helper| helper.role == Role::Error);
    if let (Some(error), Some(other)) = (error, item.helpers.iter().find(|own| own.role != Role::Error)) {
        errors.push(errors::two_roles(error, other));
    }
    match &item.kind {
        Kind::ModuleFile { ident, .. } => errors.push(errors::module_not_inline(ident)),
        Kind::Other { what: "an impl block" | "a trait", tokens, .. } => {
            helpers_on_methods(tokens.clone(), errors);
        }
        _ => {}
    }
}

fn only_in_root(role: Role) -> bool {
    matches!(role, Role::Headers | Role::Context | Role::OnConnect | Role::OnDisconnect)
}

fn fits(helper: &Helper, item: &Item) -> bool {
    match (helper.role, &item.kind) {
        // A fn that could not be read is reported already, as is `mod name;`.
        (_, Kind::Other { what: "a fn" | "a struct" | "an enum", .. } | Kind::ModuleFile { .. }) => true,
        (Role::Guard, Kind::Module(_)) | (Role::Context, Kind::Alias { .. }) => true,
        (Role::Guard, Kind::Function(_)) => item.helpers.iter().any(|own| own.role == Role::Incoming),
        (role, Kind::Function(_)) => role.calls_a_function(),
        (role, Kind::Data(data)) => match data.data {
            Data::Struct(_) => {
                matches!(role, Role::Headers | Role::Context | Role::Outgoing | Role::Payload)
            }
            Data::Enum(_) => {
                matches!(role, Role::Context | Role::Outgoing | Role::Payload | Role::Error)
            }
            Data::Union(_) => false,
        },
        _ => false,
    }
}

/// A handler is a free fn: one in an `impl` would be passed over in silence.
fn helpers_on_methods(tokens: proc_macro2::TokenStream, errors: &Errors) {
    for token in tokens {
        let TokenTree::Group(block) = token else { continue };
        if block.delimiter() != Delimiter::Brace {
            continue;
        }
        let mut after_pound = false;
        for token in block.stream() {
            if let TokenTree::Group(attribute) = &token
                && after_pound
                && let Some(TokenTree::Ident(name)) = attribute.stream().into_iter().next()
                && let Some(role) = method_role(&name)
            {
                errors.push(errors::helper_on_method(&name, role));
            }
            after_pound = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#');
        }
    }
}

fn method_role(name: &Ident) -> Option<Role> {
    [Role::Incoming, Role::Middleware, Role::OnConnect, Role::OnDisconnect]
        .into_iter()
        .find(|role| name == role.name())
}

/// `mod name;` anywhere in a module the router leaves alone.
pub(crate) fn no_module_files(module: &Module, errors: &Errors) {
    for item in &module.items {
        match &item.kind {
            Kind::ModuleFile { ident, .. } => errors.push(errors::module_not_inline(ident)),
            Kind::Module(inner) => no_module_files(inner, errors),
            _ => {}
        }
    }
}

/// `pub` or `pub(crate)`: the router's `send` must be able to name it.
pub(crate) fn outgoing_visible(visibility: &Visibility) -> bool {
    match visibility {
        Visibility::Public(_) => true,
        Visibility::Restricted(restricted) => restricted.path.is_ident("crate"),
        Visibility::Inherited => false,
    }
}

/// The item's name where the router's generated `router`, `contract` or `send` needs it.
pub(crate) fn taken(item: &Item) -> Option<Ident> {
    let ident = item.ident()?;
    let is_middleware = item.helpers.iter().any(|helper| helper.role == Role::Middleware);
    let (value, ty) = match &item.kind {
        Kind::Function(_) => (true, is_middleware),
        Kind::Other { what: "a fn" | "a const" | "a static", .. } => (true, false),
        _ => (false, true),
    };
    let clash = (value && (ident == "router" || ident == "contract")) || (ty && ident == "send");
    clash.then(|| ident.clone())
}

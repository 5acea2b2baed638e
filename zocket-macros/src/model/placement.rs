//! Which helper attribute may be written where.

use proc_macro2::{Ident, TokenStream};
use syn::{Data, Visibility};

use crate::errors::{self, Errors};
use crate::parse::helper::Helper;
use crate::parse::item::{Item, Kind, Module};
use crate::parse::scan;
use crate::vocabulary::Role;

/// Reports every helper attribute that does not belong on `item`.
pub(crate) fn check(item: &Item, in_root: bool, errors: &Errors) {
    for helper in &item.helpers {
        if !fits(helper, item) {
            errors.push(errors::helper_on_wrong_item(&helper.attribute, helper.role, item.what()));
        } else if !in_root && only_in_root(helper.role) {
            errors.push(errors::helper_in_namespace(&helper.attribute, helper.role));
        }
    }
    let mut calls = item.helpers.iter().filter(|helper| helper.role.calls_a_function());
    if let (Some(first), Some(second)) = (calls.next(), calls.next()) {
        errors.push(errors::two_roles(&second.attribute, first.role, second.role));
    }
    let error = item.helpers.iter().find(|helper| helper.role == Role::Error);
    if let (Some(error), Some(other)) = (error, item.helpers.iter().find(|own| own.role != Role::Error)) {
        errors.push(errors::two_roles(&other.attribute, error.role, other.role));
    }
    match &item.kind {
        Kind::ModuleFile { ident, .. } => errors.push(errors::module_not_inline(ident)),
        Kind::Other { what: what @ ("an impl block" | "a trait"), tokens, .. } => {
            hidden_helpers(what, tokens, errors);
        }
        // What is handed to somebody else's macro is that macro's business.
        Kind::Other { what: what @ "a macro call", tokens, .. } if scan::defines_macro(tokens) => {
            hidden_helpers(what, tokens, errors);
        }
        _ => {}
    }
}

fn only_in_root(role: Role) -> bool {
    matches!(role, Role::Headers | Role::Context | Role::OnConnect | Role::OnDisconnect)
}

fn fits(helper: &Helper, item: &Item) -> bool {
    match (helper.role, &item.kind) {
        // These have been reported.
        (_, Kind::Unreadable { .. } | Kind::ModuleFile { .. }) => true,
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

/// A handler is a free fn, and stands in the module as it is: one in an `impl`, or one that a macro makes, would be ignored
/// silently.
fn hidden_helpers(what: &str, tokens: &TokenStream, errors: &Errors) {
    for (name, role) in scan::helpers_within(tokens) {
        errors.push(match what {
            "a macro call" => errors::helper_in_macro(&name, role),
            _ => errors::helper_on_method(&name, role),
        });
    }
}

/// Reports `mod name;` anywhere in a module that is not part of the router.
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

/// The item's name if it clashes with the generated `router`, `contract` or `send`.
pub(crate) fn name_clash(item: &Item) -> Option<Ident> {
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

/// Whether the item may be a module or a type called `calls`, which then stands in the place of the generated one.
pub(crate) fn may_be_calls(item: &Item) -> bool {
    match &item.kind {
        Kind::Other { what: "an import", tokens, .. } => tokens
            .to_string()
            .split(|own: char| !own.is_alphanumeric() && own != '_')
            .any(|word| word == "calls"),
        Kind::Function(_) => false,
        Kind::Other { what: "a fn" | "a const" | "a static", .. } => false,
        _ => item.ident().is_some_and(|ident| ident == "calls"),
    }
}

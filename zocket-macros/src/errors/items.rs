//! Items: which attribute stands where, and the types it stands on.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{DeriveInput, LitStr, Variant, Visibility};

use super::{fault, fault_at};
use crate::parse::helper::{Helper, Role};
use crate::parse::item::Item;

pub(crate) fn helper_outside_router(at: Span, name: &str) -> syn::Error {
    fault_at(
        at,
        format_args!("`#[{name}]` means something only inside a router"),
        "put the item into the module under `#[zocket::router]`",
    )
}

pub(crate) fn from_on_item(at: Span) -> syn::Error {
    fault_at(
        at,
        "`#[from]` belongs on an argument of a fn in a router",
        "write `async fn join(#[from(signed_in)] user: User)`",
    )
}

pub(crate) fn not_alone(item: &Item, role: Role) -> syn::Error {
    let (name, wanted, what) = (role.name(), role.belongs_on(), item.what());
    fault(item, format_args!("`#[{name}]` belongs on {wanted}, this is {what}"), help_for(role, what))
}

pub(crate) fn helper_on_wrong_item(helper: &Helper, item: &Item) -> syn::Error {
    let (name, wanted, what) = (helper.role.name(), helper.role.belongs_on(), item.what());
    fault(
        &helper.attribute,
        format_args!("`#[{name}]` belongs on {wanted}, this is {what}"),
        help_for(helper.role, what),
    )
}

fn help_for(role: Role, what: &str) -> &'static str {
    match (role, what) {
        (Role::Guard, "a fn") => {
            "a guard covers an `#[incoming]` fn or a namespace; a middleware that needs another takes its \
             value with `#[from(…)]`"
        }
        (Role::Error, "a struct") => "make it an enum with one variant",
        (Role::Incoming, "a struct" | "an enum") => {
            "what a client sends is the argument of an `#[incoming]` fn; its type takes `#[payload]`"
        }
        (Role::Outgoing, "a fn") => {
            "what the server sends is a struct; the fn that sends it needs no attribute"
        }
        _ => "move it, or leave it out",
    }
}

pub(crate) fn helper_in_namespace(helper: &Helper) -> syn::Error {
    let name = helper.role.name();
    fault(
        &helper.attribute,
        format_args!("`#[{name}]` concerns the whole connection, so it stands in the router's root"),
        "move the item up, out of the nested module",
    )
}

pub(crate) fn helper_on_router(helper: &Helper) -> syn::Error {
    let name = helper.role.name();
    fault(
        &helper.attribute,
        format_args!("`#[{name}]` belongs on {}, this is the router itself", helper.role.belongs_on()),
        "only `#[guard(…)]` can stand below `#[zocket::router]`",
    )
}

pub(crate) fn helper_on_method(at: &Ident, role: Role) -> syn::Error {
    let name = role.name();
    fault(
        at,
        format_args!("`#[{name}]` belongs on a free async fn, this is a method"),
        "write the fn next to the `impl`, not in it",
    )
}

pub(crate) fn two_roles(first: &Helper, second: &Helper) -> syn::Error {
    fault(
        &second.attribute,
        format_args!("one item cannot be `#[{}]` and `#[{}]`", first.role.name(), second.role.name()),
        "write two items",
    )
}

pub(crate) fn module_not_inline(ident: &Ident) -> syn::Error {
    fault(
        ident,
        format_args!("a router cannot look into the file of `mod {ident}`"),
        format_args!(
            "write `mod {ident} {{ … }}`, or make the file a router of its own, \
             `#[zocket::router(namespace = \"{ident}\", context = …)]`, and merge the two"
        ),
    )
}

pub(crate) fn router_in_a_file(ident: &Ident) -> syn::Error {
    fault(
        ident,
        format_args!("the macro cannot look into the file of `mod {ident}`"),
        format_args!("write `#[zocket::router] pub mod {ident} {{ … }}` inside a file"),
    )
}

pub(crate) fn router_on_no_module(item: &Item) -> syn::Error {
    fault(
        item,
        format_args!("`#[zocket::router]` belongs on a module, this is {}", item.what()),
        "write `#[zocket::router] pub mod app { … }`",
    )
}

pub(crate) fn unreadable(error: syn::Error) -> syn::Error {
    fault_at(error.span(), error, "zocket reads an item like this only as the Rust reference spells it")
}

pub(crate) fn type_generic(role: Role, data: &DeriveInput) -> syn::Error {
    let (name, ident) = (role.name(), &data.ident);
    fault(
        &data.generics.params,
        format_args!("`{ident}` is generic, but an `#[{name}]` type stands in the contract as it is"),
        format_args!("name the types that `{ident}` holds; for several cases, write several types"),
    )
}

pub(crate) fn serde_alias(key: &Ident) -> syn::Error {
    fault(
        key,
        "the published schema does not know a field's or variant's other names, so clients may not use them",
        "take both names as fields, the old one as an `Option`; or leave `alias` out",
    )
}

pub(crate) fn schemars_required(key: &Ident) -> syn::Error {
    fault(
        key,
        "the schema would ask for what reading the payload does not",
        "write the type without `Option`; a value that may be `null` but not missing is its own type",
    )
}

pub(crate) fn context_private(ident: &Ident) -> syn::Error {
    fault(
        ident,
        format_args!(
            "`router()` gives away a router of `{ident}`, which nobody outside of the module may see"
        ),
        format_args!("write `pub` before `{ident}`"),
    )
}

pub(crate) fn outgoing_private(visibility: &Visibility, ident: &Ident) -> syn::Error {
    let help = format!("write `pub` or `pub(crate)` before `{ident}`");
    let problem = format!("`send` makes a `{ident}`, but the rest of the crate cannot");
    match visibility {
        Visibility::Inherited => fault(ident, problem, help),
        visible => fault(visible, problem, help),
    }
}

pub(crate) fn error_without_variants(ident: &Ident) -> syn::Error {
    fault(ident, format_args!("`{ident}` has no variant, so it is no error"), "write its variants")
}

pub(crate) fn transparent_without_one_field(at: Span, variant: &Ident) -> syn::Error {
    fault_at(
        at,
        format_args!("a transparent variant passes on the one error it holds, `{variant}` does not hold one"),
        format_args!("write `{variant}(OtherError)`, or give it a message"),
    )
}

pub(crate) fn built_in_code(at: &TokenStream, code: &str) -> syn::Error {
    fault(
        at,
        format_args!("`{code}` is a code of the protocol itself, clients could not tell the two apart"),
        "rename the variant, or give it another code: `#[error(code = \"…\")]`",
    )
}

pub(crate) fn empty_code(at: &TokenStream) -> syn::Error {
    fault(at, "an error needs a code", "leave `code` out to use the variant's name")
}

pub(crate) fn code_twice(second: &Ident, first: &Ident, code: &str) -> syn::Error {
    fault(
        second,
        format_args!("`{first}` has the code `{code}` already"),
        "give one of the two another: `#[error(code = \"…\")]`",
    )
}

pub(crate) fn placeholder_without_name(literal: &LitStr) -> syn::Error {
    fault(literal, "a placeholder names its field", "write `{name}`, or `{0}` for a field without a name")
}

pub(crate) fn unknown_placeholder(literal: &LitStr, name: &str, variant: &Variant) -> syn::Error {
    let fields = variant.fields.iter().enumerate().map(|(index, field)| match &field.ident {
        Some(ident) => format!("`{{{ident}}}`"),
        None => format!("`{{{index}}}`"),
    });
    let fields: Vec<_> = fields.collect();
    let help = match fields.as_slice() {
        [] => "it has no fields; write a brace itself as `{{`".to_owned(),
        fields => format!("its fields are {}; write a brace itself as `{{{{`", fields.join(", ")),
    };
    fault(literal, format_args!("`{{{name}}}` is no field of `{}`", variant.ident), help)
}

pub(crate) fn unbalanced_brace(literal: &LitStr) -> syn::Error {
    fault(literal, "a brace is missing its partner", "write a brace itself as `{{` or `}}`")
}

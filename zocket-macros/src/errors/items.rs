//! Items: where attributes may be written, and the types they are on.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::{Attribute, DeriveInput, LitStr, Variant, Visibility};

use super::{fault, fault_at};
use crate::vocabulary::Role;

pub(crate) fn helper_outside_router(at: Span, name: &str) -> syn::Error {
    fault_at(
        at,
        format_args!("`#[{name}]` means something only where a router sees it"),
        "write the item in the module under `#[zocket::router]`; one that a macro makes there is not seen",
    )
}

pub(crate) fn from_on_item(at: Span) -> syn::Error {
    fault_at(
        at,
        "`#[from]` belongs on an argument of a fn in a router",
        "write `async fn join(#[from(signed_in)] user: User)`",
    )
}

pub(crate) fn header_on_item(at: Span) -> syn::Error {
    fault_at(
        at,
        "`#[header]` belongs on a field of the router's `#[headers]` struct",
        "write `#[header(http_only)] forwarded_for: Option<String>`",
    )
}

/// `what` is the item in words: "a struct".
pub(crate) fn helper_on_wrong_item(at: impl ToTokens, role: Role, what: &str) -> syn::Error {
    let (name, wanted) = (role.name(), role.belongs_on());
    fault(at, format_args!("`#[{name}]` belongs on {wanted}, this is {what}"), help_for(role, what))
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

pub(crate) fn helper_in_namespace(attribute: &Attribute, role: Role) -> syn::Error {
    let name = role.name();
    fault(
        attribute,
        format_args!("`#[{name}]` concerns the whole connection, so it stands in the router's root"),
        "move the item up, out of the nested module",
    )
}

pub(crate) fn helper_on_router(attribute: &Attribute, role: Role) -> syn::Error {
    let (name, wanted) = (role.name(), role.belongs_on());
    fault(
        attribute,
        format_args!("`#[{name}]` belongs on {wanted}, this is the router itself"),
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

pub(crate) fn helper_in_macro(at: &Ident, role: Role) -> syn::Error {
    let name = role.name();
    fault(
        at,
        format_args!(
            "a router sees what is written in it, not what a macro makes: this `#[{name}]` would mean nothing"
        ),
        "write the item out, or let the macro make the whole module with its `#[zocket::router]`",
    )
}

pub(crate) fn two_roles(attribute: &Attribute, first: Role, second: Role) -> syn::Error {
    fault(
        attribute,
        format_args!("one item cannot be `#[{}]` and `#[{}]`", first.name(), second.name()),
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

pub(crate) fn router_twice(second: &Attribute) -> syn::Error {
    fault(second, "this module is a router already", "keep one of the two `#[zocket::router]`")
}

pub(crate) fn router_in_a_router(second: &Attribute, ident: &Ident) -> syn::Error {
    fault(
        second,
        format_args!("`{ident}` stands in a router already"),
        format_args!(
            "leave the attribute out, and `{ident}` is a namespace of the router around it; a router of its own \
             stands beside this one, and the two are joined with `.merge({ident}::router())`"
        ),
    )
}

pub(crate) fn router_on_no_module(item: impl ToTokens, what: &str) -> syn::Error {
    fault(
        item,
        format_args!("`#[zocket::router]` belongs on a module, this is {what}"),
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

pub(crate) fn serde_other(key: &Ident) -> syn::Error {
    fault(
        key,
        "the published schema names the variants there are, so what `other` would catch is refused before it is read",
        "leave `other` out, or take the name as a `String`",
    )
}

/// `deserialize_with`, or `with` that names a module.
pub(crate) fn serde_function(key: &Ident) -> syn::Error {
    fault(
        key,
        format_args!("the published schema is that of the type, and `{key}` may read something else"),
        "say what goes over the wire: `#[schemars(with = \"String\")]` names a type that is read from the same, \
         `#[schemars(schema_with = \"path\")]` a function that makes the schema",
    )
}

pub(crate) fn schemars_alone(key: &Ident) -> syn::Error {
    fault(
        key,
        format_args!(
            "`{key}` in `#[schemars(…)]` changes the published schema, but not what is read or written"
        ),
        "write it in `#[serde(…)]`, which the schema follows",
    )
}

pub(crate) fn schemars_required(key: &Ident) -> syn::Error {
    fault(
        key,
        "the schema would ask for what reading the payload does not",
        "write the type without `Option`; a value that may be `null` but not missing is its own type",
    )
}

/// `inner` is a struct or an enum of the router that lacks the traits `lacking`.
pub(crate) fn nested_type_lacks(inner: &Ident, outer: &Ident, what: &str, lacking: &[&str]) -> syn::Error {
    let keyword = what.rsplit(' ').next().unwrap_or(what);
    let lacking: Vec<_> = lacking.iter().map(|name| format!("`{name}`")).collect();
    fault(
        inner,
        format_args!("`{inner}` goes over the wire inside of `{outer}`, and lacks {}", lacking.join(", ")),
        format_args!("write `#[payload]` above `{keyword} {inner}`, which derives what is lacking"),
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

//! Attributes and their keys.

use proc_macro2::{Ident, Span};
use syn::{Attribute, LitStr};

use super::{fault, fault_at};
use crate::vocabulary::{Key, RenameAll, Role, Takes};

pub(crate) fn unknown_key(key: &Ident, owner: &str, table: &[Key]) -> syn::Error {
    fault(key, format_args!("`{key}` is no key of `#[{owner}]`"), keys_of(owner, table))
}

pub(crate) fn no_key(at: Span, owner: &str, table: &[Key]) -> syn::Error {
    fault_at(at, format_args!("`#[{owner}(…)]` takes keys"), keys_of(owner, table))
}

fn keys_of(owner: &str, table: &[Key]) -> String {
    match table {
        [] => format!("`#[{owner}]` takes no keys: write it without parentheses"),
        keys => {
            let usages: Vec<_> = keys.iter().map(Key::usage).collect();
            format!("it takes {}", usages.join(", "))
        }
    }
}

pub(crate) fn repeated_key(key: &Ident, owner: &str) -> syn::Error {
    fault(key, format_args!("`{key}` is given twice in one `#[{owner}]`"), "keep one of the two")
}

pub(crate) fn key_without_value(key: &Ident, owner: &str) -> syn::Error {
    fault(key, format_args!("`{key}` takes no value"), format_args!("write `#[{owner}({key})]`"))
}

pub(crate) fn key_needs_value(key: &Ident, known: &Key) -> syn::Error {
    fault(key, format_args!("`{key}` needs a value"), format_args!("write {}", known.usage()))
}

pub(crate) fn key_of_wrong_kind(at: Span, key: &Key) -> syn::Error {
    let wanted = match key.takes {
        Takes::Flag => "nothing",
        Takes::Text => "a text in quotes",
        Takes::Type => "a type",
        Takes::Path => "a path, bare or in quotes",
    };
    fault_at(at, format_args!("`{}` takes {wanted}", key.name), format_args!("write {}", key.usage()))
}

pub(crate) fn crate_renamed(owner: &str, name: &Ident) -> syn::Error {
    let attribute = owner.rsplit("::").next().unwrap_or(owner);
    fault_at(
        Span::call_site(),
        format_args!("this crate calls zocket `{name}`, and what the attribute makes has to know"),
        format_args!("write `#[{name}::{attribute}(crate = {name})]`"),
    )
}

pub(crate) fn unknown_rename_all(text: &LitStr) -> syn::Error {
    let known: Vec<_> = RenameAll::NAMES.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    fault(text, "this is no way to rename", format_args!("there are {}", known.join(", ")))
}

pub(crate) fn unknown_rename_all_fields(text: &LitStr, known: &[&str]) -> syn::Error {
    let known: Vec<_> = known.iter().map(|name| format!("\"{name}\"")).collect();
    fault(text, "this is no way to rename", format_args!("there are {}", known.join(", ")))
}

pub(crate) fn helper_under_condition(attribute: &Attribute, name: &str) -> syn::Error {
    fault(
        &attribute.meta,
        format_args!("`#[{name}]` cannot depend on a condition of its own"),
        "write it without `cfg_attr`; `#[cfg(…)]` on the whole item makes that depend on a condition",
    )
}

pub(crate) fn repeated_helper(attribute: &Attribute, role: Role) -> syn::Error {
    let name = role.name();
    fault(attribute, format_args!("`#[{name}]` stands here twice"), "keep one of the two")
}

pub(crate) fn helper_with_equals_sign(attribute: &Attribute, role: Role, table: &[Key]) -> syn::Error {
    let name = role.name();
    fault(attribute, format_args!("`#[{name} = …]` means nothing"), keys_of(name, table))
}

pub(crate) fn guard_without_middleware(attribute: &Attribute) -> syn::Error {
    fault(
        attribute,
        "`#[guard]` names the middlewares that have to let a message through",
        "write `#[guard(signed_in)]`, several with commas between them",
    )
}

pub(crate) fn from_without_middleware(attribute: &Attribute) -> syn::Error {
    fault(
        attribute,
        "`#[from]` names the one middleware whose value this argument takes",
        "write `#[from(signed_in)] user: User`",
    )
}

pub(crate) fn two_froms(attribute: &Attribute) -> syn::Error {
    fault(
        attribute,
        "an argument takes the value of one middleware",
        "take the second value with an argument of its own",
    )
}

pub(crate) fn from_on_connect(attribute: &Attribute) -> syn::Error {
    fault(
        attribute,
        "there is no message yet on which a middleware could run",
        "call what the middleware does from `on_connect` itself",
    )
}

pub(crate) fn header_without_key(attribute: &Attribute) -> syn::Error {
    fault(
        attribute,
        "`#[header]` on a field says where it may come from",
        "write `#[header(http_only)]` for what only an HTTP header may bring, never the query; a field that may come from \
         both needs no attribute",
    )
}

pub(crate) fn repeated_header(attribute: &Attribute) -> syn::Error {
    fault(attribute, "`#[header(…)]` is on this field twice", "keep one of the two")
}

pub(crate) fn header_elsewhere(attribute: &Attribute) -> syn::Error {
    fault(
        attribute,
        "`#[header(…)]` belongs on a field of the router's `#[headers]` struct",
        "leave it out: nothing else is read from the handshake's headers",
    )
}

pub(crate) fn header_without_a_name(attribute: &Attribute) -> syn::Error {
    fault(
        attribute,
        "this field stands for no header of its own, since serde flattens or skips it",
        "name the header as a field of this struct; where a flattened struct has to have it, write \
         `#[schemars(extend(\"x-zocket-http-only\" = true))]` on its field",
    )
}

pub(crate) fn repeated_variant_attribute(attribute: &Attribute) -> syn::Error {
    fault(attribute, "`#[error(…)]` stands on this variant twice", "join the two")
}

pub(crate) fn empty_variant_attribute(attribute: &Attribute) -> syn::Error {
    fault(
        attribute,
        "`#[error]` on a variant says its message, its code, or that it is transparent",
        "write `#[error(\"room {room} is full\")]`, `#[error(code = \"FULL\", message = \"…\")]` or \
         `#[error(transparent)]`",
    )
}

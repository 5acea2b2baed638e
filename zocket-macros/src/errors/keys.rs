//! Attributes and their keys.

use proc_macro2::{Ident, Span};
use syn::{Attribute, LitStr};

use super::{fault, fault_at};
use crate::model::names::RenameAll;
use crate::parse::helper::Role;
use crate::parse::keys::{Key, Takes};

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

pub(crate) fn unknown_rename_all(text: &LitStr) -> syn::Error {
    let known: Vec<_> = RenameAll::NAMES.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    fault(text, "this is no way to rename", format_args!("there are {}", known.join(", ")))
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

pub(crate) fn repeated_variant_words(attribute: &Attribute) -> syn::Error {
    fault(attribute, "`#[error(…)]` stands on this variant twice", "join the two")
}

pub(crate) fn empty_variant_words(attribute: &Attribute) -> syn::Error {
    fault(
        attribute,
        "`#[error]` on a variant says its message, its code, or that it is transparent",
        "write `#[error(\"room {room} is full\")]`, `#[error(code = \"FULL\", message = \"…\")]` or \
         `#[error(transparent)]`",
    )
}

//! How the parts of a router fit together.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{LitStr, Path, Visibility};

use super::fault;
use crate::vocabulary::Role;

pub(crate) fn two_of_a_kind(role: Role, second: &Ident, first: &Ident) -> syn::Error {
    let name = role.name();
    let help = match role {
        Role::Context => "make one type of the two, an enum perhaps",
        Role::Headers => "put the fields of both into one struct",
        _ => "call one from the other",
    };
    fault(second, format_args!("a router has one `#[{name}]`, and `{first}` is it"), help)
}

pub(crate) fn context_key_and_attribute(declared: &Ident) -> syn::Error {
    fault(
        declared,
        "the context is named in `#[zocket::router(context = …)]` already",
        "leave out one of the two",
    )
}

pub(crate) fn context_without_on_connect(declared: &Ident) -> syn::Error {
    fault(
        declared,
        format_args!("nothing makes a `{declared}`"),
        format_args!(
            "write `#[on_connect] async fn connect() -> {declared}`; where another router of the same server \
             makes it, name it with `#[zocket::router(context = path::{declared})]` instead"
        ),
    )
}

pub(crate) fn not_a_middleware(name: &Ident) -> syn::Error {
    fault(name, format_args!("`{name}` is a fn, but no middleware"), "write `#[middleware]` above it")
}

/// `circle` names each once, in the order in which they are asked.
pub(crate) fn middleware_in_a_circle(at: &Path, circle: &[&Ident]) -> syn::Error {
    let problem = match circle {
        [own] => format!("the middleware `{own}` takes its own value, which nobody makes"),
        circle => {
            let names: Vec<_> = circle.iter().chain(circle.first()).map(|own| format!("`{own}`")).collect();
            format!("these middlewares wait for each other: {}", names.join(" → "))
        }
    };
    fault(at, problem, "leave out this `#[from(…)]`; what both need is the value of another middleware")
}

pub(crate) fn middleware_missing(name: &Ident, known: &[&Ident]) -> syn::Error {
    let mut help =
        format!("write `#[middleware] async fn {name}() -> Result<T, zocket::Error>`, or import it");
    if !known.is_empty() {
        let known: Vec<_> = known.iter().map(|ident| format!("`{ident}`")).collect();
        help.push_str(&format!("; this router has {}", known.join(", ")));
    }
    fault(name, format_args!("there is no middleware `{name}` here"), help)
}

pub(crate) fn reserved_route(at: &TokenStream, segment: &str) -> syn::Error {
    fault(
        at,
        format_args!(
            "`{segment}` cannot be part of a route: names that begin with `__` are the protocol's own"
        ),
        "choose another name, or give the route one: `rename = \"…\"`",
    )
}

pub(crate) fn rename_empty(at: &TokenStream) -> syn::Error {
    fault(at, "a route needs a name", "write at least one letter")
}

pub(crate) fn rename_with_dot(at: &TokenStream) -> syn::Error {
    fault(
        at,
        "a rename is one segment of a route, and dots separate segments",
        "dots come from nested modules: put the item into one",
    )
}

pub(crate) fn namespace_empty(at: &LitStr) -> syn::Error {
    fault(at, "a namespace has a name between its dots", "write `chat` or `chat.rooms`")
}

pub(crate) fn namespace_reserved(at: &LitStr, segment: &str) -> syn::Error {
    fault(
        at,
        format_args!(
            "`{segment}` cannot be part of a route: names that begin with `__` are the protocol's own"
        ),
        "choose another name",
    )
}

/// White space or control characters.
pub(crate) fn segment_unprintable(at: impl ToTokens, segment: &str) -> syn::Error {
    fault(
        at,
        format_args!("`{}` cannot be part of a route", segment.escape_debug()),
        "leave out white space and control characters",
    )
}

pub(crate) fn route_declared_twice(second: &TokenStream, first: &TokenStream, route: &str) -> syn::Error {
    fault(
        second,
        format_args!("the route `{route}` is declared twice, here and by `{first}`"),
        "give one of the two another name: `rename = \"…\"`",
    )
}

pub(crate) fn name_taken(ident: &Ident) -> syn::Error {
    fault(
        ident,
        format_args!("the router makes a `{ident}` of its own in this module"),
        "rename yours, or put it into a nested module; a route keeps its name with `rename = \"…\"`",
    )
}

pub(crate) fn senders_clash(second: &Ident, first: &Ident, sender: &Ident) -> syn::Error {
    fault(
        second,
        format_args!("`{first}` and `{second}` would both be sent with `send::…::{sender}`"),
        "rename one of the two: its type, or its route with `rename = \"…\"`",
    )
}

pub(crate) fn namespace_out_of_reach(visibility: &Visibility, ident: &Ident) -> syn::Error {
    let problem = format!("`send`, in the router's root, cannot see the messages of `{ident}`");
    let help = format!("write `pub mod {ident}`");
    match visibility {
        Visibility::Inherited => fault(ident, problem, help),
        visible => fault(visible, problem, help),
    }
}

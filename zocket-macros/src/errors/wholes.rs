//! How the parts of a router fit together.

use proc_macro2::{Ident, TokenStream};
use syn::{LitStr, Visibility};

use super::fault;
use crate::model::names::BadSegment;
use crate::parse::helper::Role;

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

pub(crate) fn bad_rename(at: &TokenStream, segment: &str, fault_found: &BadSegment) -> syn::Error {
    match fault_found {
        BadSegment::Empty => fault(at, "a route needs a name", "write at least one letter"),
        BadSegment::Dot => fault(
            at,
            "a rename is one segment of a route, and dots part segments",
            "dots come from nested modules: put the item into one",
        ),
        BadSegment::Unprintable | BadSegment::Reserved => fault(
            at,
            format_args!("`{}` cannot be part of a route", segment.escape_debug()),
            "leave out white space and control characters",
        ),
    }
}

pub(crate) fn bad_namespace(at: &LitStr, segment: &str, fault_found: &BadSegment) -> syn::Error {
    match fault_found {
        BadSegment::Reserved => fault(
            at,
            format_args!(
                "`{segment}` cannot be part of a route: names that begin with `__` are the protocol's own"
            ),
            "choose another name",
        ),
        BadSegment::Empty => {
            fault(at, "a namespace has a name between its dots", "write `chat` or `chat.rooms`")
        }
        BadSegment::Dot | BadSegment::Unprintable => fault(
            at,
            format_args!("`{}` cannot be part of a route", segment.escape_debug()),
            "leave out white space and control characters",
        ),
    }
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
        "rename one of the two types",
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

//! Functions that the runtime calls.

use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Type};

use super::{fault, written};
use crate::vocabulary::Role;

pub(crate) fn fn_not_async(at: &TokenStream, name: &Ident, role: Role) -> syn::Error {
    let role = role.name();
    fault(
        at,
        format_args!("`{name}` is not async, but an `#[{role}]` fn is awaited"),
        format_args!("write `async fn {name}`"),
    )
}

pub(crate) fn fn_qualified(word: &Ident, function: &Ident) -> syn::Error {
    fault(
        word,
        format_args!("zocket calls `{function}` as a plain `async fn`, not as one that is `{word}`"),
        format_args!("write `async fn {function}`; it may call one that is `{word}`"),
    )
}

pub(crate) fn fn_generic(at: &TokenStream, function: &Ident) -> syn::Error {
    fault(
        at,
        format_args!("`{function}` is generic, but zocket calls it with fixed types"),
        "name the types; share generic code by calling it from here",
    )
}

pub(crate) fn fn_takes_self(receiver: &TokenStream, function: &Ident) -> syn::Error {
    fault(
        receiver,
        format_args!("`{function}` is a free fn, there is no `self`"),
        "what a connection shares is its context, `ctx: Ctx<Session>`; what the server shares is \
         `State(db): State<Db>`",
    )
}

pub(crate) fn fn_odd_argument(argument: &TokenStream, function: &Ident) -> syn::Error {
    fault(
        argument,
        format_args!("zocket cannot pass this argument to `{function}`"),
        "every argument has a type that can be taken from the call: `name: Type`",
    )
}

pub(crate) fn cfg_on_argument(cfg: &Attribute, function: &Ident) -> syn::Error {
    fault(
        cfg,
        format_args!("the arguments of `{function}` cannot depend on a condition"),
        "put the `#[cfg(…)]` on the whole fn, and write a second one for the other case",
    )
}

pub(crate) fn argument_impl_trait(ty: &Type, function: &Ident) -> syn::Error {
    fault(
        ty,
        format_args!("zocket has to know which type `{function}` takes here"),
        "name the type instead of `impl …`",
    )
}

pub(crate) fn argument_borrows(ty: &Type, function: &Ident) -> syn::Error {
    fault(
        ty,
        format_args!("`{function}` borrows here, but it is the owner of its arguments"),
        "take the value itself: `input: Join`, `ctx: Ctx<Session>`, `String` for `&str`",
    )
}

pub(crate) fn returns_impl_trait(ty: &Type, function: &Ident) -> syn::Error {
    fault(
        ty,
        format_args!("zocket has to know which type `{function}` returns"),
        "name the type instead of `impl …`: its schema belongs to the contract",
    )
}

pub(crate) fn returns_borrow(ty: &Type, function: &Ident) -> syn::Error {
    fault(
        ty,
        format_args!("`{function}` has nothing that outlives it to lend out"),
        "return an owned value: `String` for `&str`",
    )
}

pub(crate) fn returns_never(ty: &Type, function: &Ident) -> syn::Error {
    fault(
        ty,
        format_args!("`{function}` never returns, so the connection's next message would never be handled"),
        "return, and leave the endless part to a task (`zocket::spawn`)",
    )
}

pub(crate) fn middleware_yields_nothing(at: &TokenStream, name: &Ident) -> syn::Error {
    fault(
        at,
        format_args!("the middleware `{name}` cannot refuse a message"),
        "return `Result<T, zocket::Error>`: `Ok(value)` for the handlers to take with `#[from(…)]`, `Err(…)` to refuse",
    )
}

pub(crate) fn payload_in_handler(ty: &Type, function: &Ident) -> syn::Error {
    fault(
        ty,
        format_args!("`{function}` takes its payload as it is; `Payload<T>` is how a middleware reads it"),
        "write `input: T`",
    )
}

pub(crate) fn middleware_returns(output: &Type, name: &Ident) -> syn::Error {
    fault(
        output,
        format_args!("the middleware `{name}` returns no `Result`, so it cannot refuse a message"),
        "return `Result<T, zocket::Error>`: `Ok(value)` for the handlers to take with `#[from(…)]`, `Err(…)` to refuse",
    )
}

pub(crate) fn on_disconnect_returns(output: &Type, function: &Ident) -> syn::Error {
    fault(
        output,
        format_args!("nobody is left to take what `{function}` returns"),
        "return nothing, or `Result<(), zocket::Error>` to have an error logged",
    )
}

pub(crate) fn context_assigned(place: &TokenStream) -> syn::Error {
    fault(
        place,
        "all handlers of a connection share its context, so nothing in it can be assigned",
        "let an atomic or a `Mutex` hold what changes, or put another context in its place: `ctx.replace_context(…)`",
    )
}

pub(crate) fn context_missing(at: &Type, asked: &Type) -> syn::Error {
    fault(
        at,
        "this router has no context",
        format_args!(
            "put `#[context]` on a type in its root, or name one: `#[zocket::router(context = {})]`",
            written(asked)
        ),
    )
}

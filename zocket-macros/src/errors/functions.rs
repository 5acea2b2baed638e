//! Functions that the runtime calls.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens as _;
use syn::{Attribute, Type};

use super::{fault, written};
use crate::model::signature::Signature;
use crate::parse::function::Function;
use crate::parse::helper::Role;

pub(crate) fn fn_not_async(function: &Function, role: Role) -> syn::Error {
    let (name, role) = (&function.ident, role.name());
    let at = function.fn_token.to_token_stream().into_iter().chain(name.to_token_stream());
    fault(
        at.collect::<TokenStream>(),
        format_args!("`{name}` is not async, but an `#[{role}]` fn is awaited"),
        format_args!("write `async fn {name}`"),
    )
}

pub(crate) fn fn_qualified(word: &Ident, function: &Function) -> syn::Error {
    fault(
        word,
        format_args!("zocket calls `{}`, and cannot call an `{word}` fn", function.ident),
        format_args!("leave `{word}` out, or call such a fn from a plain `async fn`"),
    )
}

pub(crate) fn fn_generic(function: &Function) -> syn::Error {
    let (params, clause) = (&function.generics.params, &function.generics.where_clause);
    let at = if params.is_empty() { clause.to_token_stream() } else { params.to_token_stream() };
    fault(
        at,
        format_args!("`{}` is generic, but zocket calls it with fixed types", function.ident),
        "name the types; share generic code by calling it from here",
    )
}

pub(crate) fn fn_takes_self(receiver: &TokenStream, function: &Function) -> syn::Error {
    fault(
        receiver,
        format_args!("`{}` is a free fn, there is no `self`", function.ident),
        "what a connection shares is its context, `ctx: Ctx<Session>`; what the server shares is \
         `State(db): State<Db>`",
    )
}

pub(crate) fn fn_odd_argument(argument: &TokenStream, function: &Function) -> syn::Error {
    fault(
        argument,
        format_args!("zocket cannot pass this argument to `{}`", function.ident),
        "every argument has a type that can be taken from the call: `name: Type`",
    )
}

pub(crate) fn cfg_on_argument(cfg: &Attribute, function: &Function) -> syn::Error {
    fault(
        cfg,
        format_args!("the arguments of `{}` cannot depend on a condition", function.ident),
        "put the `#[cfg(…)]` on the whole fn, and write a second one for the other case",
    )
}

pub(crate) fn argument_impl_trait(ty: &Type, function: &Function) -> syn::Error {
    fault(
        ty,
        format_args!("zocket has to know which type `{}` takes here", function.ident),
        "name the type instead of `impl …`",
    )
}

pub(crate) fn argument_borrows(ty: &Type, function: &Function) -> syn::Error {
    fault(
        ty,
        format_args!("`{}` borrows here, but it is the owner of its arguments", function.ident),
        "take the value itself: `input: Join`, `ctx: Ctx<Session>`, `String` for `&str`",
    )
}

pub(crate) fn returns_impl_trait(ty: &Type, function: &Function) -> syn::Error {
    fault(
        ty,
        format_args!("zocket has to know which type `{}` returns", function.ident),
        "name the type instead of `impl …`: its schema belongs to the contract",
    )
}

pub(crate) fn returns_borrow(ty: &Type, function: &Function) -> syn::Error {
    fault(
        ty,
        format_args!("`{}` has nothing that outlives it to lend out", function.ident),
        "return an owned value: `String` for `&str`",
    )
}

pub(crate) fn returns_never(ty: &Type, function: &Function) -> syn::Error {
    fault(
        ty,
        format_args!(
            "`{}` never returns, so the connection's next message would never be handled",
            function.ident
        ),
        "return, and leave the endless part to a task (`zocket::spawn`)",
    )
}

pub(crate) fn middleware_yields_nothing(signature: &Signature) -> syn::Error {
    let name = &signature.ident;
    let at =
        if signature.returns_nothing { name.to_token_stream() } else { signature.output.to_token_stream() };
    fault(
        at,
        format_args!("the middleware `{name}` cannot refuse a message"),
        "return `Result<T, zocket::Error>`: `Ok(value)` for the handlers to take with `#[from(…)]`, `Err(…)` to refuse",
    )
}

pub(crate) fn on_disconnect_returns(signature: &Signature) -> syn::Error {
    fault(
        &signature.output,
        format_args!("nobody is left to take what `{}` returns", signature.ident),
        "return nothing, or `Result<(), zocket::Error>` to have an error logged",
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

pub(crate) fn two_kinds_of_state(first: &Type, second: &Type) -> syn::Error {
    fault(
        second,
        format_args!(
            "this router's handlers ask for two kinds of state, `{}` and `{}`",
            written(first),
            written(second)
        ),
        "name the whole state once, `#[zocket::router(state = AppState)]`, and implement `FromRef` for its parts",
    )
}

//! How the arguments of a function are made inside generated code.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned as _;

use super::scope::Scope;
use crate::model::signature::{Argument, Signature};

/// The local that holds the argument number `index`.
pub(crate) fn value(index: usize, scope: &Scope) -> Ident {
    format_ident!("argument{index}", span = scope.span)
}

/// `f(argument0, argument1).await`
pub(crate) fn call(signature: &Signature, scope: &Scope) -> TokenStream {
    let ident = &signature.ident;
    let values = (0..signature.arguments.len()).map(|index| value(index, scope));
    quote!(#ident(#(#values),*).await)
}

/// `let argument0 = …;` for every argument, in the order written. `extract` makes those without a middleware.
pub(crate) fn bind(
    signature: &Signature,
    scope: &Scope,
    run_on: &TokenStream,
    extract: impl Fn(usize, &Argument) -> TokenStream,
) -> TokenStream {
    let bindings = signature.arguments.iter().enumerate().map(|(index, argument)| {
        let (value, ty) = (value(index, scope), &argument.ty);
        match &argument.from {
            Some(path) => {
                let made = run_middleware(path, scope, run_on);
                quote!(let #value: #ty = #made;)
            }
            None => {
                let made = extract(index, argument);
                quote!(let #value = #made;)
            }
        }
    });
    bindings.collect()
}

/// The value of a middleware, or its refusal.
pub(crate) fn run_middleware(path: &Path, scope: &Scope, run_on: &TokenStream) -> TokenStream {
    let Scope { private, context, state, .. } = scope;
    // A value of the wrong type is reported at the middleware's name.
    quote_spanned!(path.span()=> <#path as #private::Middleware<#context, #state>>::run(#run_on).await?)
}

/// The future of a hook or a handler. One that cannot be sent between threads is reported at the fn's name.
pub(crate) fn boxed(signature: &Signature, scope: &Scope, body: &TokenStream) -> TokenStream {
    let private = &scope.private;
    quote_spanned!(at_name(signature)=> #private::boxed(async move { #body }))
}

/// A span of generated code, shown at the fn's name.
pub(crate) fn at_name(signature: &Signature) -> Span {
    Span::mixed_site().located_at(signature.ident.span())
}

/// The arguments of everything but `#[incoming]`, which have no payload: made from `call`, a `&Call`.
pub(crate) fn bind_from_call(signature: &Signature, scope: &Scope, call: &TokenStream) -> TokenStream {
    let Scope { private, context, state, .. } = scope;
    bind(signature, scope, call, |_, argument| {
        let ty = &argument.ty;
        quote!(#private::from_call::<#ty, #context, #state>(#call).await?)
    })
}

//! How the arguments of a function are made inside generated code.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Path, Type};

use super::scope::Scope;
use super::spans;
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
fn run_middleware(path: &Path, scope: &Scope, run_on: &TokenStream) -> TokenStream {
    // A value of the wrong type is reported at the middleware's name.
    let span = path.segments.last().map_or_else(|| path.span(), |last| last.ident.span());
    let Scope { private, context, state, .. } = scope.shown_at(span);
    quote_spanned!(span=> <#path as #private::Middleware<#context, #state>>::run(#run_on).await?)
}

/// The arguments of everything but `#[incoming]`, which have no payload: made from `call`, a `&Call`.
pub(crate) fn bind_from_call(signature: &Signature, scope: &Scope, call: &TokenStream) -> TokenStream {
    bind(signature, scope, call, |_, argument| {
        Asked::from_call(&argument.ty, scope).awaited("from_call", call)
    })
}

/// Calls of a trait that a user's type must have, with everything in them shown at that type.
///
/// `<Type as Trait>::method(…)` and no generic fn of the runtime: the error is about the trait alone, and reads the
/// same wherever it comes from, so that it is printed once.
pub(crate) struct Asked {
    as_trait: TokenStream,
    span: Span,
}

impl Asked {
    /// As an argument of `#[incoming]`.
    pub(crate) fn argument(argument: &Argument, scope: &Scope) -> Self {
        // The compiler finds out whether it is the payload, but for zocket's own extractors, some of which
        // (`ClientId`) could be a payload just as well.
        let is_extractor = argument.is_extractor();
        Self::of(&argument.ty, scope, |Scope { private, context, state, .. }, span| {
            let via = if is_extractor { quote!(#private::ViaExtractor) } else { quote_spanned!(span=> _) };
            quote_spanned!(span=> #private::Argument<#context, #state, #via>)
        })
    }

    /// As an argument of a middleware or of `#[on_disconnect]`.
    pub(crate) fn from_call(ty: &Type, scope: &Scope) -> Self {
        Self::of(
            ty,
            scope,
            |Scope { private, context, state, .. }, span| quote_spanned!(span=> #private::FromCall<#context, #state>),
        )
    }

    /// As an argument of `#[on_connect]`.
    pub(crate) fn from_handshake(ty: &Type, scope: &Scope) -> Self {
        Self::of(
            ty,
            scope,
            |Scope { private, state, .. }, span| quote_spanned!(span=> #private::FromHandshake<#state>),
        )
    }

    /// As what `#[on_connect]` returns.
    pub(crate) fn context(ty: &Type, scope: &Scope) -> Self {
        Self::of(
            ty,
            scope,
            |Scope { private, context, .. }, span| quote_spanned!(span=> #private::IntoContext<#context>),
        )
    }

    /// As what a middleware returns.
    pub(crate) fn middleware_output(ty: &Type, scope: &Scope) -> Self {
        Self::of(ty, scope, |Scope { private, .. }, span| quote_spanned!(span=> #private::MiddlewareOutput))
    }

    fn of(ty: &Type, scope: &Scope, of_trait: impl FnOnce(&Scope, Span) -> TokenStream) -> Self {
        let (span, ty) = (spans::of_type(ty), spans::gathered(ty));
        let of_trait = of_trait(&scope.shown_at(span), span);
        Self { as_trait: quote_spanned!(span=> <#ty as #of_trait>), span }
    }

    /// `<Type as Trait>::name(values)`
    pub(crate) fn call(&self, name: &str, values: &TokenStream) -> TokenStream {
        let (as_trait, name) = (&self.as_trait, Ident::new(name, self.span));
        quote_spanned!(self.span=> #as_trait::#name(#values))
    }

    /// `<Type as Trait>::name(values).await?`
    pub(crate) fn awaited(&self, name: &str, values: &TokenStream) -> TokenStream {
        let future = self.call(name, values);
        quote_spanned!(self.span=> #future.await?)
    }

    /// `<Type as Trait>::name`, a type.
    pub(crate) fn member(&self, name: &str) -> TokenStream {
        let (as_trait, name) = (&self.as_trait, Ident::new(name, self.span));
        quote_spanned!(self.span=> #as_trait::#name)
    }
}

/// The future of a hook or a handler. One that cannot be sent between threads is reported at the fn's name.
pub(crate) fn boxed(signature: &Signature, scope: &Scope, body: &TokenStream) -> TokenStream {
    let private = scope.shown_at(signature.ident.span()).private;
    quote_spanned!(at_name(signature)=> #private::boxed(async move { #body }))
}

/// A span of generated code, shown at the fn's name.
pub(crate) fn at_name(signature: &Signature) -> Span {
    Span::mixed_site().located_at(signature.ident.span())
}

//! How generated code makes the arguments of a function.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Path, Type};

use super::scope::Scope;
use super::spans;
use crate::model::signature::{Argument, Signature};

/// The local variable that holds argument `index`.
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
    call: &TokenStream,
    extract: impl Fn(usize, &Argument) -> TokenStream,
) -> TokenStream {
    let bindings = signature.arguments.iter().enumerate().map(|(index, argument)| {
        let (value, ty) = (value(index, scope), &argument.ty);
        match &argument.from {
            Some(path) => {
                let made = middleware_value(path, scope, call);
                taken(&value, ty, &made, scope)
            }
            None => {
                let made = extract(index, argument);
                quote!(let #value = #made;)
            }
        }
    });
    bindings.collect()
}

/// `let value: Type = made;`, and in words of ours what is wrong where it is of another type.
fn taken(value: &Ident, ty: &Type, made: &TokenStream, scope: &Scope) -> TokenStream {
    // What may be coerced (`Box<T>` to `Box<dyn Trait>`) need not be of the very type.
    let may_be_coerced = |token: &str| matches!(token, "dyn" | "&" | "fn" | "*");
    if ty.to_token_stream().into_iter().any(|token| any_token(token, &may_be_coerced)) {
        return quote!(let #value: #ty = #made;);
    }
    let (span, of_type) = (spans::of_type(ty), spans::at_one_token(ty));
    let private = scope.respanned(span).private;
    let yielded = quote_spanned!(span=> <_ as #private::Yields<#of_type>>::yielded);
    quote!(let #value = #yielded(#made);)
}

fn any_token(token: TokenTree, found: &dyn Fn(&str) -> bool) -> bool {
    match token {
        TokenTree::Group(group) => group.stream().into_iter().any(|token| any_token(token, found)),
        token => found(&token.to_string()),
    }
}

/// The value of a middleware, or its refusal.
fn middleware_value(path: &Path, scope: &Scope, call: &TokenStream) -> TokenStream {
    scope.with_middleware(path, |middleware| {
        let (span, middleware) = as_middleware(middleware, path, scope);
        quote_spanned!(span=> #middleware::value(#call).await?)
    })
}

/// `<path as Middleware<C, St>>::describe(description);` for every `#[from(path)]`.
pub(crate) fn describe_middleware(
    signature: &Signature,
    scope: &Scope,
    description: &TokenStream,
) -> TokenStream {
    let described = signature.arguments.iter().filter_map(|argument| argument.from.as_ref()).map(|path| {
        scope.with_middleware(path, |middleware| {
            let (span, middleware) = as_middleware(middleware, path, scope);
            quote_spanned!(span=> #middleware::describe(#description);)
        })
    });
    described.collect()
}

/// `<path as Middleware<C, St>>`, at the middleware's name: a value of the wrong type is then reported there.
fn as_middleware(middleware: &TokenStream, path: &Path, scope: &Scope) -> (Span, TokenStream) {
    let span = path.segments.last().map_or_else(|| path.span(), |last| last.ident.span());
    let Scope { private, context, state, .. } = scope.respanned(span);
    (span, quote_spanned!(span=> <#middleware as #private::Middleware<#context, #state>>))
}

/// The arguments of everything but `#[incoming]`: no payload, made from `call`, a `&Call`.
pub(crate) fn bind_from_call(signature: &Signature, scope: &Scope, call: &TokenStream) -> TokenStream {
    bind(signature, scope, call, |_, argument| {
        TraitCall::from_call(&argument.ty, scope).awaited("from_call", call)
    })
}

/// Calls to a trait that a user's type must implement, with every span at that type.
///
/// They are written `<Type as Trait>::method(…)` rather than as a call to a generic fn of the runtime: the error is then
/// about the trait alone, reads the same wherever it comes from, and is printed once.
pub(crate) struct TraitCall {
    as_trait: TokenStream,
    span: Span,
}

impl TraitCall {
    /// As an argument of `#[incoming]`.
    pub(crate) fn argument(argument: &Argument, scope: &Scope) -> Self {
        // The compiler infers whether it is the payload, except for zocket's own extractors, some of which
        // (`ClientId`) could also be a payload.
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

    /// As what `#[on_disconnect]` returns.
    pub(crate) fn ends(ty: &Type, scope: &Scope) -> Self {
        Self::of(ty, scope, |Scope { private, .. }, span| quote_spanned!(span=> #private::Ends))
    }

    fn of(ty: &Type, scope: &Scope, of_trait: impl FnOnce(&Scope, Span) -> TokenStream) -> Self {
        let (span, ty) = (spans::of_type(ty), spans::at_one_token(ty));
        let of_trait = of_trait(&scope.respanned(span), span);
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

/// The future of a hook or a handler. One that is not `Send` is reported at the fn's name.
pub(crate) fn boxed(signature: &Signature, scope: &Scope, body: &TokenStream) -> TokenStream {
    let private = scope.respanned(signature.ident.span()).private;
    quote_spanned!(at_name(signature)=> #private::boxed(async move { #body }))
}

/// A span of generated code, shown at the fn's name.
pub(crate) fn at_name(signature: &Signature) -> Span {
    Span::mixed_site().located_at(signature.ident.span())
}

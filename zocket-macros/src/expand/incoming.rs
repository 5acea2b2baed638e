//! `#[incoming]`: the fn's entry in the registry.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::scope::Scope;
use super::{
    arguments::{self, TraitCall},
    spans,
};
use crate::model::Incoming;
use crate::model::signature::{Argument, Signature};

pub(crate) fn write(incoming: &Incoming, registry: &TokenStream, scope: &Scope) -> TokenStream {
    let (private, cfgs) = (&scope.private, &incoming.cfgs);
    let (route, docs) = (&incoming.route.name, &incoming.docs);
    let at = scope.at(&incoming.signature.ident);
    let concurrent = incoming.concurrent.then(|| quote!(.concurrent()));
    let uncompressed = incoming.uncompressed.then(|| quote!(.uncompressed()));
    let deprecated = incoming.deprecated.call(private);
    let describe = describe(&incoming.signature, scope);
    let start = start(&incoming.signature, scope);
    let one_payload = one_payload(incoming, scope);
    let guards = incoming.guards.iter().map(|path| {
        let guarded = scope.with_middleware(path, |middleware| quote!(#registry.guard::<#middleware>();));
        quote!(#cfgs #guarded)
    });
    quote! {
        #cfgs
        #registry.incoming(
            #private::Incoming::new(#route, #docs, #at) #concurrent #uncompressed #deprecated,
            #describe,
            #start,
        );
        #(#guards)*
        #one_payload
    }
}

/// The arguments that may be the payload, which only the compiler can tell. All others are made inside the handler's
/// future.
fn early(signature: &Signature) -> impl Iterator<Item = (usize, &Argument)> {
    signature.arguments.iter().enumerate().filter(|(_, argument)| argument.may_be_payload())
}

fn describe(signature: &Signature, scope: &Scope) -> TokenStream {
    let description = scope.local("description");
    let described =
        signature.arguments.iter().filter(|argument| argument.from.is_none() && argument.is_described());
    let arguments = described
        .map(|argument| TraitCall::argument(argument, scope).call("describe", &quote!(#description)));
    let returns = returns(signature, scope, "describe", &quote!(#description));
    let is_faithful = self::returns(signature, scope, "faithful", &TokenStream::new());
    let middleware = arguments::describe_middleware(signature, scope, &quote!(#description));
    quote! {
        |#description| {
            #(#arguments;)*
            #returns;
            #description.faithful_reply(#is_faithful);
            #middleware
        }
    }
}

/// The early part reads the payload while the frame is still in the read buffer; the late part is the handler's future.
fn start(signature: &Signature, scope: &Scope) -> TokenStream {
    let private = &scope.private;
    let (start, call) = (scope.local("start"), scope.local("call"));
    let local = |index: usize| format_ident!("early{index}", span = scope.span);
    let earlies = early(signature).map(|(index, argument)| {
        let early = local(index);
        let made = TraitCall::argument(argument, scope).call("early", &quote!(&mut #start));
        quote!(let #early = #made?;)
    });
    let is_mut = early(signature).next().map(|_| quote!(mut));
    let lates = arguments::bind(signature, scope, &quote!(&#call), |index, argument| {
        if argument.is_extractor() {
            return TraitCall::from_call(&argument.ty, scope).awaited("from_call", &quote!(&#call));
        }
        let early = local(index);
        TraitCall::argument(argument, scope).awaited("late", &quote!(#early, &#call))
    });
    let called = arguments::call(signature, scope);
    // The compiler may report a bad reply at this local, so it has the span of the return type.
    let returned = Ident::new("__zocket_returned", spans::of_type(&signature.output));
    let reply = returns(signature, scope, "reply", &quote!(#returned, &#call));
    let body = quote!(#lates let #returned = #called; #reply);
    let boxed = arguments::boxed(signature, scope, &body);
    quote! {
        |#is_mut #start| {
            #(#earlies)*
            let #call = #start.into_call();
            #private::Result::Ok(#boxed)
        }
    }
}

/// `Returns::<Type>::NEW.method(values)`: the compiler picks the method by whether the type is a `Result`.
fn returns(signature: &Signature, scope: &Scope, method: &str, values: &TokenStream) -> TokenStream {
    let span = spans::of_type(&signature.output);
    let (output, private) = (spans::at_one_token(&signature.output), scope.respanned(span).private);
    let method = Ident::new(method, span);
    quote_spanned!(span=> #private::Returns::<#output>::NEW.#method(#values))
}

/// Only the compiler knows whether a type is a payload, so an assertion is written for each pair that could be two.
fn one_payload(incoming: &Incoming, scope: &Scope) -> TokenStream {
    let (signature, cfgs) = (&incoming.signature, &incoming.cfgs);
    let candidates: Vec<_> = signature.arguments.iter().filter(|own| own.may_be_payload()).collect();
    let text = format!(
        "`{}` takes two payloads, but a message has one\nhelp: put both into one `#[payload]` struct",
        signature.ident
    );
    let mut checks = TokenStream::new();
    for (at, second) in candidates.iter().enumerate() {
        let span = spans::of_type(&second.ty);
        let (Scope { private, context, state, .. }, second) =
            (scope.respanned(span), spans::at_one_token(&second.ty));
        for first in &candidates[..at] {
            let first = &first.ty;
            checks.extend(quote_spanned! {span=>
                #cfgs
                const _: () = #private::assert!(
                    !(<#first as #private::Argument<#context, #state, _>>::PAYLOAD
                        && <#second as #private::Argument<#context, #state, _>>::PAYLOAD),
                    #text
                );
            });
        }
    }
    checks
}

//! `#[incoming]`: the fn's entry in the registry.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::scope::Scope;
use super::{
    arguments::{self, Asked},
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
    let deprecated = incoming.deprecated.then(|| quote!(.deprecated()));
    let describe = describe(&incoming.signature, scope);
    let start = start(&incoming.signature, scope);
    let one_payload = one_payload(incoming, scope);
    quote! {
        #cfgs
        #registry.incoming(
            #private::Incoming::new(#route, #docs, #at) #concurrent #uncompressed #deprecated,
            #describe,
            #start,
        );
        #one_payload
    }
}

/// The arguments of which only the compiler knows whether they are the payload. The others are made inside the
/// handler's future alone.
fn early(signature: &Signature) -> impl Iterator<Item = (usize, &Argument)> {
    signature.arguments.iter().enumerate().filter(|(_, argument)| argument.may_be_payload())
}

fn describe(signature: &Signature, scope: &Scope) -> TokenStream {
    let description = scope.local("description");
    let described =
        signature.arguments.iter().filter(|argument| argument.from.is_none() && argument.is_described());
    let arguments =
        described.map(|argument| Asked::argument(argument, scope).call("describe", &quote!(#description)));
    let returns = returns(signature, scope, "describe", &quote!(#description));
    quote! {
        |#description| {
            #(#arguments;)*
            #returns
        }
    }
}

/// The early part reads the payload while the frame is at hand; the late one is the handler's future.
fn start(signature: &Signature, scope: &Scope) -> TokenStream {
    let private = &scope.private;
    let (start, call) = (scope.local("start"), scope.local("call"));
    let local = |index: usize| format_ident!("early{index}", span = scope.span);
    let earlies = early(signature).map(|(index, argument)| {
        let early = local(index);
        let made = Asked::argument(argument, scope).call("early", &quote!(&mut #start));
        quote!(let #early = #made?;)
    });
    let is_mut = early(signature).next().map(|_| quote!(mut));
    let lates = arguments::bind(signature, scope, &quote!(&#call), |index, argument| {
        if argument.is_extractor() {
            return Asked::from_call(&argument.ty, scope).awaited("from_call", &quote!(&#call));
        }
        let early = local(index);
        Asked::argument(argument, scope).awaited("late", &quote!(#early, &#call))
    });
    let called = arguments::call(signature, scope);
    // The compiler may show what is wrong with the reply at this local: so it has the place of the type.
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

/// `Returns::<Type>::NEW.method(values)`: found by what the type is, a `Result` or not.
fn returns(signature: &Signature, scope: &Scope, method: &str, values: &TokenStream) -> TokenStream {
    let span = spans::of_type(&signature.output);
    let (output, private) = (spans::gathered(&signature.output), scope.shown_at(span).private);
    let method = Ident::new(method, span);
    quote_spanned!(span=> #private::Returns::<#output>::NEW.#method(#values))
}

/// Whether a type is a payload only the compiler knows: it is asked about each pair that may be two.
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
            (scope.shown_at(span), spans::gathered(&second.ty));
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

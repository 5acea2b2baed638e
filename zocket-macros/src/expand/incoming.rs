//! `#[incoming]`: the fn's entry in the registry.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::arguments;
use super::scope::Scope;
use crate::model::Incoming;
use crate::model::signature::{Argument, Signature};

pub(crate) fn write(incoming: &Incoming, registry: &TokenStream, scope: &Scope) -> TokenStream {
    let (private, cfgs) = (&scope.private, &incoming.cfgs);
    let (route, docs) = (&incoming.route.name, &incoming.docs);
    let at = scope.at(&incoming.signature.ident);
    let concurrent = incoming.concurrent.then(|| quote!(.concurrent()));
    let deprecated = incoming.deprecated.then(|| quote!(.deprecated()));
    let describe = describe(&incoming.signature, scope);
    let start = start(&incoming.signature, scope);
    let one_payload = one_payload(incoming, scope);
    quote! {
        #cfgs
        #registry.incoming(
            #private::Incoming::new(#route, #docs, #at) #concurrent #deprecated,
            #describe,
            #start,
        );
        #one_payload
    }
}

/// What the handler takes from the runtime: all but the values of middlewares.
fn extracted(signature: &Signature) -> impl Iterator<Item = (usize, &Argument)> {
    signature.arguments.iter().enumerate().filter(|(_, argument)| argument.from.is_none())
}

/// How the argument is made: the compiler infers it, but for zocket's own extractors, some of which (`ClientId`) could
/// be a payload just as well.
fn via(argument: &Argument, scope: &Scope) -> TokenStream {
    let private = &scope.private;
    if argument.is_extractor() { quote!(#private::ViaExtractor) } else { quote!(_) }
}

fn describe(signature: &Signature, scope: &Scope) -> TokenStream {
    let Scope { private, context, state, .. } = scope;
    let description = scope.local("description");
    let arguments = extracted(signature).map(|(_, argument)| {
        let (ty, via) = (&argument.ty, via(argument, scope));
        quote!(#private::describe_argument::<#ty, #context, #state, #via>(#description);)
    });
    let output = &signature.output;
    let returns = quote_spanned!(output.span()=> #private::Returns::<#output>::NEW.describe(#description));
    quote! {
        |#description| {
            #(#arguments)*
            #returns
        }
    }
}

/// The early part reads the payload while the frame is at hand; the late one is the handler's future.
fn start(signature: &Signature, scope: &Scope) -> TokenStream {
    let Scope { private, context, state, .. } = scope;
    let (start, call) = (scope.local("start"), scope.local("call"));
    let early = |index: usize| format_ident!("early{index}", span = scope.span);
    let earlies = extracted(signature).map(|(index, argument)| {
        let (early, ty, via) = (early(index), &argument.ty, via(argument, scope));
        quote!(let #early = #private::early::<#ty, #context, #state, #via>(&mut #start)?;)
    });
    let is_mut = extracted(signature).next().map(|_| quote!(mut));
    let lates = arguments::bind(signature, scope, &quote!(&#call), |index, argument| {
        let (early, ty, via) = (early(index), &argument.ty, via(argument, scope));
        quote!(#private::late::<#ty, #context, #state, #via>(#early, &#call).await?)
    });
    let called = arguments::call(signature, scope);
    let output = &signature.output;
    let reply = quote_spanned! {output.span()=>
        #private::Returns::<#output>::NEW.reply(#called, &#call)
    };
    let boxed = arguments::boxed(signature, scope, &quote!(#lates #reply));
    quote! {
        |#is_mut #start| {
            #(#earlies)*
            let #call = #start.into_call();
            #private::Result::Ok(#boxed)
        }
    }
}

/// Whether a type is a payload only the compiler knows: it is asked about each pair that may be two.
fn one_payload(incoming: &Incoming, scope: &Scope) -> TokenStream {
    let Scope { private, context, state, .. } = scope;
    let (signature, cfgs) = (&incoming.signature, &incoming.cfgs);
    let candidates: Vec<_> = signature.arguments.iter().filter(|own| own.may_be_payload()).collect();
    let text = format!(
        "`{}` takes two payloads, but a message has one; help: put both into one `#[payload]` struct",
        signature.ident
    );
    let mut checks = TokenStream::new();
    for (at, second) in candidates.iter().enumerate() {
        for first in &candidates[..at] {
            let (first, second) = (&first.ty, &second.ty);
            let span = Span::mixed_site().located_at(second.span());
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

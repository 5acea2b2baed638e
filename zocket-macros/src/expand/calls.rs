//! `pub mod calls`: a fn for each handler, which makes a call of it for `zocket::testing`.
//!
//! The fn itself stands beside the handler, where the names of its types mean what they mean there; `calls` has it under the
//! handler's name. Which argument is the payload, and whether the return type is a `Result`, only the compiler can tell: both are
//! generic parameters that are inferred where a test calls the fn, so that a fn that no test calls costs no more than its signature.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::scope::Scope;
use crate::model::signature::Signature;
use crate::model::{Incoming, Namespace, Router};

/// The fns of a namespace.
pub(crate) fn write(namespace: &Namespace, scope: &Scope) -> TokenStream {
    namespace.incoming.iter().map(|own| function(own, scope)).collect()
}

/// `calls`, unless the router has something of that name.
pub(crate) fn module(router: &Router) -> Option<TokenStream> {
    if router.has_calls {
        return None;
    }
    let content = content(&router.root);
    let docs =
        format!(" The calls of the handlers of `{}`, for `zocket::testing::Client::ask`.", router.root.ident);
    Some(quote! {
        #[doc = #docs]
        #[allow(deprecated, unused_imports, unreachable_pub)]
        pub mod calls { #content }
    })
}

fn content(namespace: &Namespace) -> TokenStream {
    // Up from `calls` and its modules to the root, then down to the fn.
    let up: TokenStream = std::iter::repeat_n(quote!(super::), namespace.path.len() + 1).collect();
    let down = &namespace.path;
    let names = namespace.incoming.iter().map(|own| {
        let (cfgs, ident) = (&own.cfgs, &own.signature.ident);
        let function = name(ident);
        quote!(#cfgs pub use #up #(#down::)* #function as #ident;)
    });
    let holds_handlers = |child: &&Namespace| child.walk().iter().any(|own| !own.incoming.is_empty());
    let modules = namespace.children.iter().filter(holds_handlers).map(|child| {
        let (cfgs, ident, content) = (&child.cfgs, &child.ident, content(child));
        let docs = format!(" The calls of the handlers of `{}`.", child.route.name);
        quote!(#cfgs #[doc = #docs] pub mod #ident { #content })
    });
    quote!(#(#names)* #(#modules)*)
}

fn name(handler: &Ident) -> Ident {
    // By position, the `r#` of a raw name is left out.
    format_ident!("__zocket_call_{}", handler)
}

fn function(incoming: &Incoming, scope: &Scope) -> TokenStream {
    let Incoming { signature, route, cfgs, .. } = incoming;
    let private = &scope.private;
    let (name, route) = (name(&signature.ident), &route.name);
    let docs = format!(" A call of `{route}`.");
    let asked = asked(signature, scope);
    let answer = answer(signature, scope);
    let parameters = asked.parameter.iter().chain(&answer.parameter);
    let bounds = asked.bounds.iter().chain(&answer.bounds);
    let (argument, payload, (reply, error)) = (&asked.argument, &asked.payload, &answer.types);
    quote! {
        #cfgs
        #[doc(hidden)]
        #[doc = #docs]
        #[allow(
            dead_code, deprecated, private_bounds, private_interfaces, unreachable_pub, unused_qualifications,
            clippy::type_complexity
        )]
        #[inline]
        #[track_caller]
        pub fn #name<#(#parameters),*>(#argument) -> #private::Ask<#reply, #error>
        where #(#bounds,)*
        {
            #private::Ask::new(#route, &#payload)
        }
    }
}

/// What a call takes.
struct Asked {
    parameter: Option<TokenStream>,
    bounds: Vec<TokenStream>,
    argument: TokenStream,
    payload: TokenStream,
}

fn asked(signature: &Signature, scope: &Scope) -> Asked {
    let Scope { private, context, state, .. } = scope;
    let candidates: Vec<_> =
        signature.arguments.iter().filter(|own| own.may_be_payload()).map(|own| &own.ty).collect();
    if candidates.is_empty() {
        return Asked {
            parameter: None,
            bounds: Vec::new(),
            argument: TokenStream::new(),
            payload: quote!(()),
        };
    }
    let list = candidates.iter().rfold(quote!(()), |rest, ty| quote!((#ty, #rest)));
    let payload = scope.local("payload");
    let asked = quote!(#private::Asked<#context, #state, __ZocketV>);
    let ty = quote!(<#list as #asked>::Payload);
    Asked {
        parameter: Some(quote!(__ZocketV)),
        bounds: vec![quote!(#list: #asked), quote!(#ty: #private::SendPayload)],
        argument: quote!(#payload: #ty),
        payload: quote!(#payload),
    }
}

/// What comes back.
struct Answer {
    parameter: Option<TokenStream>,
    bounds: Option<TokenStream>,
    /// The reply's and the error's.
    types: (TokenStream, TokenStream),
}

fn answer(signature: &Signature, scope: &Scope) -> Answer {
    let (private, output) = (&scope.private, &signature.output);
    if signature.returns_unit() || signature.returns_no_result() {
        let types = (quote!(#output), quote!(#private::NoError));
        return Answer { parameter: None, bounds: None, types };
    }
    // By its name it is told without the compiler, which could not if the error might be a reply as well.
    let (parameter, via) = match signature.returns("Result") {
        true => (None, quote!(#private::ViaResult)),
        false => (Some(quote!(__ZocketW)), quote!(__ZocketW)),
    };
    let answers = quote!(#private::Answers<#via>);
    let types = (quote!(<#output as #answers>::Reply), quote!(<#output as #answers>::Error));
    Answer { bounds: parameter.is_some().then(|| quote!(#output: #answers)), parameter, types }
}

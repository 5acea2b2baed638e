//! The router's context and state as aliases that every module of the router can name.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, format_ident, quote};
use syn::Type;

use super::scope::Scope;
use crate::model::attributes::Cfgs;
use crate::model::{Namespace, Router};

/// A `State<X>` that settles the state, where and under which conditions it stands.
struct Use<'a> {
    namespace: &'a Namespace,
    ty: &'a Type,
    cfgs: Cfgs,
}

/// The places that settle the state: one that is always there, or else one for each condition.
fn uses(router: &Router) -> Vec<Use<'_>> {
    if router.state_key.is_some() {
        return Vec::new();
    }
    let mut uses = Vec::new();
    for (namespace, signature, cfgs) in router.signatures() {
        let asked =
            signature.arguments.iter().filter(|own| own.from.is_none()).find_map(|own| own.inside("State"));
        let Some(ty) = asked else { continue };
        if cfgs.always() {
            return vec![Use { namespace, ty, cfgs }];
        }
        uses.push(Use { namespace, ty, cfgs });
    }
    uses
}

fn alias(index: usize) -> Ident {
    format_ident!("__ZocketState{index}")
}

/// In a nested namespace: what its own arguments say, and what those of the namespaces below it say, handed up.
pub(crate) fn aliases(router: &Router, namespace: &Namespace) -> TokenStream {
    let mut tokens = TokenStream::new();
    for (index, own) in uses(router).iter().enumerate() {
        let below = own.namespace.path.strip_prefix(namespace.path.as_slice());
        let Some(below) = below else { continue };
        let (name, cfgs) = (alias(index), &own.cfgs);
        let ty = match below.first() {
            None => own.ty.to_token_stream(),
            Some(child) => quote!(#child::#name),
        };
        tokens.extend(quote!(#cfgs #[doc(hidden)] pub(super) type #name = #ty;));
    }
    tokens
}

/// In the root: `__ZocketContext` and `__ZocketState`.
pub(crate) fn root_aliases(router: &Router, scope: &Scope) -> TokenStream {
    let private = &scope.private;
    let contexts: Vec<_> = match &router.context_key {
        Some(ty) => vec![(ty.to_token_stream(), Cfgs::default())],
        None => {
            let declared = router.contexts.iter();
            declared.map(|own| (own.ident.to_token_stream(), own.cfgs.clone())).collect()
        }
    };
    let states: Vec<_> = match &router.state_key {
        Some(ty) => vec![(ty.to_token_stream(), Cfgs::default())],
        None => {
            let uses = uses(router).into_iter().enumerate();
            let named = uses.map(|(index, own)| match own.namespace.path.first() {
                None => (own.ty.to_token_stream(), own.cfgs),
                Some(child) => {
                    let name = alias(index);
                    (quote!(#child::#name), own.cfgs)
                }
            });
            named.collect()
        }
    };
    let context = first_that_holds(&quote!(__ZocketContext), &contexts, &quote!(()));
    let state = first_that_holds(&quote!(__ZocketState), &states, &quote!(#private::NoState));
    quote!(#context #state)
}

/// `type name = …;` for the first choice whose conditions hold, and `otherwise` where none does.
fn first_that_holds(
    name: &TokenStream,
    choices: &[(TokenStream, Cfgs)],
    otherwise: &TokenStream,
) -> TokenStream {
    let mut tokens = TokenStream::new();
    let mut earlier: Vec<TokenStream> = Vec::new();
    for (ty, cfgs) in choices {
        let not = (!earlier.is_empty()).then(|| quote!(#[cfg(not(any(#(#earlier),*)))]));
        tokens.extend(quote!(#not #cfgs #[allow(unused_qualifications)] type #name = #ty;));
        if cfgs.always() {
            return tokens;
        }
        earlier.push(cfgs.condition());
    }
    let not = (!earlier.is_empty()).then(|| quote!(#[cfg(not(any(#(#earlier),*)))]));
    tokens.extend(quote!(#not type #name = #otherwise;));
    tokens
}

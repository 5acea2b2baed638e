//! The router's context and state as aliases that every module of the router can name.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, format_ident, quote};
use syn::Type;

use super::scope::Scope;
use crate::model::attributes::Cfgs;
use crate::model::signature::Argument;
use crate::model::{Namespace, Router};

/// A `State<X>` that decides the state, with where and under which conditions it is written.
struct Use<'a> {
    namespace: &'a Namespace,
    ty: Asked<'a>,
    cfgs: Cfgs,
}

/// What an argument asks for.
enum Asked<'a> {
    /// The `X` of its `State<X>`.
    Inside(&'a Type),
    /// An alias of a `State<X>`, declared in the router.
    Alias(&'a Ident),
}

impl Asked<'_> {
    fn of<'a>(argument: &'a Argument, around: &[&Namespace]) -> Option<Asked<'a>> {
        if let Some(ty) = argument.inside("State") {
            return Some(Asked::Inside(ty));
        }
        let name = argument.name()?;
        let is_alias = around.iter().any(|own| own.surroundings.states.contains(name));
        is_alias.then_some(Asked::Alias(name))
    }

    fn write(&self, private: &TokenStream) -> TokenStream {
        match self {
            Self::Inside(ty) => ty.to_token_stream(),
            Self::Alias(name) => quote!(<#name as #private::IsState>::Of),
        }
    }
}

/// `namespace` and the namespaces around it.
fn around<'a>(router: &'a Router, namespace: &Namespace) -> Vec<&'a Namespace> {
    router.root.walk().into_iter().filter(|own| namespace.path.starts_with(&own.path)).collect()
}

/// The uses that decide the state: one without conditions, or else one for each condition.
fn uses(router: &Router) -> Vec<Use<'_>> {
    if router.state_key.is_some() {
        return Vec::new();
    }
    let mut uses = Vec::new();
    for (namespace, signature, cfgs) in router.signatures() {
        let around = around(router, namespace);
        let own = signature.arguments.iter().filter(|own| own.from.is_none());
        let Some(ty) = own.into_iter().find_map(|own| Asked::of(own, &around)) else { continue };
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

/// In a nested namespace: aliases for its own uses, and for those of the namespaces below it, passed up.
pub(crate) fn aliases(router: &Router, namespace: &Namespace, scope: &Scope) -> TokenStream {
    let mut tokens = TokenStream::new();
    for (index, own) in uses(router).iter().enumerate() {
        let below = own.namespace.path.strip_prefix(namespace.path.as_slice());
        let Some(below) = below else { continue };
        let (name, cfgs) = (alias(index), &own.cfgs);
        let ty = match below.first() {
            None => own.ty.write(&scope.private),
            Some(child) => quote!(#child::#name),
        };
        tokens.extend(quote!(#cfgs #[doc(hidden)] #[allow(deprecated)] pub(super) type #name = #ty;));
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
                None => (own.ty.write(private), own.cfgs),
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
        tokens.extend(quote!(#not #cfgs #[allow(deprecated, unused_qualifications)] type #name = #ty;));
        if cfgs.always() {
            return tokens;
        }
        earlier.push(cfgs.condition());
    }
    let not = (!earlier.is_empty()).then(|| quote!(#[cfg(not(any(#(#earlier),*)))]));
    tokens.extend(quote!(#not type #name = #otherwise;));
    tokens
}

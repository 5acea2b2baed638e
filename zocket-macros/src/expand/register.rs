//! The hidden fn of each namespace that tells the registry what is in it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use super::scope::Scope;
use super::{incoming, outgoing};
use crate::model::Namespace;
use crate::model::attributes::Cfgs;

/// `fn __zocket` of a nested namespace, for the module around it to call.
pub(crate) fn write(namespace: &Namespace, scope: &Scope) -> TokenStream {
    let Scope { private, context, state, .. } = scope;
    let local = scope.local("registry");
    let statements = statements(namespace, &quote!(#local), scope);
    let check = scope.context_check();
    quote! {
        #[doc(hidden)]
        #[allow(deprecated, unused_qualifications)]
        pub(super) fn __zocket(#local: &mut #private::Registry<#context, #state>) {
            #check
            #statements
        }
    }
}

/// Registers one namespace: its messages, its handlers, and the namespaces below.
///
/// The guards of a namespace are named in the module around it, where the attribute is written.
pub(crate) fn statements(namespace: &Namespace, registry: &TokenStream, scope: &Scope) -> TokenStream {
    let private = &scope.private;
    let mut tokens = TokenStream::new();
    if !namespace.incoming.is_empty() {
        tokens.extend(quote!(#[allow(unused_imports)] use #private::{ReturnsFaithful as _, ReturnsUnknown as _, ReturnsValue as _};));
    }
    for own in &namespace.outgoing {
        tokens.extend(outgoing::register(own, registry, scope));
    }
    for own in &namespace.incoming {
        tokens.extend(incoming::write(own, registry, scope));
    }
    for child in &namespace.children {
        tokens.extend(guards(&child.guards, Some(&child.route.name), &child.cfgs, registry, scope));
        let (ident, cfgs) = (&child.ident, &child.cfgs);
        let handed_on = if namespace.is_root() { quote!(&mut #registry) } else { registry.clone() };
        tokens.extend(quote!(#cfgs #ident::__zocket(#handed_on);));
    }
    tokens
}

/// The guards of the namespace `prefix`, or of a router without one, outermost first.
pub(crate) fn guards(
    guards: &[Path],
    prefix: Option<&str>,
    cfgs: &Cfgs,
    registry: &TokenStream,
    scope: &Scope,
) -> TokenStream {
    let guard = |path: &Path| {
        let guarded = scope.with_middleware(path, |middleware| match prefix {
            Some(prefix) => quote!(#registry.guard_namespace::<#middleware>(#prefix);),
            None => quote!(#registry.guard_router::<#middleware>();),
        });
        quote!(#cfgs #guarded)
    };
    guards.iter().map(guard).collect()
}

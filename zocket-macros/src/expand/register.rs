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
    quote! {
        #[doc(hidden)]
        #[allow(deprecated, unused_qualifications)]
        pub(super) fn __zocket(#local: &mut #private::Registry<#context, #state>) {
            #statements
        }
    }
}

/// Everything the registry learns of one namespace: its messages, its handlers, and the namespaces below.
///
/// The guards of a namespace stand around it, where its attribute is written.
pub(crate) fn statements(namespace: &Namespace, registry: &TokenStream, scope: &Scope) -> TokenStream {
    let private = &scope.private;
    let mut tokens = TokenStream::new();
    if !namespace.incoming.is_empty() {
        tokens.extend(quote!(#[allow(unused_imports)] use #private::ReturnsValue as _;));
    }
    for own in &namespace.outgoing {
        tokens.extend(outgoing::register(own, registry, scope));
    }
    for own in &namespace.incoming {
        tokens.extend(guards(&own.guards, &own.route.name, true, &own.cfgs, registry));
        tokens.extend(incoming::write(own, registry, scope));
    }
    for child in &namespace.children {
        tokens.extend(guards(&child.guards, &child.route.name, false, &child.cfgs, registry));
        let (ident, cfgs) = (&child.ident, &child.cfgs);
        let handed_on = if namespace.is_root() { quote!(&mut #registry) } else { registry.clone() };
        tokens.extend(quote!(#cfgs #ident::__zocket(#handed_on);));
    }
    tokens
}

/// `registry.guard::<path>(prefix, own_routes_only)`, outermost first.
pub(crate) fn guards(
    guards: &[Path],
    prefix: &str,
    own_routes_only: bool,
    cfgs: &Cfgs,
    registry: &TokenStream,
) -> TokenStream {
    guards.iter().map(|path| quote!(#cfgs #registry.guard::<#path>(#prefix, #own_routes_only);)).collect()
}

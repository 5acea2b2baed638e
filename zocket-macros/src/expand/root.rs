//! What only the root has: `router`, `contract`, `send`.

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::Scope;
use super::tree::Output;
use super::{calls, hooks, register, send, state};
use crate::model::Router;

pub(crate) fn write(router: &Router, scope: &Scope, output: Output) -> TokenStream {
    let Scope { krate, private, context, state, .. } = scope;
    let name = router.root.ident.to_string();
    let aliases = state::root_aliases(router, scope);
    let headers: TokenStream = router.headers.iter().map(|own| hooks::headers_impls(own, scope)).collect();
    let body = match output {
        Output::Complete => registration(router, scope),
        // Has any type, and never runs: there is a compile error beside it.
        Output::Recovery => quote!(loop {}),
    };
    let contract = match output {
        Output::Complete => quote!(router().contract()),
        Output::Recovery => quote!(loop {}),
    };
    // A clash of names has been reported; one more item of that name would only repeat it.
    let free = |name: &str| !router.name_clashes.iter().any(|taken| taken == name);
    let router_fn = free("router").then(|| {
        quote! {
            /// The router of this module: `zocket::Server::builder(router())` makes a server of it.
            #[allow(deprecated, private_interfaces, unused_qualifications)]
            pub fn router() -> #krate::Router<#context, #state> {
                #body
            }
        }
    });
    let contract_fn = free("contract").then(|| {
        quote! {
            /// The contract of this module: its routes and the schemas of their messages, as one document.
            pub fn contract() -> #krate::Contract {
                #contract
            }
        }
    });
    let send = free("send").then(|| send::write(router, scope));
    let calls = (output == Output::Complete && router.testing).then(|| calls::module(router));
    let in_scope = free("send").then(|| send::for_namespaces(router));
    quote! {
        #aliases
        static __ZOCKET: #private::Anchor = #private::Anchor::new(#name);
        #headers
        #router_fn
        #contract_fn
        #send
        #calls
        #in_scope
    }
}

fn registration(router: &Router, scope: &Scope) -> TokenStream {
    let Scope { private, context, state, .. } = scope;
    let local = scope.local("registry");
    let registry = quote!(#local);
    let contexts = scope.contexts();
    let docs = &router.docs;
    let description = (!docs.is_empty()).then(|| quote!(#registry.description(#docs);));
    let integers = router.safe_integers.then(|| quote!(#registry.safe_integers();));
    let headers = router.headers.iter().map(|own| hooks::headers(own, &registry));
    let on_connect = router.on_connect.iter().map(|own| hooks::on_connect(own, &registry, scope));
    let on_disconnect = router.on_disconnect.iter().map(|own| hooks::on_disconnect(own, &registry, scope));
    let prefix = Some(router.root.route.name.as_str()).filter(|prefix| !prefix.is_empty());
    // Without a namespace the router's routes share the empty prefix with those of the routers merged into it.
    let guards = register::guards(&router.root.guards, prefix, &router.root.cfgs, &registry, scope);
    let statements = register::statements(&router.root, &registry, scope);
    quote! {
        #[allow(unused_mut)]
        let mut #local = #private::Registry::<#context, #state>::new(&__ZOCKET, #contexts);
        #description
        #integers
        #(#headers)*
        #(#on_connect)*
        #(#on_disconnect)*
        #guards
        #statements
        #registry.finish()
    }
}

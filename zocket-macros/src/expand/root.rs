//! What the root has beside its namespace: the router itself, the contract, `send`.

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::Scope;
use super::tree::Health;
use super::{hooks, register, send, state};
use crate::model::Router;

pub(crate) fn write(router: &Router, scope: &Scope, health: Health) -> TokenStream {
    let Scope { krate, private, context, state, .. } = scope;
    let name = router.root.ident.to_string();
    let aliases = state::root_aliases(router, scope);
    let headers: TokenStream = router.headers.iter().map(|own| hooks::headers_impls(own, scope)).collect();
    let body = match health {
        Health::Sound => registration(router, scope),
        // Type-checks as anything, and never runs: beside it stands an error.
        Health::Faulty => quote!(loop {}),
    };
    let send = send::write(router, scope);
    quote! {
        #aliases
        static __ZOCKET: #private::Anchor = #private::Anchor::new(#name);
        #headers
        /// The router of this module: `zocket::Server::builder(router())` makes a server of it.
        #[allow(deprecated, private_interfaces)]
        pub fn router() -> #krate::Router<#context, #state> {
            #body
        }
        /// The contract of this module: its routes and the schemas of their messages, as one document.
        pub fn contract() -> #krate::Contract {
            router().contract()
        }
        #send
    }
}

fn registration(router: &Router, scope: &Scope) -> TokenStream {
    let Scope { private, context, state, .. } = scope;
    let local = scope.local("registry");
    let registry = quote!(#local);
    let docs = Some(&router.docs).filter(|docs| !docs.is_empty());
    let description = docs.map(|docs| quote!(#registry.description(#docs);));
    let headers = router.headers.iter().map(|own| hooks::headers(own, &registry));
    let on_connect = router.on_connect.iter().map(|own| hooks::on_connect(own, &registry, scope));
    let on_disconnect = router.on_disconnect.iter().map(|own| hooks::on_disconnect(own, &registry, scope));
    let prefix = &router.root.route.name;
    // Without a namespace of its own the router shares the empty prefix with whatever it is merged with.
    let guards =
        register::guards(&router.root.guards, prefix, prefix.is_empty(), &router.root.cfgs, &registry);
    let statements = register::statements(&router.root, &registry, scope);
    quote! {
        #[allow(unused_mut)]
        let mut #local = #private::Registry::<#context, #state>::new(&__ZOCKET);
        #description
        #(#headers)*
        #(#on_connect)*
        #(#on_disconnect)*
        #guards
        #statements
        #registry.finish()
    }
}

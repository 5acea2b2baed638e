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
    let contract = match health {
        Health::Sound => quote!(router().contract()),
        Health::Faulty => quote!(loop {}),
    };
    // Where a name is taken there is an error, which one more item of that name would only repeat.
    let free = |name: &str| !router.taken.iter().any(|taken| taken == name);
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
    quote! {
        #aliases
        static __ZOCKET: #private::Anchor = #private::Anchor::new(#name);
        #headers
        #router_fn
        #contract_fn
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

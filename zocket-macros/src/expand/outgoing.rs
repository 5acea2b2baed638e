//! `#[outgoing]`: what makes a type a message.

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::Scope;
use crate::model::Outgoing;

pub(crate) fn write(outgoing: &Outgoing, scope: &Scope) -> TokenStream {
    let Scope { krate, private, anchor, .. } = scope;
    let Outgoing { ident, cfgs, .. } = outgoing;
    let route = &outgoing.route.name;
    let compress = outgoing.uncompressed.then(|| quote!(const COMPRESS: #private::bool = false;));
    quote! {
        #cfgs
        #[automatically_derived]
        #[allow(deprecated)]
        impl #krate::Outgoing for #ident {
            const ROUTE: &'static #private::str = #route;
            #compress
            fn anchor() -> &'static #private::Anchor {
                &#anchor
            }
            fn is_faithful() -> #private::bool {
                use #private::Unknown as _;
                #private::Probe::<Self>::NEW.faithful(&mut #private::Default::default())
            }
            fn schema() -> &'static #private::MessageSchema {
                static SCHEMA: #private::MessageSchema = #private::MessageSchema::new();
                &SCHEMA
            }
        }
    }
}

/// The type's entry in the registry.
pub(crate) fn register(outgoing: &Outgoing, registry: &TokenStream, scope: &Scope) -> TokenStream {
    let Outgoing { ident, cfgs, docs, .. } = outgoing;
    let at = scope.at(ident);
    let deprecated = outgoing.deprecated.call(&scope.private);
    quote!(#cfgs #registry.outgoing::<#ident>(#docs, #at) #deprecated;)
}

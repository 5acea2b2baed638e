//! `#[headers]`, `#[on_connect]`, `#[on_disconnect]`.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::arguments::{self, TraitCall};
use super::scope::Scope;
use crate::model::signature::Signature;
use crate::model::{Declared, Hook};

/// Makes the headers type an argument of `#[on_connect]`.
pub(crate) fn headers_impls(headers: &Declared, scope: &Scope) -> TokenStream {
    let Scope { krate, private, .. } = scope;
    let Declared { ident, cfgs } = headers;
    let (handshake, state) = (scope.local("handshake"), quote_spanned!(scope.span=> St));
    quote! {
        #cfgs
        #[automatically_derived]
        impl #private::HeadersType for #ident {}
        #cfgs
        #[automatically_derived]
        impl<#state: #private::Send + #private::Sync + 'static> #krate::FromHandshake<#state> for #ident {
            async fn from_handshake(
                #handshake: &#private::Handshake<#state>,
            ) -> #private::Result<Self, #krate::Reject> {
                #handshake.headers::<Self>()
            }
        }
    }
}

pub(crate) fn headers(headers: &Declared, registry: &TokenStream) -> TokenStream {
    let Declared { ident, cfgs } = headers;
    quote!(#cfgs #registry.headers::<#ident>();)
}

pub(crate) fn on_connect(hook: &Hook, registry: &TokenStream, scope: &Scope) -> TokenStream {
    let (signature, cfgs) = (&hook.signature, &hook.cfgs);
    let handshake = scope.local("handshake");
    let bindings = arguments::bind(signature, scope, &quote!(), |_, argument| {
        TraitCall::from_handshake(&argument.ty, scope).awaited("from_handshake", &quote!(&#handshake))
    });
    let called = arguments::call(signature, scope);
    let connected = TraitCall::context(&signature.output, scope).call("into_context", &called);
    let at = scope.at(&signature.ident);
    let parameter = parameter(signature, &handshake);
    let boxed = arguments::boxed(signature, scope, &quote!(#bindings #connected));
    quote! {
        #cfgs
        #registry.on_connect(|#parameter| #boxed, #at);
    }
}

pub(crate) fn on_disconnect(hook: &Hook, registry: &TokenStream, scope: &Scope) -> TokenStream {
    let private = &scope.private;
    let (signature, cfgs) = (&hook.signature, &hook.cfgs);
    let call = scope.local("call");
    let bindings = arguments::bind_from_call(signature, scope, &quote!(&#call));
    let called = arguments::call(signature, scope);
    let returned = if signature.returns_unit() {
        quote!(let () = #called; #private::Result::Ok(()))
    } else {
        TraitCall::ends(&signature.output, scope).call("into_result", &called)
    };
    let at = scope.at(&signature.ident);
    let parameter = parameter(signature, &call);
    let boxed = arguments::boxed(signature, scope, &quote!(#bindings #returned));
    quote! {
        #cfgs
        #registry.on_disconnect(|#parameter| #boxed, #at);
    }
}

/// `name`, or `_` where the fn takes nothing from it.
fn parameter(signature: &Signature, name: &Ident) -> TokenStream {
    if signature.arguments.is_empty() { quote!(_) } else { quote!(#name) }
}

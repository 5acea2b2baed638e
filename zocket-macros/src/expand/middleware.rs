//! `#[middleware]`: a type of the fn's own name that runs it.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::arguments;
use super::scope::Scope;
use crate::model::Middleware;

/// A struct with braces lives among the types, the fn among the values: one import brings both.
pub(crate) fn write(middleware: &Middleware, scope: &Scope) -> TokenStream {
    let Scope { krate, private, context, state, .. } = scope;
    let Middleware { visibility, signature, cfgs } = middleware;
    let (ident, output) = (&signature.ident, &signature.output);
    let call = scope.local("call");
    let bindings = arguments::bind_from_call(signature, scope, &quote!(#call));
    let called = arguments::call(signature, scope);
    let run = quote_spanned! {arguments::at_name(signature)=>
        async fn run(
            #call: &#private::Call<#context, #state>,
        ) -> #private::Result<#private::Value<Self::Output>, #krate::Error>
    };
    let allowed = quote_spanned!(output.span()=> #private::allowed::<#output>(#called));
    quote! {
        #cfgs
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code, missing_debug_implementations, missing_copy_implementations)]
        #visibility struct #ident {}
        #cfgs
        #[automatically_derived]
        impl #private::Middleware<#context, #state> for #ident {
            type Output = #output;
            #run {
                #bindings
                #allowed
            }
        }
    }
}

//! `#[middleware]`: a type of the fn's own name that runs it.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::arguments::{self, Asked};
use super::scope::Scope;
use super::spans;
use crate::model::Middleware;

/// A struct with braces lives among the types, the fn among the values: one import brings both.
pub(crate) fn write(middleware: &Middleware, scope: &Scope) -> TokenStream {
    let Scope { private, context, state, .. } = scope;
    let Middleware { visibility, signature, cfgs } = middleware;
    let ident = &signature.ident;
    let call = scope.local("call");
    let bindings = arguments::bind_from_call(signature, scope, &quote!(#call));
    let called = arguments::call(signature, scope);
    let asked = Asked::middleware_output(&signature.output, scope);
    let (value, allowed) = (asked.member("Value"), asked.call("into_result", &called));
    let shown = scope.shown_at(spans::of_type(&signature.output));
    let (result, error) = (shown.private, shown.krate);
    let returns =
        quote_spanned!(spans::of_type(&signature.output)=> #result::Result<Self::Value, #error::Error>);
    let run = quote_spanned! {arguments::at_name(signature)=>
        async fn run(#call: &#private::Call<#context, #state>) -> #returns
    };
    quote! {
        #cfgs
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code, missing_debug_implementations, missing_copy_implementations)]
        #visibility struct #ident {}
        #cfgs
        #[automatically_derived]
        #[allow(deprecated, unused_qualifications)]
        impl #private::Middleware<#context, #state> for #ident {
            type Value = #value;
            #run {
                #bindings
                #allowed
            }
        }
    }
}

//! `#[middleware]`: a type with the fn's own name that runs it.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::arguments::{self, TraitCall};
use super::scope::Scope;
use super::spans;
use crate::model::Middleware;

/// A struct with braces is in the type namespace, the fn in the value namespace: one import brings both.
pub(crate) fn write(middleware: &Middleware, scope: &Scope) -> TokenStream {
    let Scope { private, context, state, .. } = scope;
    let Middleware { visibility, signature, cfgs } = middleware;
    let ident = &signature.ident;
    let check = scope.context_check();
    let call = scope.local("call");
    let bindings = arguments::bind_from_call(signature, scope, &quote!(#call));
    let called = arguments::call(signature, scope);
    let output = TraitCall::middleware_output(&signature.output, scope);
    let (value, allowed) = (output.member("Value"), output.call("into_result", &called));
    let (refusal, error) = (spans::of_type(&signature.output), output.member("Error"));
    let typed = scope.respanned(refusal).private;
    let typed = quote_spanned!(refusal=> <#error as #typed::TypedError>);
    let allowed = quote_spanned!(refusal=> #allowed.map_err(#typed::into_error));
    let description = scope.local("description");
    let describe_errors = quote_spanned!(refusal=> #typed::describe(#description.errors()));
    let describe_inner = arguments::describe_middleware(signature, scope, &quote!(#description));
    let extracted = signature.arguments.iter().filter(|own| own.from.is_none() && own.is_described());
    let needs =
        extracted.map(|own| TraitCall::from_call(&own.ty, scope).call("needs", &quote!(#description)));
    let made = scope.local("value");
    // What names the value is shown at the return type: a wrong one is then reported there, and once.
    let at_type = spans::of_type(&signature.output);
    let shown = scope.respanned(at_type);
    let (result, error) = (shown.private, shown.krate);
    let returns = quote_spanned!(at_type=> #result::Result<Self::Value, #error::Error>);
    let copy = quote_spanned! {at_type=>
        fn copy(#made: &Self::Value) -> #result::Option<Self::Value> {
            #[allow(unused_imports)]
            use #result::NotShared as _;
            #result::Shared(#made).copy()
        }
    };
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
            fn describe(#description: &mut #private::Describe) {
                if !#private::Describe::middleware::<Self>(#description) {
                    return;
                }
                #describe_errors;
                #describe_inner
                #(#needs;)*
            }
            #copy
            #run {
                #check
                #bindings
                #allowed
            }
        }
    }
}

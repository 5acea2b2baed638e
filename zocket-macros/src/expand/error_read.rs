//! `TypedError::from_error`: a typed error from its code and its data, for `zocket::testing`.
//!
//! The data of a variant can be read if the types of its fields can, which nothing but a test asks of them. So `Deserialize` is
//! derived with bounds on the types of the fields, which the compiler does not check before it is used, and read through
//! `ErrorData`, which says what to derive where they do not hold.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::{LitStr, Type};

use super::derives::path_text;
use super::error_enum::{data_name, field};
use super::scope::Scope;
use crate::model::error_enum::{CodedVariant, ErrorEnum, ErrorVariant};
use crate::parse::conditional::Conditional;

/// The fn, where there are tests to call it.
pub(crate) fn from_error(error: &ErrorEnum, scope: &Scope) -> Option<TokenStream> {
    let Scope { krate, private, .. } = scope;
    let local = scope.local("error");
    let arms = error.variants.iter().filter(|own| matches!(own, ErrorVariant::Coded(_)));
    let arms = arms.map(|own| arm(&error.ident, own, &local, scope));
    let transparent = error.variants.iter().filter(|own| matches!(own, ErrorVariant::Transparent { .. }));
    let transparent = transparent.map(|own| arm(&error.ident, own, &local, scope));
    scope.testing.then(|| {
        quote! {
            fn from_error(#local: #krate::Error) -> #private::Result<Self, #krate::Error> {
                #[allow(unused_imports)]
                use #private::UnreadData as _;
                #(#arms)*
                #(#transparent)*
                #private::Result::Err(#local)
            }
        }
    })
}

fn arm(owner: &Ident, variant: &ErrorVariant, local: &Ident, scope: &Scope) -> TokenStream {
    let Scope { krate, private, .. } = scope;
    match variant {
        ErrorVariant::Transparent { ident, member, inner, cfgs } => {
            let value = scope.local("inner");
            quote! {
                #cfgs
                let #local = match <#inner as #krate::TypedError>::from_error(#local) {
                    #private::Result::Ok(#value) => return #private::Result::Ok(Self::#ident { #member: #value }),
                    #private::Result::Err(#local) => #local,
                };
            }
        }
        ErrorVariant::Coded(coded) => {
            let CodedVariant { ident, code, cfgs, fields, .. } = coded;
            let body = if fields.is_empty() {
                quote!(#private::Result::Ok(Self::#ident {}))
            } else {
                let (name, fields) = (data_name(ident), fields.iter().map(field).collect::<Vec<_>>());
                let text = format!("{owner}::{ident}");
                quote! {
                    #private::ErrorData::<#name>::NEW
                        .read(#local, #text)
                        .map(|#name { #(#fields),* }| Self::#ident { #(#fields),* })
                }
            };
            quote! {
                #cfgs
                if #krate::Error::code(&#local) == #code {
                    return #body;
                }
            }
        }
    }
}

/// `Deserialize` for the data of a variant, with its bounds.
pub(crate) fn derive(variant: &CodedVariant, scope: &Scope) -> Option<(TokenStream, TokenStream)> {
    let attributes = variant.fields.iter().flat_map(|own| &own.attributes).chain(&variant.attributes);
    // What borrows would be read from the error reply, which is gone.
    let is_borrowed = |ty: &Type| contains(ty.to_token_stream(), &|token| token == "&");
    if !scope.testing
        || attributes.into_iter().any(is_written_only)
        || variant.fields.iter().any(|own| is_borrowed(&own.ty))
    {
        return None;
    }
    let serde = {
        let private = &scope.private;
        quote!(#private::serde)
    };
    let path = path_text(&serde);
    let types = variant.fields.iter().filter(|own| own.cfgs.to_token_stream().is_empty());
    let bounds: Vec<_> =
        types.map(|own| format!("{}: {path}::Deserialize<'de>", own.ty.to_token_stream())).collect();
    // The lifetime is the derive's own, which stands at the variant.
    let bounds = LitStr::new(&bounds.join(", "), variant.ident.span());
    Some((quote!(#serde::Deserialize,), quote!(#[serde(bound(deserialize = #bounds))])))
}

/// Whether it is of serde, and says how to write what need not be read in the same way.
fn is_written_only(attribute: &Conditional) -> bool {
    const KEYS: [&str; 5] = ["with", "serialize_with", "skip", "skip_deserializing", "bound"];
    let meta = attribute.attribute.meta.to_token_stream();
    attribute.path().is_ident("serde") && contains(meta, &|token| KEYS.contains(&token))
}

fn contains(tokens: TokenStream, found: &dyn Fn(&str) -> bool) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => contains(group.stream(), found),
        token => found(&token.to_string()),
    })
}

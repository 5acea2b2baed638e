//! The schema of a deprecated type.
//!
//! schemars' derive names the type that it stands on, which is a use of something deprecated at its own definition. So the
//! schema is that of a twin without `#[deprecated]`, in a block of its own.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::DeriveInput;

use super::derives::path_text;
use crate::model::attributes::Cfgs;
use crate::model::schema_conflicts::says;
use crate::parse::conditional::{Conditional, unfold};
use crate::parse::item::Item;
use crate::parse::variant::is_derive_helper;

/// Whether the type needs one. A default of the whole type would be one of the twin.
pub(crate) fn needs_twin(item: &Item) -> bool {
    unfold(&item.attributes).iter().any(is_deprecated) && !says(&item.attributes, "serde", "default")
}

fn is_deprecated(own: &Conditional) -> bool {
    own.path().is_ident("deprecated")
}

/// The twin of `data`, and the implementation of `JsonSchema` that asks it.
pub(crate) fn twin(
    item: &Item,
    data: &DeriveInput,
    renamed: Option<&TokenStream>,
    schemars: &TokenStream,
    private: &TokenStream,
) -> TokenStream {
    let ident = &data.ident;
    let mut twin = data.clone();
    twin.ident = format_ident!("__Zocket{ident}");
    let name = &twin.ident;
    let attributes = unfold(&item.attributes);
    let kept = attributes.iter().filter(|own| is_derive_helper(own.path()) || own.path().is_ident("doc"));
    let marks = attributes.iter().filter(|own| is_deprecated(own)).map(|own| match &own.condition {
        None => quote!(#[schemars(extend("deprecated" = true))]),
        Some(condition) => quote!(#[cfg_attr(#condition, schemars(extend("deprecated" = true)))]),
    });
    let has_name = says(&item.attributes, "serde", "rename") || says(&item.attributes, "schemars", "rename");
    let named = (!has_name).then(|| {
        let name = syn::ext::IdentExt::unraw(ident).to_string();
        quote!(#[schemars(rename = #name)])
    });
    let (cfgs, text) = (Cfgs::of(&item.attributes), path_text(schemars));
    quote! {
        #cfgs
        #[allow(deprecated)]
        const _: () = {
            #[allow(dead_code, missing_docs, missing_debug_implementations, missing_copy_implementations)]
            #[derive(#schemars::JsonSchema)]
            #[schemars(crate = #text)]
            #named
            #(#marks)*
            #renamed
            #(#kept)*
            #twin
            #[automatically_derived]
            impl #schemars::JsonSchema for #ident {
                fn inline_schema() -> #private::bool {
                    <#name as #schemars::JsonSchema>::inline_schema()
                }
                fn schema_name() -> #private::Cow<'static, #private::str> {
                    <#name as #schemars::JsonSchema>::schema_name()
                }
                fn schema_id() -> #private::Cow<'static, #private::str> {
                    <#name as #schemars::JsonSchema>::schema_id()
                }
                fn json_schema(generator: &mut #schemars::SchemaGenerator) -> #schemars::Schema {
                    <#name as #schemars::JsonSchema>::json_schema(generator)
                }
            }
        };
    }
}

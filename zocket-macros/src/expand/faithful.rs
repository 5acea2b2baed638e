//! What the runtime may take for granted of a type whose `Serialize` and `JsonSchema` we have derived: that it is written as
//! its schema says, if all of its fields are. It then need not be checked whenever it is sent.
//!
//! Only from attributes of which it is known that serde and schemars take them alike. With any other, also one of somebody
//! else's that may change the type, nothing is said.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Data, Fields};

use crate::parse::helper::{derives, ends_with};
use crate::parse::item::{Item, Kind};
use crate::parse::options::Krate;
use crate::vocabulary::Role;

/// Keys of `#[serde(…)]` that both derives take alike.
const SERDE: &[&str] = &[
    "alias",
    "crate",
    "default",
    "deny_unknown_fields",
    "rename",
    "rename_all",
    "rename_all_fields",
    "skip_serializing_if",
    "transparent",
];
/// Keys of `#[schemars(…)]` that say nothing of values.
const SCHEMARS: &[&str] = &["crate", "description", "title"];
/// Attributes that change neither type nor derives.
const HARMLESS: &[&str] = &[
    "allow",
    "cfg",
    "default",
    "deny",
    "deprecated",
    "derive",
    "doc",
    "expect",
    "must_use",
    "non_exhaustive",
    "repr",
    "warn",
];

/// The implementation of `Faithful` beside the item, if there is to be one.
pub(crate) fn write(item: &Item, roles: &[Role], krate: &Krate) -> Option<TokenStream> {
    let Kind::Data(data) = &item.kind else { return None };
    let is_written = roles.contains(&Role::Outgoing) || roles.contains(&Role::Payload);
    let is_ours = |name| !derives(&item.attributes).iter().any(|(_, path)| ends_with(path, name));
    let is_known = is_ours("Serialize") && is_ours("JsonSchema") && harmless(&item.attributes);
    if !is_written || !is_known || !data.generics.params.is_empty() {
        return None;
    }
    let fields: Vec<&Fields> = match &data.data {
        Data::Struct(data) => vec![&data.fields],
        Data::Enum(data) => {
            let is_known = data.variants.iter().all(|variant| harmless(&variant.attrs));
            // A field that depends on a condition would have to bring that of its variant.
            let is_plain = data.variants.iter().all(|variant| !variant.attrs.iter().any(is_cfg));
            is_known.then_some(())?;
            is_plain.then(|| data.variants.iter().map(|variant| &variant.fields).collect())?
        }
        Data::Union(_) => return None,
    };
    let fields: Vec<_> = fields.into_iter().flatten().collect();
    if !fields.iter().all(|field| harmless(&field.attrs)) {
        return None;
    }
    let root = krate.root();
    let private = quote!(#root::__private);
    let asked = fields.iter().map(|field| {
        let (ty, cfgs) = (&field.ty, field.attrs.iter().filter(|attribute| is_cfg(attribute)));
        quote!(#(#cfgs)* { faithful &= #private::Probe::<#ty>::NEW.faithful(seen); })
    });
    let (ident, cfgs) = (&data.ident, item.attributes.iter().filter(|attribute| is_cfg(attribute)));
    Some(quote! {
        #(#cfgs)*
        #[automatically_derived]
        #[allow(deprecated, unused_mut, unused_imports)]
        impl #private::Faithful for #ident {
            fn is_faithful(seen: &mut #private::Seen) -> #private::bool {
                use #private::Unknown as _;
                let mut faithful = true;
                if seen.is_new::<Self>() {
                    #(#asked)*
                }
                faithful
            }
        }
    })
}

fn is_cfg(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
}

fn harmless(attributes: &[Attribute]) -> bool {
    attributes.iter().all(|attribute| {
        let path = attribute.path();
        if path.is_ident("serde") {
            return has_only(attribute, SERDE);
        }
        if path.is_ident("schemars") {
            return has_only(attribute, SCHEMARS);
        }
        HARMLESS.iter().any(|name| path.is_ident(name))
    })
}

/// Whether all keys are among those that are known.
fn has_only(attribute: &Attribute, known: &[&str]) -> bool {
    let read = attribute.parse_nested_meta(|meta| {
        if !known.iter().any(|key| meta.path.is_ident(key)) {
            return Err(meta.error("unknown"));
        }
        if meta.input.peek(syn::Token![=]) {
            meta.value()?.parse::<syn::Expr>()?;
        } else if meta.input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in meta.input);
            content.parse::<TokenStream>()?;
        }
        Ok(())
    });
    read.is_ok()
}

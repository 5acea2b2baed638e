//! The derives a type needs, beside those it has.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{Attribute, Data};

use super::spans;

use crate::parse::data::without_error_words;
use crate::parse::helper::{Role, derives, ends_with};
use crate::parse::item::{Item, Kind};
use crate::parse::options::Krate;

/// The item with the derives that `roles` ask for.
pub(crate) fn write(item: &Item, roles: &[Role], krate: &Krate) -> TokenStream {
    let Kind::Data(data) = &item.kind else { return item.to_token_stream() };
    // Derives come first: an attribute for a derive must not stand before it.
    let mut tokens = match &data.data {
        // Neither serde nor schemars knows what to do with one.
        Data::Union(_) => TokenStream::new(),
        _ => needed(item, roles, krate),
    };
    for attribute in &item.attributes {
        attribute.to_tokens(&mut tokens);
    }
    item.visibility.to_tokens(&mut tokens);
    if roles.contains(&Role::Error) {
        without_error_words(data, &item.attributes).to_tokens(&mut tokens);
    } else {
        data.to_tokens(&mut tokens);
    }
    tokens
}

fn needed(item: &Item, roles: &[Role], krate: &Krate) -> TokenStream {
    let attributes = item.attributes.as_slice();
    let has = |role: Role| roles.contains(&role);
    let derived: Vec<_> = derives(attributes).collect();
    let is_derived = |name: &str| derived.iter().any(|path| ends_with(path, name));
    let root = krate.root();
    let (serde, schemars) = (quote!(#root::__private::serde), quote!(#root::__private::schemars));

    let mut paths = Vec::new();
    if (has(Role::Outgoing) || has(Role::Payload)) && !is_derived("Serialize") {
        paths.push(quote!(#serde::Serialize));
    }
    if (has(Role::Headers) || has(Role::Payload)) && !is_derived("Deserialize") {
        paths.push(quote!(#serde::Deserialize));
    }
    let ours_of_serde = !paths.is_empty();
    let ours_of_schemars = roles.iter().any(|role| role.derives_schema()) && !is_derived("JsonSchema");
    if ours_of_schemars {
        paths.push(quote!(#schemars::JsonSchema));
    }
    if paths.is_empty() {
        return TokenStream::new();
    }
    // A field that lacks a trait is reported at the attribute that asked for it, as with a derive by hand.
    let asked = item.helpers.iter().find(|helper| helper.role.derives_schema());
    let derive = quote!(#[derive(#(#paths),*)]);
    let mut tokens = match asked.and_then(|helper| helper.attribute.path().segments.last()) {
        Some(name) => spans::shown_at(&derive, name.ident.span()),
        None => derive,
    };
    // The user's own derive beside ours can do with our path, too; a path the user gave stays.
    if ours_of_serde && !names_crate(attributes, "serde") {
        let path = path_text(&serde);
        tokens.extend(quote!(#[serde(crate = #path)]));
    }
    if ours_of_schemars && !names_crate(attributes, "schemars") {
        let path = path_text(&schemars);
        tokens.extend(quote!(#[schemars(crate = #path)]));
    }
    tokens
}

/// What schemars' derive takes to be in scope where it stands, as the prelude brings it: for modules without one.
pub(crate) fn traits_in_scope(items: &[Item], krate: &Krate) -> TokenStream {
    let is_derived = |item: &Item| item.helpers.iter().any(|helper| helper.role.derives_schema());
    if !items.iter().any(is_derived) {
        return TokenStream::new();
    }
    let root = krate.root();
    quote!(#[allow(unused_imports)] use #root::__private::{Default as _, From as _, Into as _, ToString as _};)
}

/// Whether an attribute like `#[serde(crate = "…")]` is there already.
fn names_crate(attributes: &[Attribute], owner: &str) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident(owner)).any(|attribute| {
        let mut found = false;
        // What the derive makes of the rest is its own business.
        let _rest = attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("crate");
            if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Expr>()?;
            } else if meta.input.peek(syn::token::Paren) {
                let content;
                syn::parenthesized!(content in meta.input);
                content.parse::<TokenStream>()?;
            }
            Ok(())
        });
        found
    })
}

/// A path as the text that serde and schemars take.
pub(crate) fn path_text(path: &TokenStream) -> String {
    path.to_string().replace(' ', "")
}

//! `#[header(…)]` on the fields of a `#[headers]` struct.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Data, DeriveInput, Field, Fields, Meta, parse_quote};

use super::conditional::{Conditional, unfold};
use super::helper::ends_with;
use super::keys::Keys;
use crate::errors::{self, Errors};
use crate::vocabulary::{Key, Takes};

const KEYS: &[Key] = &[Key::new("http_only", Takes::Flag)];

/// Checks every `#[header(…)]` on the fields of a `#[headers]` struct.
pub(crate) fn everywhere(data: &DeriveInput, errors: &Errors) {
    fields(data).into_iter().for_each(|field| check(field, errors));
}

fn check(field: &Field, errors: &Errors) {
    let attributes = unfold(&field.attrs);
    let mut found = attributes.iter().filter(|own| is_header(own));
    let Some(own) = found.next() else { return };
    if let Some(second) = found.next() {
        errors.push(errors::repeated_header(&second.attribute));
    }
    let tokens = match &own.attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::Path(_) | Meta::NameValue(_) => TokenStream::new(),
    };
    let is_nameless = |own: &Conditional| {
        matches!(&own.attribute.meta, Meta::List(list) if list.path.is_ident("serde")
        && list.tokens.clone().into_iter().any(|token| matches!(&token, TokenTree::Ident(word)
            if ["flatten", "skip", "skip_deserializing"].iter().any(|name| word == name))))
    };
    if attributes.iter().any(is_nameless) {
        errors.push(errors::header_without_a_name(&own.attribute));
    } else if tokens.is_empty() {
        errors.push(errors::header_without_key(&own.attribute));
    } else {
        Keys::parse("header", KEYS, tokens, errors);
    }
}

/// Reports every `#[header(http_only)]` on the fields of something else than a `#[headers]` struct.
pub(crate) fn nowhere(data: &DeriveInput, errors: &Errors) {
    for field in fields(data) {
        for own in unfold(&field.attrs).iter().filter(|own| is_ours(own)) {
            errors.push(errors::header_elsewhere(&own.attribute));
        }
    }
}

/// The type for the derives: what `#[header(…)]` says becomes a keyword of the field's schema.
pub(crate) fn translated(data: &DeriveInput, in_headers: bool) -> DeriveInput {
    let mut data = data.clone();
    for field in fields_mut(&mut data) {
        let attributes = unfold(&field.attrs);
        let is_one = |own: &Conditional| if in_headers { is_header(own) } else { is_ours(own) };
        if !attributes.iter().any(is_one) {
            continue;
        }
        let written = attributes.iter().filter_map(|own| match (is_one(own), in_headers) {
            (false, _) => Some(parse_quote!(#own)),
            (true, false) => None,
            (true, true) => {
                let condition = &own.condition;
                let keyword: Attribute = parse_quote!(#[schemars(extend("x-zocket-http-only" = true))]);
                let own = Conditional { condition: condition.clone(), attribute: keyword };
                Some(parse_quote!(#own))
            }
        });
        field.attrs = written.collect();
    }
    data
}

fn is_header(own: &Conditional) -> bool {
    ends_with(own.path(), "header")
}

/// Another derive may have a `#[header]` of its own.
fn is_ours(own: &Conditional) -> bool {
    let says_http_only =
        matches!(&own.attribute.meta, Meta::List(list) if list.tokens.to_string() == "http_only");
    is_header(own) && (says_http_only || own.path().segments.len() > 1)
}

fn fields(data: &DeriveInput) -> Vec<&Field> {
    match &data.data {
        Data::Struct(own) => own.fields.iter().collect(),
        Data::Enum(own) => own.variants.iter().flat_map(|variant| &variant.fields).collect(),
        Data::Union(_) => Vec::new(),
    }
}

fn fields_mut(data: &mut DeriveInput) -> Vec<&mut Field> {
    match &mut data.data {
        Data::Struct(own) => Fields::iter_mut(&mut own.fields).collect(),
        Data::Enum(own) => own.variants.iter_mut().flat_map(|variant| &mut variant.fields).collect(),
        Data::Union(_) => Vec::new(),
    }
}

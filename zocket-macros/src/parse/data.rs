//! What stands on the variants of an `#[error]` enum.

use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::{Attribute, DeriveInput, LitStr, Meta, Token};

use super::helper::{derives, ends_with};
use super::keys::{Key, Keys, Takes};
use crate::errors::{self, Errors};

const VARIANT_KEYS: &[Key] = &[Key::new("code", Takes::Text), Key::new("message", Takes::Text)];

/// The `#[error(…)]` of one variant.
#[derive(Default)]
pub(crate) struct VariantWords {
    pub(crate) transparent: Option<Span>,
    pub(crate) code: Option<LitStr>,
    pub(crate) message: Option<LitStr>,
}

impl VariantWords {
    /// Reads the `#[error(…)]` among `attributes`, if there is one.
    pub(crate) fn parse(attributes: &[Attribute], errors: &Errors) -> Self {
        let mut found = attributes.iter().filter(|attribute| is_error(attribute));
        let Some(attribute) = found.next() else { return Self::default() };
        if let Some(second) = found.next() {
            errors.push(errors::repeated_variant_words(second));
        }
        let Meta::List(list) = &attribute.meta else {
            errors.push(errors::empty_variant_words(attribute));
            return Self::default();
        };
        let read = |input: ParseStream<'_>| {
            let mut words = Self::default();
            if input.peek(LitStr) {
                words.message = Some(input.parse()?);
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            } else if let Some(word) = transparent(input)? {
                words.transparent = Some(word);
                return Ok(words);
            }
            let keys = Keys::parse("error", VARIANT_KEYS, input.parse()?, errors);
            words.code = keys.text("code");
            words.message = words.message.or_else(|| keys.text("message"));
            Ok(words)
        };
        let words = syn::parse::Parser::parse2(read, list.tokens.clone());
        words.unwrap_or_else(|error| {
            errors.push(errors::unreadable(error));
            Self::default()
        })
    }
}

fn transparent(input: ParseStream<'_>) -> syn::Result<Option<Span>> {
    let ahead = input.fork();
    match ahead.parse::<syn::Ident>() {
        Ok(word) if word == "transparent" && ahead.is_empty() => {
            input.parse::<syn::Ident>()?;
            Ok(Some(word.span()))
        }
        _ => Ok(None),
    }
}

fn is_error(attribute: &Attribute) -> bool {
    ends_with(attribute.path(), "error")
}

/// `serde` and `schemars` attributes: they speak to derives.
pub(crate) fn speaks_to_a_derive(attribute: &Attribute) -> bool {
    attribute.path().is_ident("serde") || attribute.path().is_ident("schemars")
}

/// Whether the item derives one of serde's or schemars' traits itself.
pub(crate) fn derives_serialization(attributes: &[Attribute]) -> bool {
    derives(attributes)
        .any(|path| ["Serialize", "Deserialize", "JsonSchema"].iter().any(|name| ends_with(&path, name)))
}

/// The enum as its user's code sees it: without the attributes that only `#[error]` understands.
pub(crate) fn without_error_words(data: &DeriveInput, item_attributes: &[Attribute]) -> DeriveInput {
    let keep_serde = derives_serialization(item_attributes);
    let keep = |attribute: &Attribute| !is_error(attribute) && (keep_serde || !speaks_to_a_derive(attribute));
    let mut data = data.clone();
    if let syn::Data::Enum(body) = &mut data.data {
        for variant in &mut body.variants {
            variant.attrs.retain(keep);
            for field in &mut variant.fields {
                field.attrs.retain(keep);
            }
        }
    }
    data
}

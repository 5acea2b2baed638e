//! The attributes on the variants of an `#[error]` enum.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens as _;
use syn::parse::ParseStream;
use syn::{Attribute, DeriveInput, LitStr, Meta, Path, Token, parse_quote};

use super::conditional::{Conditional, unfold};
use super::helper::{derives, ends_with};
use super::keys::Keys;
use crate::errors::{self, Errors};
use crate::vocabulary::{Key, Takes};

const VARIANT_KEYS: &[Key] = &[Key::new("code", Takes::Text), Key::new("message", Takes::Text)];

/// The `#[error(…)]` of one variant.
#[derive(Default)]
pub(crate) struct VariantOptions {
    pub(crate) transparent: Option<Span>,
    pub(crate) code: Option<LitStr>,
    pub(crate) message: Option<LitStr>,
}

impl VariantOptions {
    /// Reads the `#[error(…)]` among `attributes`, if there is one.
    pub(crate) fn parse(attributes: &[Attribute], errors: &Errors) -> Self {
        let unfolded = unfold(attributes);
        if let Some(own) = unfolded.iter().find(|own| own.condition.is_some() && is_error(&own.attribute)) {
            errors.push(errors::helper_under_condition(&own.attribute, "error"));
            return Self::default();
        }
        let mut found = attributes.iter().filter(|attribute| is_error(attribute));
        let Some(attribute) = found.next() else { return Self::default() };
        if let Some(second) = found.next() {
            errors.push(errors::repeated_variant_attribute(second));
        }
        let Meta::List(list) = &attribute.meta else {
            errors.push(errors::empty_variant_attribute(attribute));
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

/// Whether it is a helper attribute of serde's or schemars' derives.
pub(crate) fn is_derive_helper(path: &Path) -> bool {
    path.is_ident("serde") || path.is_ident("schemars")
}

/// Whether the item derives one of serde's or schemars' traits itself.
fn derives_serialization(attributes: &[Attribute]) -> bool {
    let is_one = |path| ["Serialize", "Deserialize", "JsonSchema"].iter().any(|name| ends_with(path, name));
    derives(attributes).iter().any(|(_, path)| is_one(path))
}

/// The enum for the user's code: without the attributes that only `#[error]` understands.
pub(crate) fn without_error_attributes(data: &DeriveInput, item_attributes: &[Attribute]) -> TokenStream {
    let keep_serde = derives_serialization(item_attributes);
    let keep = |attributes: &mut Vec<Attribute>| {
        let unfolded = unfold(attributes);
        let is_kept =
            |own: &&Conditional| !is_error(&own.attribute) && (keep_serde || !is_derive_helper(own.path()));
        *attributes = unfolded.iter().filter(is_kept).map(|own| parse_quote!(#own)).collect();
    };
    let mut data = data.clone();
    if let syn::Data::Enum(body) = &mut data.data {
        for variant in &mut body.variants {
            keep(&mut variant.attrs);
            for field in &mut variant.fields {
                keep(&mut field.attrs);
            }
        }
    }
    data.into_token_stream()
}

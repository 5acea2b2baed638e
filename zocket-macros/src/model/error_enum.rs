//! `#[error]` enums: codes, messages, data.

use proc_macro2::Ident;
use quote::{ToTokens as _, format_ident};
use syn::{Attribute, Data, DeriveInput, Field, Index, LitStr, Member, Type, Variant};

use super::attributes::{self, Cfgs};
use super::format::{BadFormat, Names};
use super::names;
use crate::errors::{self, Errors};
use crate::parse::data::{VariantWords, speaks_to_a_derive};

pub(crate) use super::format::Message;

/// The protocol's own codes: a client must be able to tell them from a handler's.
const BUILT_IN_CODES: [&str; 8] = [
    "BAD_MESSAGE",
    "UNKNOWN_ROUTE",
    "INVALID_PAYLOAD",
    "TOO_LARGE",
    "RATE_LIMITED",
    "OVERLOADED",
    "TIMEOUT",
    "INTERNAL",
];

/// A typed error.
pub(crate) struct ErrorEnum {
    pub(crate) ident: Ident,
    pub(crate) cfgs: Cfgs,
    pub(crate) variants: Vec<ErrorVariant>,
}

/// One variant.
pub(crate) enum ErrorVariant {
    /// Another typed error, passed on as it is.
    Transparent {
        ident: Ident,
        member: Member,
        inner: Type,
        cfgs: Cfgs,
    },
    Coded(Coded),
}

/// A variant with a code of its own.
pub(crate) struct Coded {
    pub(crate) ident: Ident,
    pub(crate) code: String,
    pub(crate) docs: String,
    pub(crate) deprecated: bool,
    pub(crate) message: Message,
    /// Named, or numbered, or none.
    pub(crate) fields: Vec<ErrorField>,
    pub(crate) named: bool,
    /// The serde and schemars attributes of the variant: they hold for its data.
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) cfgs: Cfgs,
}

/// A field of a variant, which is a part of the error's data.
pub(crate) struct ErrorField {
    pub(crate) member: Member,
    /// What it is called in generated code.
    pub(crate) binding: Ident,
    pub(crate) ty: Type,
    /// serde's, schemars' and the doc comment.
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) cfgs: Cfgs,
}

impl ErrorEnum {
    /// Judges the enum `data`, which stands under `attributes`.
    pub(crate) fn of(data: &DeriveInput, attributes: &[Attribute], errors: &Errors) -> Option<Self> {
        // Anything but an enum is reported where the helper's place is judged.
        let Data::Enum(body) = &data.data else { return None };
        if body.variants.is_empty() {
            errors.push(errors::error_without_variants(&data.ident));
            return None;
        }
        let before = errors.count();
        let variants: Vec<_> = body.variants.iter().filter_map(|own| variant(own, errors)).collect();
        no_code_twice(&variants, errors);
        let sound = errors.count() == before;
        sound.then(|| Self { ident: data.ident.clone(), cfgs: Cfgs::of(attributes), variants })
    }
}

fn variant(variant: &Variant, errors: &Errors) -> Option<ErrorVariant> {
    let words = VariantWords::parse(&variant.attrs, errors);
    let cfgs = Cfgs::of(&variant.attrs);
    if let Some(word) = words.transparent {
        let mut fields = variant.fields.iter();
        return match (fields.next(), fields.next()) {
            (Some(field), None) => Some(ErrorVariant::Transparent {
                ident: variant.ident.clone(),
                member: member(0, field),
                inner: field.ty.clone(),
                cfgs,
            }),
            _ => {
                errors.push(errors::transparent_without_one_field(word, &variant.ident));
                None
            }
        };
    }
    let docs = attributes::docs(&variant.attrs);
    let fields: Vec<_> = variant.fields.iter().enumerate().map(|(index, own)| field(index, own)).collect();
    Some(ErrorVariant::Coded(Coded {
        code: code(variant, words.code.as_ref(), errors),
        message: message(variant, words.message.as_ref(), &docs, errors),
        docs,
        deprecated: attributes::deprecated(&variant.attrs).is_some(),
        fields,
        named: matches!(variant.fields, syn::Fields::Named(_)),
        attributes: variant.attrs.iter().filter(|own| speaks_to_a_derive(own)).cloned().collect(),
        ident: variant.ident.clone(),
        cfgs,
    }))
}

fn code(variant: &Variant, written: Option<&LitStr>, errors: &Errors) -> String {
    let code = written.map_or_else(|| names::code(&variant.ident), LitStr::value);
    let at = written.map_or_else(|| variant.ident.to_token_stream(), |literal| literal.to_token_stream());
    if BUILT_IN_CODES.contains(&code.as_str()) {
        errors.push(errors::built_in_code(&at, &code));
    } else if code.trim().is_empty() {
        errors.push(errors::empty_code(&at));
    }
    code
}

fn message(variant: &Variant, written: Option<&LitStr>, docs: &str, errors: &Errors) -> Message {
    let Some(literal) = written else {
        let paragraph = attributes::first_paragraph(docs);
        let words = if paragraph.is_empty() { names::in_words(&variant.ident) } else { paragraph };
        return Message::Plain(words);
    };
    let fields: Vec<_> = variant.fields.iter().map(|field| field.ident.clone()).collect();
    Message::parse(literal, &Names(&fields)).unwrap_or_else(|fault| {
        errors.push(match fault {
            BadFormat::NoName => errors::placeholder_without_name(literal),
            BadFormat::Unknown(name) => errors::unknown_placeholder(literal, &name, variant),
            BadFormat::Unbalanced => errors::unbalanced_brace(literal),
        });
        Message::Plain(literal.value())
    })
}

fn field(index: usize, field: &Field) -> ErrorField {
    let is_kept = |own: &&Attribute| speaks_to_a_derive(own) || own.path().is_ident("doc");
    ErrorField {
        member: member(index, field),
        binding: format_ident!("field{index}", span = proc_macro2::Span::mixed_site()),
        ty: field.ty.clone(),
        attributes: field.attrs.iter().filter(is_kept).cloned().collect(),
        cfgs: Cfgs::of(&field.attrs),
    }
}

fn member(index: usize, field: &Field) -> Member {
    match &field.ident {
        Some(ident) => Member::Named(ident.clone()),
        None => Member::Unnamed(Index::from(index)),
    }
}

fn no_code_twice(variants: &[ErrorVariant], errors: &Errors) {
    let coded: Vec<_> = variants
        .iter()
        .filter_map(|variant| match variant {
            ErrorVariant::Coded(coded) => Some(coded),
            ErrorVariant::Transparent { .. } => None,
        })
        .collect();
    for (at, second) in coded.iter().enumerate() {
        let earlier = coded[..at].iter().find(|first| first.code == second.code);
        if let Some(first) = earlier.filter(|first| first.cfgs.may_meet(&second.cfgs)) {
            errors.push(errors::code_twice(&second.ident, &first.ident, &second.code));
        }
    }
}

//! `#[error]` enums: codes, messages, data.

use proc_macro2::Ident;
use quote::{ToTokens as _, format_ident};
use syn::{Attribute, Data, DeriveInput, Field, Index, LitStr, Member, Type, Variant};

use super::attributes::{self, Cfgs, Deprecated, Docs};
use super::format::{FormatError, Names};
use super::names;
use crate::errors::{self, Errors};
use crate::parse::conditional::{Conditional, unfold};
use crate::parse::variant::{VariantOptions, is_derive_helper};

pub(crate) use super::format::Message;

/// The protocol's own codes, those that a server does not answer with yet included: a client must be able to tell them from a handler's.
const BUILT_IN_CODES: [&str; 9] = [
    "BAD_MESSAGE",
    "UNKNOWN_ROUTE",
    "INVALID_PAYLOAD",
    "TOO_LARGE",
    "RATE_LIMITED",
    "OVERLOADED",
    "TIMEOUT",
    "RESTARTING",
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
    Coded(CodedVariant),
}

/// A variant with a code of its own.
pub(crate) struct CodedVariant {
    pub(crate) ident: Ident,
    pub(crate) code: String,
    pub(crate) docs: Docs,
    pub(crate) deprecated: Deprecated,
    pub(crate) message: Message,
    /// Named, or numbered, or none.
    pub(crate) fields: Vec<ErrorField>,
    pub(crate) named: bool,
    /// The serde and schemars attributes of the variant: they hold for its data.
    pub(crate) attributes: Vec<Conditional>,
    pub(crate) cfgs: Cfgs,
}

/// A field of a variant, which is a part of the error's data.
pub(crate) struct ErrorField {
    pub(crate) member: Member,
    /// Its name in generated code.
    pub(crate) binding: Ident,
    pub(crate) ty: Type,
    /// serde's, schemars', the doc comment and `#[deprecated]`.
    pub(crate) attributes: Vec<Conditional>,
    pub(crate) cfgs: Cfgs,
}

impl ErrorEnum {
    /// Checks the enum `data` with its `attributes`.
    pub(crate) fn of(data: &DeriveInput, attributes: &[Attribute], errors: &Errors) -> Option<Self> {
        // Anything but an enum is reported by `placement`.
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
    let words = VariantOptions::parse(&variant.attrs, errors);
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
    let docs = Docs::of(&variant.attrs);
    let fields: Vec<_> = variant.fields.iter().enumerate().map(|(index, own)| field(index, own)).collect();
    Some(ErrorVariant::Coded(CodedVariant {
        code: code(variant, words.code.as_ref(), errors),
        message: message(variant, words.message.as_ref(), &docs, errors),
        docs,
        deprecated: Deprecated::of(&variant.attrs),
        fields,
        named: matches!(variant.fields, syn::Fields::Named(_)),
        attributes: unfold(&variant.attrs).into_iter().filter(|own| is_derive_helper(own.path())).collect(),
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

fn message(variant: &Variant, written: Option<&LitStr>, docs: &Docs, errors: &Errors) -> Message {
    let Some(literal) = written else {
        let in_words = names::in_words(&variant.ident);
        let Some(docs) = docs.known() else { return Message::Docs { otherwise: in_words } };
        let paragraph = attributes::first_paragraph(docs);
        return Message::Plain(if paragraph.is_empty() { in_words } else { paragraph });
    };
    let fields: Vec<_> = variant.fields.iter().map(|field| field.ident.clone()).collect();
    Message::parse(literal, &Names(&fields)).unwrap_or_else(|fault| {
        errors.push(match fault {
            FormatError::NoName => errors::placeholder_without_name(literal),
            FormatError::Unknown(name) => errors::unknown_placeholder(literal, &name, variant),
            FormatError::Unbalanced => errors::unbalanced_brace(literal),
        });
        Message::Plain(literal.value())
    })
}

fn field(index: usize, field: &Field) -> ErrorField {
    let is_kept = |own: &Conditional| {
        is_derive_helper(own.path()) || own.path().is_ident("doc") || own.path().is_ident("deprecated")
    };
    ErrorField {
        member: member(index, field),
        binding: format_ident!("field{index}", span = proc_macro2::Span::mixed_site()),
        ty: field.ty.clone(),
        attributes: unfold(&field.attrs).into_iter().filter(is_kept).collect(),
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

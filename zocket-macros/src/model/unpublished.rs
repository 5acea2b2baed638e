//! Attributes of serde and schemars by which a type would read something else than its schema says.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::{Attribute, Data, DeriveInput, Field, Fields, Meta, Type};

use crate::errors::{self, Errors};

/// Reports them on the fields and variants of a type that clients send.
pub(crate) fn check(data: &DeriveInput, errors: &Errors) {
    match &data.data {
        Data::Struct(own) => check_fields(&own.fields, errors),
        Data::Enum(own) => {
            for variant in &own.variants {
                check_alias(&variant.attrs, errors);
                check_fields(&variant.fields, errors);
            }
        }
        Data::Union(_) => {}
    }
}

fn check_fields(fields: &Fields, errors: &Errors) {
    for Field { attrs, ty, .. } in fields {
        check_alias(attrs, errors);
        // The schema would ask for it, serde does not.
        if is_option(ty)
            && let Some(key) = key(attrs, "schemars", "required")
        {
            errors.push(errors::schemars_required(&key));
        }
    }
}

fn check_alias(attributes: &[Attribute], errors: &Errors) {
    // serde reads the other name, the schema does not know it.
    if let Some(key) = key(attributes, "serde", "alias") {
        errors.push(errors::serde_alias(&key));
    }
}

fn is_option(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Option"))
}

/// The key `name` in the lists of the attribute called `attribute`.
fn key(attributes: &[Attribute], attribute: &str, name: &str) -> Option<Ident> {
    let lists = attributes.iter().filter_map(|own| match &own.meta {
        Meta::List(list) if list.path.is_ident(attribute) => Some(&list.tokens),
        _ => None,
    });
    lists.into_iter().find_map(|tokens| key_of_list(tokens, name))
}

fn key_of_list(tokens: &TokenStream, name: &str) -> Option<Ident> {
    let mut begins = true;
    for token in tokens.clone() {
        match &token {
            TokenTree::Ident(ident) if begins && ident == name => return Some(ident.clone()),
            _ => begins = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ','),
        }
    }
    None
}

//! Attributes of serde and schemars by which a type would read or write something else than its schema says.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::{
    Attribute, Data, DeriveInput, Field, Fields, GenericArgument, LitStr, Meta, PathArguments, Type,
    parse_quote,
};

use crate::errors::{self, Errors};
use crate::parse::conditional::unfold;
use crate::vocabulary::Role;

/// Which ways the values of a type go over the wire.
#[derive(Clone, Copy)]
struct Ways {
    read: bool,
    written: bool,
}

impl Ways {
    /// Those of a type with the attribute `role`.
    fn of(role: Role) -> Self {
        Self {
            read: matches!(role, Role::Payload | Role::Headers),
            written: matches!(role, Role::Payload | Role::Outgoing | Role::Error),
        }
    }

    fn or(self, other: Self) -> Self {
        Self { read: self.read || other.read, written: self.written || other.written }
    }
}

/// Reports them on a type with the attributes `roles`, its variants and its fields.
pub(crate) fn check(data: &DeriveInput, attributes: &[Attribute], roles: &[Role], errors: &Errors) {
    let ways = roles.iter().map(|role| Ways::of(*role)).fold(Ways { read: false, written: false }, Ways::or);
    if !ways.read && !ways.written {
        return;
    }
    let on_item = Given::of(attributes);
    if !roles.contains(&Role::Error) {
        overridden(
            &on_item,
            &["rename_all", "rename_all_fields", "tag", "content", "untagged", "default"],
            errors,
        );
    }
    match &data.data {
        Data::Struct(own) => own.fields.iter().for_each(|own| check_field(own, ways, errors)),
        Data::Enum(own) => {
            for variant in &own.variants {
                let given = Given::of(&variant.attrs);
                check_names(&given, ways, errors);
                check_functions(&given, ways, errors);
                if let Some((key, _)) = given.find("serde", "other").filter(|_| ways.read) {
                    errors.push(errors::serde_other(key));
                }
                overridden(&given, &["rename", "rename_all", "untagged", "skip"], errors);
                variant.fields.iter().for_each(|own| check_field(own, ways, errors));
            }
        }
        Data::Union(_) => {}
    }
}

fn check_field(Field { attrs, ty, .. }: &Field, ways: Ways, errors: &Errors) {
    let given = Given::of(attrs);
    check_names(&given, ways, errors);
    // `Option<Option<T>>` tells a missing field from `null` by a function that reads what its schema says.
    if inside_option(ty).is_none_or(|inner| inside_option(&inner).is_none()) {
        check_functions(&given, ways, errors);
    }
    overridden(&given, &["rename", "flatten", "default", "skip"], errors);
    // The schema would ask for it, serde does not.
    if inside_option(ty).is_some()
        && let Some((key, _)) = given.find("schemars", "required").filter(|_| ways.read)
    {
        errors.push(errors::schemars_required(key));
    }
}

/// serde reads the other name, the schema does not know it.
fn check_names(given: &Given, ways: Ways, errors: &Errors) {
    if let Some((key, _)) = given.find("serde", "alias").filter(|_| ways.read) {
        errors.push(errors::serde_alias(key));
    }
}

/// A function that reads a value: the schema is that of the type, unless another is named.
///
/// What `serialize_with` writes is held to the schema before it is sent, and often fits it.
fn check_functions(given: &Given, ways: Ways, errors: &Errors) {
    if given.find("schemars", "with").is_some() || given.find("schemars", "schema_with").is_some() {
        return;
    }
    let read = given.find("serde", "deserialize_with").filter(|_| ways.read).map(|(key, _)| key);
    for key in read.into_iter().chain(module(given)) {
        errors.push(errors::serde_function(key));
    }
}

/// The `with` that names a module. schemars takes what it names for a type that has a schema, as that of `serde_with::As`
/// has.
fn module(given: &Given) -> Option<&Ident> {
    let (key, value) = given.find("serde", "with")?;
    value.as_ref().is_some_and(names_a_module).then_some(key)
}

/// The type for schemars, which would not find a type where a module is named and say so. That has been reported.
pub(crate) fn without_modules(data: &mut DeriveInput) {
    let fields: Vec<&mut Field> = match &mut data.data {
        Data::Struct(own) => Fields::iter_mut(&mut own.fields).collect(),
        Data::Enum(own) => own.variants.iter_mut().flat_map(|variant| &mut variant.fields).collect(),
        Data::Union(_) => Vec::new(),
    };
    for field in fields {
        let given = Given::of(&field.attrs);
        if module(&given).is_some()
            && given.find("schemars", "with").is_none()
            && given.find("schemars", "schema_with").is_none()
        {
            field.attrs.push(parse_quote!(#[schemars(with = "()")]));
        }
    }
}

fn names_a_module(path: &LitStr) -> bool {
    let path = path.value();
    let last = path.rsplit("::").next().unwrap_or_default().trim();
    last.starts_with(|first: char| first.is_lowercase() || first == '_')
}

/// schemars reads serde's attributes, and its own before them: what only the latter say holds for the schema alone.
fn overridden(given: &Given, keys: &[&str], errors: &Errors) {
    for name in keys {
        if let Some((key, _)) = given.find("schemars", name).filter(|_| given.find("serde", name).is_none()) {
            errors.push(errors::schemars_alone(key));
        }
    }
}

/// `T` where the type is `Option<T>`.
fn inside_option(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner.clone()),
        _ => None,
    }
}

/// Whether `owner`'s attribute among `attributes` has the key `name`.
pub(crate) fn says(attributes: &[Attribute], owner: &str, name: &str) -> bool {
    Given::of(attributes).find(owner, name).is_some()
}

/// The keys in the lists of `#[serde(…)]` and `#[schemars(…)]`, under whatever conditions they stand.
struct Given(Vec<(&'static str, Ident, Option<LitStr>)>);

impl Given {
    fn of(attributes: &[Attribute]) -> Self {
        let mut given = Vec::new();
        for own in unfold(attributes) {
            let Meta::List(list) = &own.attribute.meta else { continue };
            for owner in ["serde", "schemars"] {
                if list.path.is_ident(owner) {
                    given.extend(keys(&list.tokens).into_iter().map(|(key, value)| (owner, key, value)));
                }
            }
        }
        Self(given)
    }

    /// The key `name` of the attribute `owner`, and the text behind it, where there is one.
    fn find(&self, owner: &str, name: &str) -> Option<(&Ident, &Option<LitStr>)> {
        let mut given = self.0.iter();
        given.find(|(of, key, _)| *of == owner && key == name).map(|(_, key, value)| (key, value))
    }
}

/// `key`, `key = "text"`, `key(…)`, each after a comma.
fn keys(tokens: &TokenStream) -> Vec<(Ident, Option<LitStr>)> {
    let mut keys: Vec<(Ident, Option<LitStr>)> = Vec::new();
    let mut begins = true;
    for token in tokens.clone() {
        match token {
            TokenTree::Ident(key) if begins => {
                keys.push((key, None));
                begins = false;
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' => begins = true,
            TokenTree::Literal(literal) => {
                if let Some((_, value)) = keys.last_mut() {
                    *value = syn::parse2(TokenTree::Literal(literal).into()).ok();
                }
            }
            _ => begins = false,
        }
    }
    keys
}

//! The derives a type needs, beside those it has.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::{Attribute, Data, DeriveInput, Fields, LitStr, Path};

use super::{deprecated, faithful, spans};
use crate::model::schema_conflicts;
use crate::parse::conditional::unfold;
use crate::parse::header_field;
use crate::parse::helper::{derives, ends_with};
use crate::parse::item::{Item, Kind};
use crate::parse::options::Krate;
use crate::parse::variant::{is_derive_helper, without_error_attributes};
use crate::vocabulary::Role;

/// The item with the derives that `roles` ask for.
///
/// `fields` is how the router renames them, where a type does not say so itself.
pub(crate) fn write(item: &Item, roles: &[Role], krate: &Krate, fields: Option<&LitStr>) -> TokenStream {
    let Kind::Data(data) = &item.kind else { return item.to_token_stream() };
    // Attribute macros come before the derives, so that these see what those have made of the item (`#[serde_as]`). What
    // speaks to the derives comes after them, as rustc wants it.
    let (helpers, before): (Vec<_>, Vec<_>) =
        unfold(&item.attributes).into_iter().partition(|own| is_derive_helper(own.path()));
    let derives = match &data.data {
        // Neither serde nor schemars knows what to do with one.
        Data::Union(_) => TokenStream::new(),
        _ => needed(item, roles, krate),
    };
    let mut data = header_field::translated(data, roles.contains(&Role::Headers));
    schema_conflicts::without_modules(&mut data);
    let renamed = fields.and_then(|fields| renamed(&data, &item.attributes, roles, fields));

    let (data, root) = (&data, krate.root());
    let twin = has_twin(item, roles).then(|| {
        let private = quote!(#root::__private);
        deprecated::twin(item, data, renamed.as_ref(), &quote!(#private::schemars), &private)
    });
    let data = match roles.contains(&Role::Error) {
        true => without_error_attributes(data, &item.attributes),
        false => data.to_token_stream(),
    };

    let visibility = &item.visibility;
    let faithful = faithful::write(item, roles, krate);
    quote!(#(#before)* #derives #renamed #(#helpers)* #visibility #data #faithful #twin)
}

/// Whether a twin has the schema: that of a type that is deprecated, and does not derive it itself.
fn has_twin(item: &Item, roles: &[Role]) -> bool {
    let derived = derives(&item.attributes);
    roles.iter().any(|role| role.derives_schema())
        && !derived.iter().any(|(_, path)| ends_with(path, "JsonSchema"))
        && deprecated::needs_twin(item)
}

/// `#[serde(rename_all = "…")]` for the fields of a type. Those of the headers are named after headers.
fn renamed(
    data: &DeriveInput,
    attributes: &[Attribute],
    roles: &[Role],
    fields: &LitStr,
) -> Option<TokenStream> {
    if !(roles.contains(&Role::Outgoing) || roles.contains(&Role::Payload)) || roles.contains(&Role::Headers)
    {
        return None;
    }
    let key = match &data.data {
        Data::Struct(own) if matches!(own.fields, Fields::Named(_)) => "rename_all",
        Data::Enum(own) if own.variants.iter().any(|variant| matches!(variant.fields, Fields::Named(_))) => {
            "rename_all_fields"
        }
        _ => return None,
    };
    if schema_conflicts::says(attributes, "serde", key) {
        return None;
    }
    let key = Ident::new(key, Span::call_site());
    Some(quote!(#[serde(#key = #fields)]))
}

fn needed(item: &Item, roles: &[Role], krate: &Krate) -> TokenStream {
    let attributes = item.attributes.as_slice();
    let has = |role: Role| roles.contains(&role);
    let root = krate.root();
    let (serde, schemars) = (quote!(#root::__private::serde), quote!(#root::__private::schemars));
    let derived = derives(attributes);
    let serialize = (has(Role::Outgoing) || has(Role::Payload))
        .then(|| Derive::unless_derived(quote!(#serde::Serialize), "Serialize", &derived));
    let deserialize = (has(Role::Headers) || has(Role::Payload))
        .then(|| Derive::unless_derived(quote!(#serde::Deserialize), "Deserialize", &derived));
    let of_serde: Vec<_> = [serialize, deserialize].into_iter().flatten().flatten().collect();
    let json_schema = roles.iter().any(|role| role.derives_schema()) && !has_twin(item, roles);
    let of_schemars = json_schema
        .then(|| Derive::unless_derived(quote!(#schemars::JsonSchema), "JsonSchema", &derived))
        .flatten();

    let (always, conditional): (Vec<_>, Vec<_>) =
        of_serde.iter().chain(&of_schemars).partition(|own| own.unless.is_empty());
    let always: Vec<_> = always.iter().map(|own| &own.path).collect();
    let mut derives = match &always[..] {
        [] => TokenStream::new(),
        paths => quote!(#[derive(#(#paths),*)]),
    };
    for Derive { path, unless } in conditional {
        derives.extend(quote!(#[cfg_attr(not(any(#(#unless),*)), derive(#path))]));
    }
    // A field that lacks a trait is reported at the attribute that asked for it, as with a derive by hand.
    let asked = item.helpers.iter().find(|helper| helper.role.derives_schema());
    let mut tokens = match asked.and_then(|helper| helper.attribute.path().segments.last()) {
        Some(name) => spans::respanned(&derives, name.ident.span()),
        None => derives,
    };
    // The user's own derive beside ours can use our path, too; a path that the user gave stays.
    for (is_ours, name, path) in
        [(!of_serde.is_empty(), "serde", serde), (of_schemars.is_some(), "schemars", schemars)]
    {
        if is_ours && !names_crate(attributes, name) {
            let (owner, path) = (Ident::new(name, Span::call_site()), path_text(&path));
            tokens.extend(quote!(#[#owner(crate = #path)]));
        }
    }
    tokens
}

/// A derive of ours.
struct Derive {
    path: TokenStream,
    /// The conditions under which the user derives the trait; where there are none, it is ours to derive.
    unless: Vec<TokenStream>,
}

impl Derive {
    /// None where the user always derives the trait called `name`.
    fn unless_derived(
        path: TokenStream,
        name: &str,
        derived: &[(Option<TokenStream>, Path)],
    ) -> Option<Self> {
        let by_hand = derived.iter().filter(|(_, path)| ends_with(path, name));
        let unless = by_hand.map(|(condition, _)| condition.clone()).collect::<Option<_>>()?;
        Some(Self { path, unless })
    }
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

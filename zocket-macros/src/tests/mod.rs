//! Whole expansions.

mod faults;
mod snapshots;
mod speed;

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Meta};

/// Expands a source text that is one module under `#[zocket::router(…)]`.
fn expand(source: &str) -> TokenStream {
    expand_with(source, false)
}

/// As [`expand`] does, for tests of the router or not.
fn expand_with(source: &str, testing: bool) -> TokenStream {
    let tokens: TokenStream = source.parse().expect("tokens");
    let (args, item) = split.parse2(tokens).expect("attributes, then an item");
    crate::router::router(args, item, testing)
}

fn split(input: ParseStream<'_>) -> syn::Result<(TokenStream, TokenStream)> {
    let mut attributes = input.call(Attribute::parse_outer)?;
    let router = attributes
        .iter()
        .position(|attribute| attribute.path().segments.last().is_some_and(|last| last.ident == "router"))
        .expect("an attribute called router");
    let args = match attributes.remove(router).meta {
        Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    };
    let rest: TokenStream = input.parse()?;
    Ok((args, quote::quote!(#(#attributes)* #rest)))
}

//! What the ordinary attributes on an item mean for what is generated beside it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The text of the doc comment, `""` without one.
pub(crate) fn docs(attributes: &[Attribute]) -> String {
    let mut text = String::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        let Meta::NameValue(pair) = &attribute.meta else { continue };
        let Expr::Lit(ExprLit { lit: Lit::Str(literal), .. }) = &pair.value else { continue };
        for line in literal.value().lines() {
            text.push_str(line.strip_prefix(' ').unwrap_or(line).trim_end());
            text.push('\n');
        }
        if literal.value().is_empty() {
            text.push('\n');
        }
    }
    text.trim().to_owned()
}

/// The first paragraph of a doc text, on one line.
pub(crate) fn first_paragraph(docs: &str) -> String {
    docs.lines().take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The doc comment's own attributes, to be copied with their links and spans.
pub(crate) fn doc_attributes(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect()
}

/// The `#[deprecated]` attribute.
pub(crate) fn deprecated(attributes: &[Attribute]) -> Option<Attribute> {
    attributes.iter().find(|attribute| attribute.path().is_ident("deprecated")).cloned()
}

/// The `#[cfg(…)]` attributes of an item: under which conditions it is there at all.
#[derive(Clone, Default)]
pub(crate) struct Cfgs(Vec<TokenStream>);

impl Cfgs {
    pub(crate) fn of(attributes: &[Attribute]) -> Self {
        let conditions = attributes.iter().filter_map(|attribute| match &attribute.meta {
            Meta::List(list) if list.path.is_ident("cfg") => Some(list.tokens.clone()),
            _ => None,
        });
        Self(conditions.collect())
    }

    /// These and those of an item within.
    pub(crate) fn and(&self, inner: &Self) -> Self {
        Self(self.0.iter().chain(&inner.0).cloned().collect())
    }

    /// Whether the item is always there.
    pub(crate) fn always(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether both items can be there at once, as far as can be told: two conditions may exclude each other.
    pub(crate) fn may_meet(&self, other: &Self) -> bool {
        self.always() || other.always()
    }

    /// As one condition, for use inside another `cfg`.
    pub(crate) fn condition(&self) -> TokenStream {
        let conditions = &self.0;
        quote!(all(#(#conditions),*))
    }
}

impl quote::ToTokens for Cfgs {
    /// As `#[cfg(…)]` attributes.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for condition in &self.0 {
            tokens.extend(quote!(#[cfg(#condition)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use syn::{DeriveInput, parse_quote};

    use super::*;

    #[test]
    fn docs_of_lines_and_blocks() {
        let item: DeriveInput = parse_quote! {
            /// A line,
            /// another.
            ///
            ///     code
            #[doc = "by hand"]
            #[doc(hidden)]
            struct S;
        };
        assert_eq!(docs(&item.attrs), "A line,\nanother.\n\n    code\nby hand");
        assert_eq!(first_paragraph(&docs(&item.attrs)), "A line, another.");
        assert_eq!(docs(&[]), "");
    }
}

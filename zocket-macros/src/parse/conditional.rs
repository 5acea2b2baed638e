//! Attributes with those inside `#[cfg_attr(…)]` taken out, each with its condition.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Meta, Path};

/// An attribute that is there if a condition holds.
pub(crate) struct Conditional {
    /// As in `cfg(…)`; none where the attribute is always there.
    pub(crate) condition: Option<TokenStream>,
    pub(crate) attribute: Attribute,
}

impl Conditional {
    pub(crate) fn path(&self) -> &Path {
        self.attribute.path()
    }
}

impl quote::ToTokens for Conditional {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.condition {
            None => self.attribute.to_tokens(tokens),
            Some(condition) => {
                let meta = &self.attribute.meta;
                tokens.extend(quote!(#[cfg_attr(#condition, #meta)]));
            }
        }
    }
}

/// All `attributes`, in the order written. What is no valid `cfg_attr` is passed on for rustc to refuse.
pub(crate) fn unfold(attributes: &[Attribute]) -> Vec<Conditional> {
    let mut unfolded = Vec::new();
    for attribute in attributes {
        add(None, attribute.clone(), &mut unfolded);
    }
    unfolded
}

fn add(condition: Option<TokenStream>, attribute: Attribute, unfolded: &mut Vec<Conditional>) {
    let Some((own, metas)) = inside(&attribute) else {
        return unfolded.push(Conditional { condition, attribute });
    };
    let condition = match condition {
        None => own,
        Some(outer) => quote!(all(#outer, #own)),
    };
    for meta in metas {
        add(Some(condition.clone()), Attribute { meta, ..attribute.clone() }, unfolded);
    }
}

/// The condition of a `cfg_attr` and the attributes in it.
fn inside(attribute: &Attribute) -> Option<(TokenStream, Vec<Meta>)> {
    let Meta::List(list) = &attribute.meta else { return None };
    if !list.path.is_ident("cfg_attr") {
        return None;
    }
    let mut parts = split_at_commas(list.tokens.clone()).into_iter();
    let condition = parts.next()?;
    let metas = parts.filter(|part| !part.is_empty()).map(syn::parse2).collect::<syn::Result<_>>();
    Some((condition, metas.ok()?))
}

fn split_at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',') {
            parts.push(TokenStream::new());
        } else if let Some(part) = parts.last_mut() {
            part.extend([token]);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{DeriveInput, parse_quote};

    use super::*;

    #[test]
    fn every_attribute_comes_out_with_its_condition() {
        let item: DeriveInput = parse_quote! {
            /// Always.
            #[cfg_attr(all(a, b), doc = concat!("x", "y"), deprecated(note = "z"))]
            #[cfg_attr(a, cfg_attr(b, serde(rename = "c")),)]
            #[cfg_attr(a)]
            struct S;
        };
        let unfolded = unfold(&item.attrs);
        let written: Vec<_> =
            unfolded.iter().map(|own| own.to_token_stream().to_string().replace(' ', "")).collect();
        assert_eq!(
            written,
            [
                "#[doc=r\"Always.\"]",
                "#[cfg_attr(all(a,b),doc=concat!(\"x\",\"y\"))]",
                "#[cfg_attr(all(a,b),deprecated(note=\"z\"))]",
                "#[cfg_attr(all(a,b),serde(rename=\"c\"))]",
            ]
        );
    }
}

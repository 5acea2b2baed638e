//! What the ordinary attributes on an item mean for what is generated beside it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

use crate::parse::conditional::{Conditional, unfold};

/// The text of the doc comment, in parts.
///
/// Only the compiler knows what `include_str!` reads and which conditions hold, so the parts are put together at run time.
#[derive(Default)]
pub(crate) struct Docs(Vec<DocPart>);

enum DocPart {
    /// Lines that are always there.
    Text(String),
    /// An expression, or lines under a condition.
    Unknown { condition: Option<TokenStream>, text: TokenStream },
}

impl Docs {
    pub(crate) fn of(attributes: &[Attribute]) -> Self {
        let mut parts: Vec<DocPart> = Vec::new();
        for own in unfold(attributes).iter().filter(|own| own.path().is_ident("doc")) {
            let Meta::NameValue(pair) = &own.attribute.meta else { continue };
            let lines = match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(literal), .. }) => Some(unindented(&literal.value())),
                _ => None,
            };
            match (&own.condition, lines, parts.last_mut()) {
                (None, Some(lines), Some(DocPart::Text(text))) => {
                    text.push('\n');
                    text.push_str(&lines);
                }
                (None, Some(lines), _) => parts.push(DocPart::Text(lines)),
                (condition, lines, _) => parts.push(DocPart::Unknown {
                    condition: condition.clone(),
                    text: lines.map_or_else(|| pair.value.to_token_stream(), |lines| quote!(#lines)),
                }),
            }
        }
        if let [DocPart::Text(text)] = &mut parts[..] {
            *text = text.trim().to_owned();
        }
        Self(parts)
    }

    /// The whole text, where the macro knows it.
    pub(crate) fn known(&self) -> Option<&str> {
        match &self.0[..] {
            [] => Some(""),
            [DocPart::Text(text)] => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl ToTokens for Docs {
    /// As `&["…", …]`.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let parts = self.0.iter().map(|part| match part {
            DocPart::Text(text) => quote!(#text),
            DocPart::Unknown { condition: None, text } => text.clone(),
            DocPart::Unknown { condition: Some(condition), text } => quote!(#[cfg(#condition)] #text),
        });
        tokens.extend(quote!(&[#(#parts),*]));
    }
}

/// The lines of one doc attribute without the space that `///` leaves before each.
fn unindented(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end()).collect();
    lines.join("\n")
}

/// The first paragraph of a doc text, on one line.
pub(crate) fn first_paragraph(docs: &str) -> String {
    docs.lines().take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The attributes called `name`, to be copied with their links, spans and conditions.
pub(crate) fn copied(attributes: &[Attribute], name: &str) -> Vec<Conditional> {
    let mut attributes = unfold(attributes);
    attributes.retain(|own| own.path().is_ident(name));
    attributes
}

/// Whether something is deprecated, by itself or by what it is in.
#[derive(Clone, Default)]
pub(crate) struct Deprecated {
    always: bool,
    conditions: Vec<TokenStream>,
}

impl Deprecated {
    pub(crate) fn of(attributes: &[Attribute]) -> Self {
        let mut deprecated = Self::default();
        for own in copied(attributes, "deprecated") {
            match own.condition {
                None => deprecated.always = true,
                Some(condition) => deprecated.conditions.push(condition),
            }
        }
        deprecated
    }

    /// Either of the two.
    pub(crate) fn or(&self, other: &Self) -> Self {
        Self {
            always: self.always || other.always,
            conditions: self.conditions.iter().chain(&other.conditions).cloned().collect(),
        }
    }

    /// Whether it is certain not to be.
    pub(crate) fn never(&self) -> bool {
        !self.always && self.conditions.is_empty()
    }

    /// `.deprecated(…)`, or nothing where it is certain not to be. `private` is the runtime's private module.
    pub(crate) fn call(&self, private: &TokenStream) -> TokenStream {
        let conditions = &self.conditions;
        match self {
            _ if self.never() => TokenStream::new(),
            Self { always: true, .. } => quote!(.deprecated(true)),
            _ => quote!(.deprecated(#private::cfg!(any(#(#conditions),*)))),
        }
    }
}

/// The `#[cfg(…)]` attributes of an item: the conditions under which it exists.
#[derive(Clone, Default)]
pub(crate) struct Cfgs(Vec<TokenStream>);

impl Cfgs {
    pub(crate) fn of(attributes: &[Attribute]) -> Self {
        let conditions = unfold(attributes).into_iter().filter_map(|own| match &own.attribute.meta {
            Meta::List(list) if list.path.is_ident("cfg") => {
                let tokens = &list.tokens;
                Some(match own.condition {
                    None => tokens.clone(),
                    Some(condition) => quote!(any(not(#condition), #tokens)),
                })
            }
            _ => None,
        });
        Self(conditions.collect())
    }

    /// These conditions and those of an item inside.
    pub(crate) fn and(&self, inner: &Self) -> Self {
        Self(self.0.iter().chain(&inner.0).cloned().collect())
    }

    /// Whether there are no conditions.
    pub(crate) fn always(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether both items may exist at once. Two sets of conditions are taken to exclude each other.
    pub(crate) fn may_meet(&self, other: &Self) -> bool {
        self.always() || other.always()
    }

    /// As one condition, for use inside another `cfg`.
    pub(crate) fn condition(&self) -> TokenStream {
        let conditions = &self.0;
        quote!(all(#(#conditions),*))
    }
}

impl ToTokens for Cfgs {
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
        let docs = Docs::of(&item.attrs);
        assert_eq!(docs.known(), Some("A line,\nanother.\n\n    code\nby hand"));
        assert_eq!(first_paragraph(docs.known().unwrap_or_default()), "A line, another.");
        assert_eq!(Docs::of(&[]).known(), Some(""));
    }

    #[test]
    fn docs_that_only_the_compiler_knows() {
        let item: DeriveInput = parse_quote! {
            /// A line.
            #[doc = include_str!("more.md")]
            #[cfg_attr(feature = "x", doc = " Only with x.")]
            struct S;
        };
        let docs = Docs::of(&item.attrs);
        assert_eq!(docs.known(), None);
        let expected = quote!(&[
            "A line.",
            include_str!("more.md"),
            #[cfg(feature = "x")]
            "Only with x."
        ])
        .to_string();
        assert_eq!(docs.to_token_stream().to_string(), expected);
    }
}

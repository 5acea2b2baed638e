//! The signature of a function. The body stays a token stream.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Generics, ReturnType, Token, Type, parenthesized, parse_quote, token};

use super::conditional::unfold;

/// A function with a helper attribute.
pub(crate) struct Function {
    /// `const`, `async`, `unsafe`, `extern "C"`, as written.
    pub(crate) qualifiers: Vec<TokenTree>,
    pub(crate) fn_token: Token![fn],
    pub(crate) ident: Ident,
    /// With the `where` clause.
    pub(crate) generics: Generics,
    pub(crate) paren: token::Paren,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) output: ReturnType,
    /// The block, or the `;` of a function without one.
    pub(crate) body: TokenStream,
}

/// One argument.
pub(crate) enum Argument {
    Typed(Box<Typed>),
    /// `self` in any form.
    Receiver(TokenStream),
    /// `...`, or something that Rust does not allow.
    Odd(TokenStream),
}

/// `pattern: Type`.
pub(crate) struct Typed {
    /// The `#[from(…)]` attributes.
    pub(crate) from: Vec<Attribute>,
    /// A `#[from(…)]` inside of a `#[cfg_attr(…)]`, which it cannot stand in.
    pub(crate) conditional_from: Option<Attribute>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) pattern: TokenStream,
    pub(crate) colon: Token![:],
    pub(crate) ty: Type,
}

impl Function {
    /// The qualifier of that name.
    pub(crate) fn qualifier(&self, name: &str) -> Option<&Ident> {
        self.qualifiers.iter().find_map(|token| match token {
            TokenTree::Ident(word) if word == name => Some(word),
            _ => None,
        })
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut qualifiers = Vec::new();
        while !input.peek(Token![fn]) {
            qualifiers.push(input.parse()?);
        }
        let fn_token = input.parse()?;
        let ident = input.call(Ident::parse_any)?;
        let mut generics: Generics = input.parse()?;
        let content;
        let paren = parenthesized!(content in input);
        let mut arguments = Vec::new();
        while !content.is_empty() {
            arguments.push(content.parse()?);
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        let output = input.parse()?;
        generics.where_clause = input.parse()?;
        let body = input.parse()?;
        Ok(Self { qualifiers, fn_token, ident, generics, paren, arguments, output, body })
    }
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut attributes = input.call(Attribute::parse_outer)?;
        let from = attributes.extract_if(.., |attribute| is_from(attribute)).collect();
        let conditional_from = take_conditional_from(&mut attributes);
        let mut pattern = TokenStream::new();
        let mut is_self = false;
        while !input.is_empty() && !input.peek(Token![,]) && !at_single_colon(input) {
            // `a::b`: take both colons of a path at once.
            if input.peek(Token![::]) {
                input.parse::<Token![::]>()?.to_tokens(&mut pattern);
                continue;
            }
            let token: TokenTree = input.parse()?;
            is_self |= matches!(&token, TokenTree::Ident(word) if word == "self");
            pattern.extend([token]);
        }
        if !input.peek(Token![:]) {
            return Ok(if is_self { Self::Receiver(pattern) } else { Self::Odd(pattern) });
        }
        let colon: Token![:] = input.parse()?;
        if input.peek(Token![...]) {
            let dots: Token![...] = input.parse()?;
            colon.to_tokens(&mut pattern);
            dots.to_tokens(&mut pattern);
            return Ok(Self::Odd(pattern));
        }
        let ty: Type = input.parse()?;
        if is_self {
            colon.to_tokens(&mut pattern);
            ty.to_tokens(&mut pattern);
            return Ok(Self::Receiver(pattern));
        }
        Ok(Self::Typed(Box::new(Typed { from, conditional_from, attributes, pattern, colon, ty })))
    }
}

fn at_single_colon(input: ParseStream<'_>) -> bool {
    input.peek(Token![:]) && !input.peek(Token![::])
}

fn is_from(attribute: &Attribute) -> bool {
    super::helper::ends_with(attribute.path(), "from")
}

fn take_conditional_from(attributes: &mut Vec<Attribute>) -> Option<Attribute> {
    let all = unfold(attributes);
    let found = all.iter().find(|own| is_from(&own.attribute))?.attribute.clone();
    let kept = all.iter().filter(|own| !is_from(&own.attribute));
    *attributes = kept.map(|own| parse_quote!(#own)).collect();
    Some(found)
}

/// Whether the type borrows: a reference or a lifetime other than `'static`, at any depth.
pub(crate) fn borrows(ty: &Type) -> bool {
    fn any(tokens: TokenStream) -> bool {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let borrows = match token {
                TokenTree::Group(group) => any(group.stream()),
                TokenTree::Punct(punct) => match (punct.as_char(), tokens.peek()) {
                    // `&'static T` outlives everything, `&'a T` is found at its lifetime.
                    ('&', Some(TokenTree::Punct(next))) => next.as_char() != '\'',
                    ('&', _) => true,
                    ('\'', Some(TokenTree::Ident(name))) => name != "static",
                    _ => false,
                },
                _ => false,
            };
            if borrows {
                return true;
            }
        }
        false
    }
    any(ty.to_token_stream())
}

/// Whether `impl Trait` stands anywhere in the type.
pub(crate) fn has_impl_trait(ty: &Type) -> bool {
    fn any(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Group(group) => any(group.stream()),
            TokenTree::Ident(word) => word == "impl",
            _ => false,
        })
    }
    any(ty.to_token_stream())
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.qualifiers.iter().cloned());
        self.fn_token.to_tokens(tokens);
        self.ident.to_tokens(tokens);
        self.generics.to_tokens(tokens);
        self.paren.surround(tokens, |tokens| {
            for argument in &self.arguments {
                argument.to_tokens(tokens);
                <Token![,]>::default().to_tokens(tokens);
            }
        });
        self.output.to_tokens(tokens);
        self.generics.where_clause.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}

impl ToTokens for Argument {
    /// The argument as written, without its `#[from(…)]`.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Typed(typed) => {
                for attribute in &typed.attributes {
                    attribute.to_tokens(tokens);
                }
                typed.pattern.to_tokens(tokens);
                typed.colon.to_tokens(tokens);
                typed.ty.to_tokens(tokens);
            }
            Self::Receiver(own) | Self::Odd(own) => own.to_tokens(tokens),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ty(source: &str) -> Type {
        syn::parse_str(source).expect("a type")
    }

    #[test]
    fn what_borrows() {
        for source in
            ["&str", "&mut T", "Option<&'a str>", "Cow<'_, str>", "(u8, [&u8; 3])", "Box<dyn Fn(&u8)>"]
        {
            assert!(borrows(&ty(source)), "{source}");
        }
        for source in ["String", "&'static str", "Cow<'static, str>", "Result<(), Error>", "[u8; 3]"] {
            assert!(!borrows(&ty(source)), "{source}");
        }
    }

    #[test]
    fn a_signature_reads_and_prints() {
        let source = "async fn f ( State (db) : State < Db > , a :: B { x , .. } : a :: B , mut c : u8 , ) -> Result < () , E > { 1 }";
        let function: Function = syn::parse_str(source).expect("a fn");
        assert_eq!(function.arguments.len(), 3);
        let printed = function.to_token_stream().to_string();
        assert_eq!(printed.replace(' ', ""), source.replace(' ', ""));
    }
}

//! Items. Those with helper attributes are parsed in full.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse as _, ParseStream, Parser as _};
use syn::{Attribute, DeriveInput, Token, Visibility, braced, token};

use super::function::Function;
use super::half_typed::is_half_typed;
use super::helper::{Helper, ends_with};
use super::scan::{declared, rest_of_item, what};
use crate::errors::{self, Errors};

/// An item with its helper attributes taken off.
pub(crate) struct Item {
    /// The attributes that are not ours.
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) helpers: Vec<Helper>,
    pub(crate) visibility: Visibility,
    pub(crate) kind: Kind,
}

/// The items that mean something to a router, and the rest.
pub(crate) enum Kind {
    Module(Module),
    /// `mod name;`
    ModuleFile {
        ident: Ident,
        tokens: TokenStream,
    },
    /// A function with a helper attribute.
    Function(Box<Function>),
    /// A struct, an enum or a union with a helper attribute. Its own `attrs` and `vis` are empty.
    Data(Box<DeriveInput>),
    /// `type Name = …;` with a helper attribute.
    Alias {
        ident: Ident,
        tokens: TokenStream,
    },
    /// An item with a helper attribute that cannot be read, which has been reported.
    Unreadable {
        what: &'static str,
        ident: Option<Ident>,
        tokens: TokenStream,
    },
    /// Anything else, and anything without a helper attribute: passed on as written.
    Other {
        /// "a struct", "an impl block", …
        what: &'static str,
        /// What the item declares; none for `use`, `impl`, macros.
        ident: Option<Ident>,
        tokens: TokenStream,
    },
}

/// An inline module.
pub(crate) struct Module {
    pub(crate) mod_token: Token![mod],
    pub(crate) ident: Ident,
    pub(crate) brace: token::Brace,
    /// `#![…]` at its head.
    pub(crate) inner: Vec<Attribute>,
    pub(crate) items: Vec<Item>,
}

impl Module {
    /// `mod ident {}`
    pub(crate) fn empty(ident: Ident) -> Self {
        let (mod_token, brace) = (Token![mod](ident.span()), token::Brace(ident.span()));
        Self { mod_token, ident, brace, inner: Vec::new(), items: Vec::new() }
    }

    /// Whether a helper attribute stands on anything in it: then it is a namespace.
    pub(crate) fn has_helpers(&self) -> bool {
        self.items.iter().any(|item| {
            !item.helpers.is_empty() || matches!(&item.kind, Kind::Module(module) if module.has_helpers())
        })
    }
}

impl Item {
    /// The item's kind in words, for error texts.
    pub(crate) fn what(&self) -> &'static str {
        match &self.kind {
            Kind::Module(_) | Kind::ModuleFile { .. } => "a module",
            Kind::Function(_) => "a fn",
            Kind::Data(data) => match data.data {
                syn::Data::Struct(_) => "a struct",
                syn::Data::Enum(_) => "an enum",
                syn::Data::Union(_) => "a union",
            },
            Kind::Alias { .. } => "a type alias",
            Kind::Other { what, .. } | Kind::Unreadable { what, .. } => what,
        }
    }

    /// What the item declares.
    pub(crate) fn ident(&self) -> Option<&Ident> {
        match &self.kind {
            Kind::Module(module) => Some(&module.ident),
            Kind::ModuleFile { ident, .. } | Kind::Alias { ident, .. } => Some(ident),
            Kind::Function(function) => Some(&function.ident),
            Kind::Data(data) => Some(&data.ident),
            Kind::Other { ident, .. } | Kind::Unreadable { ident, .. } => ident.as_ref(),
        }
    }

    fn parse(input: ParseStream<'_>, errors: &Errors) -> syn::Result<Self> {
        let mut attributes = input.call(Attribute::parse_outer)?;
        let helpers = Helper::split(&mut attributes, errors);
        let visibility = input.parse()?;
        let kind = if input.peek(Token![mod]) {
            module(input, errors)?
        } else {
            let rest = rest_of_item(input)?;
            if helpers.is_empty() { other(rest) } else { annotated(rest, errors) }
        };
        Ok(Self { attributes, helpers, visibility, kind })
    }
}

/// Reads tokens that are exactly one item.
pub(crate) fn parse_one(tokens: TokenStream, errors: &Errors) -> syn::Result<Item> {
    (|input: ParseStream<'_>| Item::parse(input, errors)).parse2(tokens)
}

fn module(input: ParseStream<'_>, errors: &Errors) -> syn::Result<Kind> {
    let mod_token: Token![mod] = input.parse()?;
    let ident = input.call(Ident::parse_any)?;
    if input.peek(Token![;]) {
        let semi: Token![;] = input.parse()?;
        return Ok(Kind::ModuleFile { tokens: quote!(#mod_token #ident #semi), ident });
    }
    let content;
    let brace = braced!(content in input);
    let inner = content.call(Attribute::parse_inner)?;
    let mut items = Vec::new();
    while !content.is_empty() {
        let mut item = Item::parse(&content, errors)?;
        if let Kind::Module(inner) = &item.kind
            && let Some(second) = take_router(&mut item.attributes)
        {
            errors.push(errors::router_in_a_router(&second, &inner.ident));
        }
        items.push(item);
    }
    Ok(Kind::Module(Module { mod_token, ident, brace, inner, items }))
}

/// Takes a `#[zocket::router]` out of the attributes of a module that is (in) a router already.
pub(crate) fn take_router(attributes: &mut Vec<Attribute>) -> Option<Attribute> {
    let is_router = |own: &Attribute| ends_with(own.path(), "router") && own.path().segments.len() < 3;
    let mut found = attributes.extract_if(.., |own| is_router(own));
    let first = found.next();
    found.for_each(drop);
    first
}

/// Parses an item with a helper attribute. One that cannot be parsed is reported.
fn annotated(rest: TokenStream, errors: &Errors) -> Kind {
    let parsed = match what(&rest) {
        "a fn" => Function::parse.parse2(rest.clone()).map(|function| Kind::Function(Box::new(function))),
        "a struct" | "an enum" | "a union" => {
            DeriveInput::parse.parse2(rest.clone()).map(|data| Kind::Data(Box::new(data)))
        }
        _ => Ok(match other(rest.clone()) {
            Kind::Other { what: "a type alias", ident: Some(ident), tokens } => Kind::Alias { ident, tokens },
            other => other,
        }),
    };
    parsed.unwrap_or_else(|error| {
        // What is no Rust has been reported by the compiler, before the macro ran.
        match is_half_typed(&rest) {
            true => errors.reported_elsewhere(),
            false => errors.push(errors::unreadable(error)),
        }
        let what = what(&rest);
        Kind::Unreadable { what, ident: declared(&rest, what), tokens: rest }
    })
}

fn other(tokens: TokenStream) -> Kind {
    let what = what(&tokens);
    Kind::Other { what, ident: declared(&tokens, what), tokens }
}

impl quote::ToTokens for Item {
    /// The item as written, without its helper attributes.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for attribute in &self.attributes {
            attribute.to_tokens(tokens);
        }
        self.visibility.to_tokens(tokens);
        self.kind.to_tokens(tokens);
    }
}

impl quote::ToTokens for Kind {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Module(module) => module.with(&module.items, &TokenStream::new(), tokens),
            Self::ModuleFile { tokens: own, .. }
            | Self::Alias { tokens: own, .. }
            | Self::Unreadable { tokens: own, .. }
            | Self::Other { tokens: own, .. } => own.to_tokens(tokens),
            Self::Function(function) => function.to_tokens(tokens),
            Self::Data(data) => data.to_tokens(tokens),
        }
    }
}

impl Module {
    /// Writes the module with `items` for its content and `added` at its end.
    pub(crate) fn with<T: quote::ToTokens>(
        &self,
        items: &[T],
        added: &TokenStream,
        tokens: &mut TokenStream,
    ) {
        self.mod_token.to_tokens(tokens);
        self.ident.to_tokens(tokens);
        self.brace.surround(tokens, |tokens| {
            for attribute in &self.inner {
                attribute.to_tokens(tokens);
            }
            for item in items {
                item.to_tokens(tokens);
            }
            added.to_tokens(tokens);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every form an item can end in, in one module.
    const ITEMS: &str = r#"mod all {
        #![allow(dead_code)]
        use std::{fmt, io::{self, Read}};
        extern crate core as other;
        const BLOCK: usize = { 3 };
        const _: () = { assert!(1 < 2); };
        const CALL: fn(u8) -> u8 = f;
        static mut STATE: Wrapper<{ 1 }> = Wrapper { a: 1 };
        type Alias<T> = Vec<Wrapper<{ 2 }, T>>;
        impl Trait<{ 3 }> for Wrapper<{ N }> where [(); { 1 }]: Sized { fn inner() {} }
        unsafe impl<T: Fn() -> u8> Send for S<T> {}
        trait Trait<const N: usize> { const X: usize = { 1 }; }
        struct Unit;
        struct Defaulted<const N: usize = { 1 }>;
        struct Tuple<T>(T) where T: Fn(u8) -> Wrapper<{ 1 }>;
        struct Named<T> where T: Into<Vec<u8>> { a: T }
        enum Numbered { A = { 1 }, B }
        union Both { a: u8, b: i8 }
        fn plain() -> Result<Vec<u8>, Wrapper<{ 1 }>> { if 1 < 2 {} loop {} }
        const unsafe extern "C" fn qualified<const N: usize>() {}
        async fn later<T>(x: T) where T: Fn() -> Wrapper<{ 1 }> {}
        extern "C" { fn foreign(); }
        unsafe extern "C" fn ours() {}
        macro_rules! braces { () => { ; } }
        macro_rules! parens ( () => { } );
        braces! { a ; b }
        parens!(a < b);
        path::to::brackets![a];
        mod inner { fn f() {} }
        pub(in crate::a) mod file;
    }"#;

    fn module(source: &str) -> Module {
        let errors = Errors::default();
        let item = parse_one(source.parse().expect("tokens"), &errors).expect("an item");
        assert!(errors.take().is_none());
        let Kind::Module(module) = item.kind else { panic!("a module") };
        module
    }

    #[test]
    fn every_item_ends_where_it_ends() {
        let module = module(ITEMS);
        // One line an item: the module's first and last line are not items, nor is the inner attribute.
        assert_eq!(module.items.len(), ITEMS.lines().count() - 3);
        let found: Vec<_> = module
            .items
            .iter()
            .map(|item| (item.what(), item.ident().map(ToString::to_string).unwrap_or_default()))
            .collect();
        let found: Vec<_> = found.iter().map(|(what, name)| (*what, name.as_str())).collect();
        let expected = [
            ("an import", ""),
            ("an extern block", ""),
            ("a const", "BLOCK"),
            ("a const", "_"),
            ("a const", "CALL"),
            ("a static", ""),
            ("a type alias", "Alias"),
            ("an impl block", ""),
            ("an impl block", ""),
            ("a trait", "Trait"),
            ("a struct", "Unit"),
            ("a struct", "Defaulted"),
            ("a struct", "Tuple"),
            ("a struct", "Named"),
            ("an enum", "Numbered"),
            ("a union", "Both"),
            ("a fn", "plain"),
            ("a fn", "qualified"),
            ("a fn", "later"),
            ("an extern block", ""),
            ("a fn", "ours"),
            ("a macro call", ""),
            ("a macro call", ""),
            ("a macro call", ""),
            ("a macro call", ""),
            ("a macro call", ""),
            ("a module", "inner"),
            ("a module", "file"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_not_ours_passes_through_unchanged() {
        let written: TokenStream = ITEMS.parse().expect("tokens");
        let errors = Errors::default();
        let item = parse_one(written.clone(), &errors).expect("an item");
        assert!(errors.take().is_none());
        let without_spaces = |tokens: TokenStream| tokens.to_string().replace(' ', "");
        assert_eq!(without_spaces(item.to_token_stream()), without_spaces(written));
    }
}

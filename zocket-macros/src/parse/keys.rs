//! Reads the keys in an attribute's parentheses against the table of those it takes.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{LitStr, Path, Token, Type};

use crate::errors::{self, Errors};
use crate::vocabulary::{Key, Takes};

enum Value {
    Flag,
    Text(LitStr),
    Type(Type),
    Path(Path),
}

/// The keys that were given, each at most once.
#[derive(Default)]
pub(crate) struct Keys(Vec<(&'static str, Value)>);

impl Keys {
    /// Reads `tokens` (what stood in the parentheses) for the attribute `owner`.
    pub(crate) fn parse(owner: &str, table: &'static [Key], tokens: TokenStream, errors: &Errors) -> Self {
        let mut keys = Self::default();
        let read = |input: ParseStream<'_>| {
            while !input.is_empty() {
                if let Err(error) = keys.one(owner, table, input, errors) {
                    errors.push(error);
                    skip_to_comma(input);
                }
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            }
            Ok(())
        };
        if let Err(error) = read.parse2(tokens) {
            errors.push(error);
        }
        keys
    }

    fn one(
        &mut self,
        owner: &str,
        table: &'static [Key],
        input: ParseStream<'_>,
        errors: &Errors,
    ) -> syn::Result<()> {
        let ident =
            input.call(Ident::parse_any).map_err(|error| errors::no_key(error.span(), owner, table))?;
        let Some(key) = table.iter().find(|key| ident == key.name) else {
            return Err(errors::unknown_key(&ident, owner, table));
        };
        let value = match key.takes {
            Takes::Flag if input.is_empty() || input.peek(Token![,]) => Value::Flag,
            Takes::Flag => return Err(errors::key_without_value(&ident, owner)),
            _ if !input.peek(Token![=]) => return Err(errors::key_needs_value(&ident, key)),
            takes => {
                input.parse::<Token![=]>()?;
                value(takes, input).map_err(|error| errors::key_of_wrong_kind(error.span(), key))?
            }
        };
        if self.0.iter().any(|(name, _)| *name == key.name) {
            errors.push(errors::repeated_key(&ident, owner));
        } else {
            self.0.push((key.name, value));
        }
        Ok(())
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.0.iter().any(|(key, value)| *key == name && matches!(value, Value::Flag))
    }

    pub(crate) fn text(&self, name: &str) -> Option<LitStr> {
        self.0.iter().find_map(|(key, value)| match value {
            Value::Text(text) if *key == name => Some(text.clone()),
            _ => None,
        })
    }

    pub(crate) fn ty(&self, name: &str) -> Option<Type> {
        self.0.iter().find_map(|(key, value)| match value {
            Value::Type(ty) if *key == name => Some(ty.clone()),
            _ => None,
        })
    }

    pub(crate) fn path(&self, name: &str) -> Option<Path> {
        self.0.iter().find_map(|(key, value)| match value {
            Value::Path(path) if *key == name => Some(path.clone()),
            _ => None,
        })
    }
}

fn value(takes: Takes, input: ParseStream<'_>) -> syn::Result<Value> {
    match takes {
        Takes::Flag => unreachable!("a flag has no value"),
        Takes::Text => input.parse().map(Value::Text),
        Takes::Type => input.parse().map(Value::Type),
        Takes::Path if input.peek(LitStr) => {
            let text: LitStr = input.parse()?;
            text.parse_with(Path::parse_mod_style).map(Value::Path)
        }
        Takes::Path => input.call(Path::parse_mod_style).map(Value::Path),
    }
}

/// So that one wrong key does not hide an error in the next.
fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        // Infallible here: the input is not empty, and any token tree will do.
        let _skipped: syn::Result<proc_macro2::TokenTree> = input.parse();
    }
}

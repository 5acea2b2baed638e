//! The user's items of a faulty router, such that the compiler does not report a second time what the macro has reported.

use proc_macro2::{Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::ReturnType;

use crate::model::assignments;
use crate::parse::function::{Argument, Function, borrows};
use crate::parse::item::{Item, Kind};
use crate::parse::scan::without_helpers;

/// What is written in the place of `item`; none where it can stay as it is.
pub(crate) fn stand_in(item: &Item) -> Option<TokenStream> {
    let (attributes, visibility) = (&item.attributes, &item.visibility);
    match &item.kind {
        Kind::Function(function) if is_no_rust(function) => {
            let function = sound(function);
            Some(quote!(#(#attributes)* #[allow(unused)] #visibility #function))
        }
        // Its body speaks of arguments that the compiler has not read.
        Kind::Unreadable { what: "a fn", .. } => Some(TokenStream::new()),
        Kind::ModuleFile { ident, .. } => Some(quote!(#visibility mod #ident {})),
        Kind::Other { what: "an impl block" | "a trait" | "a macro call", tokens, .. } => {
            let tokens = without_helpers(tokens.clone());
            Some(quote!(#(#attributes)* #visibility #tokens))
        }
        _ => None,
    }
}

/// Whether it is nothing that could stand in a module: it has a `self`, it is `const async`, it borrows from nobody.
fn is_no_rust(function: &Function) -> bool {
    let has_receiver = function.arguments.iter().any(|own| !matches!(own, Argument::Typed(_)));
    let lends = |own: &Argument| matches!(own, Argument::Typed(own) if borrows(&own.ty));
    has_receiver
        || function.qualifier("const").is_some()
        // This the compiler would say as well, in words of its own.
        || !assignments::to_context(function).is_empty()
        || (returns_borrow(function) && !function.arguments.iter().any(lends))
}

fn returns_borrow(function: &Function) -> bool {
    matches!(&function.output, ReturnType::Type(_, ty) if borrows(ty))
}

/// The function by its name, with what is left of its signature and without its body.
fn sound(function: &Function) -> TokenStream {
    let Function { qualifiers, fn_token, ident, generics, arguments, output, .. } = function;
    let qualifiers =
        qualifiers.iter().filter(|token| !matches!(token, TokenTree::Ident(word) if word == "const"));
    let arguments = arguments.iter().filter(|own| matches!(own, Argument::Typed(_)));
    let clause = &generics.where_clause;
    let output = match returns_borrow(function) {
        true => for_ever(output.to_token_stream()),
        false => output.to_token_stream(),
    };
    quote!(#(#qualifiers)* #fn_token #ident #generics (#(#arguments),*) #output #clause { loop {} })
}

/// `&T` as `&'static T`, `'_` as `'static`.
fn for_ever(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut made = TokenStream::new();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let inner = for_ever(group.stream());
                made.extend([TokenTree::Group(proc_macro2::Group::new(group.delimiter(), inner))]);
            }
            TokenTree::Punct(punct) if punct.as_char() == '&' => {
                let has_lifetime =
                    matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == '\'');
                made.extend([TokenTree::Punct(punct)]);
                if !has_lifetime {
                    made.extend(of_static());
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                tokens.next();
                made.extend(of_static());
            }
            token => made.extend([token]),
        }
    }
    made
}

fn of_static() -> [TokenTree; 2] {
    [Punct::new('\'', Spacing::Joint).into(), Ident::new("static", Span::call_site()).into()]
}

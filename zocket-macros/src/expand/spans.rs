//! Where the compiler's errors about generated code are shown.
//!
//! A trait that a user's type lacks is required at several places in the generated code: the type itself, the call, its
//! `.await`. The compiler reports it once if they all share one span, and once each otherwise. So they all get the span
//! of the one user's token that shows the fault best.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::Type;
use syn::spanned::Spanned as _;

/// The token of the type to show: the last name of a path, or else its first token.
pub(crate) fn of_type(ty: &Type) -> Span {
    match ty {
        Type::Path(path) => path.path.segments.last().map_or_else(|| ty.span(), |last| last.ident.span()),
        _ => ty.span(),
    }
}

/// The type, with all spans at its one token.
pub(crate) fn at_one_token(ty: &Type) -> TokenStream {
    let span = of_type(ty);
    // Names still resolve where they were written.
    moved(ty.to_token_stream(), &|token| token.located_at(span))
}

/// Generated tokens, as if written at `span`.
pub(crate) fn respanned(tokens: &TokenStream, span: Span) -> TokenStream {
    moved(tokens.clone(), &|_| span)
}

fn moved(tokens: TokenStream, span: &dyn Fn(Span) -> Span) -> TokenStream {
    let token = |mut token: TokenTree| {
        if let TokenTree::Group(group) = token {
            let inner = moved(group.stream(), span);
            let mut moved = Group::new(group.delimiter(), inner);
            moved.set_span(span(group.span()));
            return TokenTree::Group(moved);
        }
        // The span of `$crate` says which crate it means.
        if !matches!(&token, TokenTree::Ident(word) if word == "$crate") {
            token.set_span(span(token.span()));
        }
        token
    };
    tokens.into_iter().map(token).collect()
}

//! The names generated code uses, as seen from one module.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::spans;
use crate::model::{Namespace, Router};
use crate::parse::options::Krate;

/// Where generated code stands, and what it calls things there.
pub(crate) struct Scope {
    /// `::zocket`.
    pub(crate) krate: TokenStream,
    /// `::zocket::__private`.
    pub(crate) private: TokenStream,
    /// The router's context.
    pub(crate) context: TokenStream,
    /// The router's state.
    pub(crate) state: TokenStream,
    /// The static that stands for the router.
    pub(crate) anchor: TokenStream,
    /// Of generated locals: out of the user's sight, and he out of theirs.
    pub(crate) span: Span,
}

impl Scope {
    /// Inside `namespace`.
    pub(crate) fn inside(router: &Router, namespace: &Namespace) -> Self {
        let up: TokenStream = namespace.path.iter().map(|_| quote!(super::)).collect();
        let mut scope = Self::outside(&router.krate);
        scope.context = quote!(#up __ZocketContext);
        scope.state = quote!(#up __ZocketState);
        scope.anchor = quote!(#up __ZOCKET);
        scope
    }

    /// Outside of any router.
    pub(crate) fn outside(krate: &Krate) -> Self {
        let krate = krate.root();
        let nowhere = TokenStream::new();
        Self {
            private: quote!(#krate::__private),
            krate,
            context: nowhere.clone(),
            state: nowhere.clone(),
            anchor: nowhere,
            span: Span::mixed_site(),
        }
    }

    /// The same names, as if written at `span`.
    pub(crate) fn shown_at(&self, span: Span) -> Self {
        let moved = |tokens: &TokenStream| spans::shown_at(tokens, span);
        Self {
            krate: moved(&self.krate),
            private: moved(&self.private),
            context: moved(&self.context),
            state: moved(&self.state),
            anchor: moved(&self.anchor),
            span: self.span,
        }
    }

    /// A local of generated code.
    pub(crate) fn local(&self, name: &str) -> Ident {
        Ident::new(name, self.span)
    }

    /// `At::new(file, line, name)` for the item `ident`: routes that clash at run time are named with it.
    pub(crate) fn at(&self, ident: &Ident) -> TokenStream {
        let private = &self.private;
        let name = ident.to_string();
        // With the item's span the line is that of the item, not that of the attribute.
        let span = ident.span();
        let here = self.shown_at(span).private;
        let place = quote_spanned!(span=> #here::file!(), #here::line!());
        quote!(#private::At::new(#place, #name))
    }
}

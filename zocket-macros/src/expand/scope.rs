//! The names generated code uses, as seen from one module.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{LitStr, Path};

use super::spans;
use crate::model::{Namespace, Router, resolve};
use crate::parse::options::Krate;

/// Where generated code stands, and what it calls things there.
pub(crate) struct Scope {
    /// `::zocket`.
    pub(crate) krate: TokenStream,
    /// `::zocket::__private`.
    pub(crate) private: TokenStream,
    /// The router's context.
    pub(crate) context: TokenStream,
    /// Where the context is declared or named; none where there is none.
    pub(crate) context_at: Option<Span>,
    /// The router's state.
    pub(crate) state: TokenStream,
    /// The static that stands for the router.
    pub(crate) anchor: TokenStream,
    /// The hygienic span of generated locals.
    pub(crate) span: Span,
    /// How the router renames fields.
    pub(crate) fields: Option<LitStr>,
    /// Whether `zocket::testing` is there.
    pub(crate) testing: bool,
    /// The paths that are known to name a middleware of this router.
    pub(crate) middlewares: Vec<String>,
}

impl Scope {
    /// Inside `namespace`.
    pub(crate) fn inside(router: &Router, namespace: &Namespace) -> Self {
        let up: TokenStream = namespace.path.iter().map(|_| quote!(super::)).collect();
        let mut scope = Self::outside(&router.krate, router.testing);
        scope.context = quote!(#up __ZocketContext);
        let key = router.context_key.as_ref().map(spans::of_type);
        scope.context_at = key.or_else(|| router.contexts.first().map(|own| own.ident.span()));
        scope.state = quote!(#up __ZocketState);
        scope.anchor = quote!(#up __ZOCKET);
        scope.fields.clone_from(&router.fields);
        let known =
            named(router, namespace).filter(|path| resolve::middleware(router, namespace, path).is_some());
        scope.middlewares = known.map(text).collect();
        scope
    }

    /// Outside of any router.
    pub(crate) fn outside(krate: &Krate, testing: bool) -> Self {
        let krate = krate.root();
        let nowhere = TokenStream::new();
        Self {
            private: quote!(#krate::__private),
            krate,
            context: nowhere.clone(),
            context_at: None,
            state: nowhere.clone(),
            anchor: nowhere,
            span: Span::mixed_site(),
            fields: None,
            testing,
            middlewares: Vec::new(),
        }
    }

    /// The same names, as if written at `span`.
    pub(crate) fn respanned(&self, span: Span) -> Self {
        let moved = |tokens: &TokenStream| spans::respanned(tokens, span);
        Self {
            krate: moved(&self.krate),
            private: moved(&self.private),
            context: moved(&self.context),
            context_at: self.context_at,
            state: moved(&self.state),
            anchor: moved(&self.anchor),
            span: self.span,
            fields: None,
            testing: self.testing,
            middlewares: Vec::new(),
        }
    }

    /// What is done with the middleware `path`; `written` gets the type to do it with.
    ///
    /// A path that leads out of the router may lead to a fn without `#[middleware]`. The name of a type is then free, and is
    /// what the glob import says: the compiler speaks of a middleware that is none, and not of a type that it did not find.
    pub(crate) fn with_middleware(
        &self,
        path: &Path,
        written: impl FnOnce(&TokenStream) -> TokenStream,
    ) -> TokenStream {
        if self.middlewares.contains(&text(path)) {
            return written(&path.to_token_stream());
        }
        let span = path.segments.last().map_or_else(|| path.span(), |last| last.ident.span());
        let private = self.respanned(span).private;
        let written = written(&quote_spanned!(span=> __ZocketMiddleware));
        quote_spanned! {span=>
            {
                #[allow(unused_imports)]
                use #private::no_middleware::*;
                #[allow(unused_imports)]
                use #path as __ZocketMiddleware;
                #written
            }
        }
    }

    /// A local of generated code.
    pub(crate) fn local(&self, name: &str) -> Ident {
        Ident::new(name, self.span)
    }

    /// Says to the registry that the context may be shared between threads. A context that may not be is reported at its
    /// declaration.
    pub(crate) fn contexts(&self) -> TokenStream {
        let span = self.context_at.unwrap_or(self.span);
        let Self { private, context, .. } = self.respanned(span);
        quote_spanned!(span=> #private::contexts::<#context>())
    }

    /// The same again, in each function that uses the context: what is wrong with one that has failed to compile is not
    /// reported, and so the future of a handler is not.
    pub(crate) fn context_check(&self) -> Option<TokenStream> {
        self.context_at.map(|_| {
            let contexts = self.contexts();
            quote!(let _ = #contexts;)
        })
    }

    /// `At::new(file, line, name)` for the item `ident`: routes that clash at run time are named with it.
    pub(crate) fn at(&self, ident: &Ident) -> TokenStream {
        let private = &self.private;
        let name = ident.to_string();
        // With the item's span the line is that of the item, not that of the attribute.
        let span = ident.span();
        let here = self.respanned(span).private;
        let place = quote_spanned!(span=> #here::file!(), #here::line!());
        quote!(#private::At::new(#place, #name))
    }
}

/// Every path in the namespace that names a middleware.
fn named<'r>(router: &'r Router, namespace: &'r Namespace) -> impl Iterator<Item = &'r Path> {
    let hooks = router.on_connect.iter().chain(&router.on_disconnect).filter(|_| namespace.is_root());
    let signatures = hooks.map(|hook| &hook.signature);
    let signatures = signatures.chain(namespace.middleware.iter().map(|own| &own.signature));
    let signatures = signatures.chain(namespace.incoming.iter().map(|own| &own.signature));
    let from = signatures.flat_map(|own| &own.arguments).filter_map(|argument| argument.from.as_ref());
    let of_router = namespace.guards.iter().filter(|_| namespace.is_root());
    let guards = namespace.incoming.iter().flat_map(|own| &own.guards);
    from.chain(of_router).chain(guards).chain(namespace.children.iter().flat_map(|child| &child.guards))
}

fn text(path: &Path) -> String {
    path.to_token_stream().to_string()
}

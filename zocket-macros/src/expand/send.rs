//! `pub mod send`: a fn for each message, in modules like the router's own.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::scope::Scope;
use crate::model::{Namespace, Outgoing, Router};

pub(crate) fn write(router: &Router, scope: &Scope) -> TokenStream {
    let (senders, modules) = content(&router.root, scope);
    let name = router.root.ident.to_string();
    let docs = format!(
        " Typed senders for the messages of `{name}`: each makes a message, which goes out with `.broadcast()`, \
         `.to(…)` or `.to_room(…)`."
    );
    quote! {
        #[doc = #docs]
        pub mod send {
            #senders
            #modules
        }
    }
}

/// `send` for the nested namespaces, which see it whether they import it or not: a glob gives way to any other name.
pub(crate) fn for_namespaces(router: &Router) -> Option<TokenStream> {
    (!router.root.children.is_empty()).then(|| {
        quote! {
            #[doc(hidden)]
            mod __zocket_send {
                pub(super) use super::send;
            }
        }
    })
}

/// In a nested namespace: the import of `send`.
pub(crate) fn in_scope(router: &Router, namespace: &Namespace) -> Option<TokenStream> {
    let is_free = !router.name_clashes.iter().any(|taken| taken == "send");
    let up = namespace.path.iter().map(|_| quote!(super::));
    is_free.then(|| quote!(#[allow(unused_imports)] use #(#up)* __zocket_send::*;))
}

/// The fns of the namespace's own messages, and the modules of those below it.
fn content(namespace: &Namespace, scope: &Scope) -> (TokenStream, TokenStream) {
    // Two of one name have been reported; a second fn would only repeat it.
    let repeats = |index: usize, own: &Outgoing| {
        let same = |earlier: &Outgoing| earlier.sender == own.sender && earlier.cfgs.may_meet(&own.cfgs);
        namespace.outgoing[..index].iter().any(same)
    };
    let senders = namespace.outgoing.iter().enumerate().filter(|(index, own)| !repeats(*index, own));
    let senders = senders.map(|(_, own)| sender(own, namespace, scope)).collect();
    let senders: TokenStream = senders;
    let refused = namespace.refused.iter().map(|sender| refused(sender, scope));
    let senders = quote!(#senders #(#refused)*);
    let holds_messages = |child: &&Namespace| {
        child.walk().iter().any(|own| !(own.outgoing.is_empty() && own.refused.is_empty()))
    };
    let modules = namespace.children.iter().filter(holds_messages).map(|child| {
        let (senders, modules) = content(child, scope);
        let (ident, cfgs) = (&child.ident, &child.cfgs);
        let docs = format!(" Typed senders for the messages of `{}`.", child.route.name);
        quote!(#cfgs #[doc = #docs] pub mod #ident { #senders #modules })
    });
    (senders, modules.collect())
}

/// In the place of the sender of a message that has been refused: the code that calls it need not be.
fn refused(sender: &Ident, scope: &Scope) -> TokenStream {
    let Scope { krate, private, .. } = scope;
    quote! {
        #[allow(dead_code)]
        pub fn #sender<M>(_: M) -> #krate::Message<#private::Refused> {
            loop {}
        }
    }
}

fn sender(outgoing: &Outgoing, namespace: &Namespace, scope: &Scope) -> TokenStream {
    let krate = &scope.krate;
    let Outgoing { ident, visibility, sender, doc_attributes, deprecated_attributes, cfgs, .. } = outgoing;
    // Up from `send` and its modules to the root, then down to the type.
    let up: TokenStream = std::iter::repeat_n(quote!(super::), namespace.path.len() + 1).collect();
    let down = &namespace.path;
    let ty = quote!(#up #(#down::)* #ident);
    let message = scope.local("message");
    let route = &outgoing.route.name;
    let docs = if doc_attributes.is_empty() {
        let text = format!(" Makes the message `{route}`.");
        quote!(#[doc = #text])
    } else {
        let text = format!(" Route: `{route}`.");
        quote!(#(#doc_attributes)* #[doc = ""] #[doc = #text])
    };
    let allow_deprecated = (!outgoing.deprecated.never()).then(|| quote!(#[allow(deprecated)]));
    quote! {
        #cfgs
        #docs
        #(#deprecated_attributes)*
        #allow_deprecated
        #visibility fn #sender(#message: #ty) -> #krate::Message<#ty> {
            #krate::Message::new(#message)
        }
    }
}

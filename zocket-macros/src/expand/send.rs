//! `pub mod send`: a fn for each message, in modules like the router's own.

use proc_macro2::TokenStream;
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

/// The fns of the namespace's own messages, and the modules of those below it.
fn content(namespace: &Namespace, scope: &Scope) -> (TokenStream, TokenStream) {
    // Where two have one name there is an error, which a second fn of that name would only repeat.
    let repeats = |index: usize, own: &Outgoing| {
        let same = |earlier: &Outgoing| earlier.sender == own.sender && earlier.cfgs.may_meet(&own.cfgs);
        namespace.outgoing[..index].iter().any(same)
    };
    let senders = namespace.outgoing.iter().enumerate().filter(|(index, own)| !repeats(*index, own));
    let senders = senders.map(|(_, own)| sender(own, namespace, scope)).collect();
    let holds_messages = |child: &&Namespace| child.walk().iter().any(|own| !own.outgoing.is_empty());
    let modules = namespace.children.iter().filter(holds_messages).map(|child| {
        let (senders, modules) = content(child, scope);
        let (ident, cfgs) = (&child.ident, &child.cfgs);
        let docs = format!(" Typed senders for the messages of `{}`.", child.route.name);
        quote!(#cfgs #[doc = #docs] pub mod #ident { #senders #modules })
    });
    (senders, modules.collect())
}

fn sender(outgoing: &Outgoing, namespace: &Namespace, scope: &Scope) -> TokenStream {
    let krate = &scope.krate;
    let Outgoing { ident, visibility, sender, doc_attributes, deprecated, cfgs, .. } = outgoing;
    // Up from `send` and the modules in it to the root, and down again to the type.
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
    let allow_deprecated = deprecated.as_ref().map(|_| quote!(#[allow(deprecated)]));
    quote! {
        #cfgs
        #docs
        #deprecated
        #allow_deprecated
        #visibility fn #sender(#message: #ty) -> #krate::Message<#ty> {
            #krate::Message::new(#message)
        }
    }
}

//! The generated `send` module: its names are free, its messages within reach.

use syn::Visibility;

use crate::errors::{self, Errors};
use crate::model::{Namespace, Outgoing, Router};

/// `router`, `contract` and `send` are the router's own names in the root.
pub(super) fn names_are_free(router: &Router, errors: &Errors) {
    for ident in &router.name_clashes {
        errors.push(errors::name_taken(ident));
    }
}

/// Two messages of one namespace whose fns in `send` would have the same name, though their routes differ.
pub(super) fn differ(router: &Router, errors: &Errors) {
    for namespace in router.root.walk() {
        for (at, second) in namespace.outgoing.iter().enumerate() {
            let clash = |first: &&Outgoing| {
                first.sender == second.sender
                    && first.route.name != second.route.name
                    && first.cfgs.may_meet(&second.cfgs)
            };
            if let Some(first) = namespace.outgoing[..at].iter().find(clash) {
                errors.push(errors::senders_clash(&second.ident, &first.ident, &second.sender));
            }
        }
    }
}

/// `send` is in the root: it sees every namespace of the root whatever its visibility, but no private one further down.
pub(super) fn reach_their_messages(router: &Router, errors: &Errors) {
    for namespace in router.root.walk() {
        let holds_messages = namespace.walk().iter().any(|inner| !inner.outgoing.is_empty());
        if holds_messages && !seen_from_root(namespace) {
            errors.push(errors::namespace_out_of_reach(&namespace.visibility, &namespace.ident));
        }
    }
}

fn seen_from_root(namespace: &Namespace) -> bool {
    let depth = namespace.path.len();
    match &namespace.visibility {
        _ if depth < 2 => true,
        Visibility::Public(_) => true,
        Visibility::Inherited => false,
        // `pub(in …)` is left for rustc to judge.
        Visibility::Restricted(within) => {
            !within.path.is_ident("self") && (depth == 2 || !within.path.is_ident("super"))
        }
    }
}

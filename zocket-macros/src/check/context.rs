//! The context: named once, made on connect, asked for only where there is one.

use crate::errors::{self, Errors};
use crate::model::Router;

pub(super) fn key_and_attribute(router: &Router, errors: &Errors) {
    if let (Some(_), Some(declared)) = (&router.context_key, router.contexts.first()) {
        errors.push(errors::context_key_and_attribute(&declared.ident));
    }
}

/// With `context = …` another router of the same server may make it.
pub(super) fn is_made_on_connect(router: &Router, errors: &Errors) {
    if let Some(declared) = router.contexts.first().filter(|_| router.on_connect.is_empty()) {
        errors.push(errors::context_without_on_connect(&declared.ident));
    }
}

pub(super) fn is_there_where_asked_for(router: &Router, errors: &Errors) {
    if router.context_key.is_some() || !router.contexts.is_empty() {
        return;
    }
    for (_, signature, _) in router.signatures() {
        for argument in &signature.arguments {
            let asked = argument.inside("Ctx").filter(|_| argument.from.is_none());
            if let Some(asked) = asked.filter(|ty| !crate::model::signature::is_unit(ty)) {
                // Whoever else asks for it lacks the same.
                return errors.push(errors::context_missing(&argument.ty, asked));
            }
        }
    }
}

//! The state: one type for the whole router.

use quote::ToTokens as _;

use crate::errors::{self, Errors};
use crate::model::Router;
use crate::model::attributes::Cfgs;

/// With `state = …` the parts come from the whole by `FromRef`, which rustc checks.
pub(super) fn is_one(router: &Router, errors: &Errors) {
    if router.state_key.is_some() {
        return;
    }
    let mut seen: Vec<(&syn::Type, String, Cfgs)> = Vec::new();
    for (_, signature, cfgs) in router.signatures() {
        for argument in signature.arguments.iter().filter(|argument| argument.from.is_none()) {
            let Some(ty) = argument.inside("State") else { continue };
            let text = ty.to_token_stream().to_string();
            let other = seen.iter().find(|(_, first, around)| *first != text && around.may_meet(&cfgs));
            if let Some((first, ..)) = other {
                errors.push(errors::two_kinds_of_state(first, ty));
                return;
            }
            seen.push((ty, text, cfgs.clone()));
        }
    }
}

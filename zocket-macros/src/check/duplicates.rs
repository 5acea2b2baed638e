//! What a router has at most one of.

use proc_macro2::Ident;

use crate::errors::{self, Errors};
use crate::model::attributes::Cfgs;
use crate::model::{Declared, Hook, Router};
use crate::vocabulary::Role;

pub(super) fn headers(router: &Router, errors: &Errors) {
    at_most_one(Role::Headers, router.headers.iter().map(declared), errors);
}

pub(super) fn context(router: &Router, errors: &Errors) {
    at_most_one(Role::Context, router.contexts.iter().map(declared), errors);
}

pub(super) fn on_connect(router: &Router, errors: &Errors) {
    at_most_one(Role::OnConnect, router.on_connect.iter().map(hook), errors);
}

pub(super) fn on_disconnect(router: &Router, errors: &Errors) {
    at_most_one(Role::OnDisconnect, router.on_disconnect.iter().map(hook), errors);
}

type Named<'a> = (&'a Ident, &'a Cfgs);

fn declared(declared: &Declared) -> Named<'_> {
    (&declared.ident, &declared.cfgs)
}

fn hook(hook: &Hook) -> Named<'_> {
    (&hook.signature.ident, &hook.cfgs)
}

fn at_most_one<'a>(role: Role, all: impl Iterator<Item = Named<'a>>, errors: &Errors) {
    let all: Vec<_> = all.collect();
    for (at, (second, cfgs)) in all.iter().enumerate() {
        if let Some((first, _)) = all[..at].iter().find(|(_, earlier)| earlier.may_meet(cfgs)) {
            errors.push(errors::two_of_a_kind(role, second, first));
        }
    }
}

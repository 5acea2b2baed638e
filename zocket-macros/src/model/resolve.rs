//! Which of the router's own middlewares a path names, as far as the module alone can tell.

use proc_macro2::Ident;
use syn::Path;
use syn::ext::IdentExt as _;

use super::{Middleware, Namespace, Router};

/// The middleware that `path`, written in `within`, names, and where it stands; `None` if it may be anything else.
pub(crate) fn middleware<'r>(
    router: &'r Router,
    within: &Namespace,
    path: &Path,
) -> Option<(&'r Namespace, &'r Middleware)> {
    let names: Vec<&Ident> = path.segments.iter().map(|segment| &segment.ident).collect();
    let (name, modules) = names.split_last()?;
    if path.leading_colon.is_some() {
        return None;
    }
    let mut at: Vec<String> = within.path.iter().map(ToString::to_string).collect();
    if modules.is_empty() {
        return outward(router, at, name);
    }
    for module in modules {
        match module.to_string().as_str() {
            "self" => {}
            "super" => {
                at.pop()?;
            }
            module => at.push(module.to_owned()),
        }
    }
    let namespace = find(router, &at)?;
    own(namespace, name).map(|middleware| (namespace, middleware))
}

/// As far as `use super::*` leads.
fn outward<'r>(
    router: &'r Router,
    mut at: Vec<String>,
    name: &Ident,
) -> Option<(&'r Namespace, &'r Middleware)> {
    loop {
        let namespace = find(router, &at)?;
        if let Some(middleware) = own(namespace, name) {
            return Some((namespace, middleware));
        }
        let surroundings = &namespace.surroundings;
        let is_hidden = surroundings.fns.iter().any(|own| own.unraw() == name.unraw());
        if is_hidden || !surroundings.sees_outward() {
            return None;
        }
        at.pop()?;
    }
}

fn find<'r>(router: &'r Router, at: &[String]) -> Option<&'r Namespace> {
    router
        .root
        .walk()
        .into_iter()
        .find(|own| own.path.len() == at.len() && own.path.iter().zip(at).all(|(a, b)| a == b))
}

fn own<'r>(namespace: &'r Namespace, name: &Ident) -> Option<&'r Middleware> {
    namespace.middleware.iter().find(|own| own.signature.ident == *name)
}

//! Names of middlewares: that they exist, as far as the module alone can tell.

use syn::Path;
use syn::ext::IdentExt as _;

use crate::errors::{self, Errors};
use crate::model::{Namespace, Router};

/// What a name means.
enum Meaning {
    Middleware,
    /// A function without `#[middleware]`.
    PlainFn,
    Nothing,
    /// It may come from elsewhere; rustc will tell.
    Unknown,
}

pub(super) fn is_one(router: &Router, errors: &Errors) {
    for path in &router.root.guards {
        judge(path, &[&router.root], router, errors);
    }
    let hooks = router.on_connect.iter().chain(&router.on_disconnect).map(|hook| &hook.signature);
    for argument in hooks.flat_map(|signature| &signature.arguments) {
        argument.from.iter().for_each(|path| judge(path, &[&router.root], router, errors));
    }
    namespace(&router.root, &mut Vec::new(), router, errors);
}

fn namespace<'a>(own: &'a Namespace, around: &mut Vec<&'a Namespace>, router: &Router, errors: &Errors) {
    around.push(own);
    let middleware = own.middleware.iter().map(|middleware| &middleware.signature);
    let incoming = own.incoming.iter().map(|incoming| &incoming.signature);
    let from = middleware.chain(incoming).flat_map(|signature| &signature.arguments);
    let from = from.filter_map(|argument| argument.from.as_ref());
    let guards = own.incoming.iter().flat_map(|incoming| &incoming.guards);
    // The guards of a namespace are named in the module around it.
    let guards = guards.chain(own.children.iter().flat_map(|child| &child.guards));
    for path in from.chain(guards) {
        judge(path, around, router, errors);
    }
    for child in &own.children {
        namespace(child, around, router, errors);
    }
    around.pop();
}

fn judge(path: &Path, around: &[&Namespace], router: &Router, errors: &Errors) {
    let Some(ident) = path.get_ident() else { return };
    let name = ident.unraw().to_string();
    match meaning(&name, around) {
        Meaning::Middleware | Meaning::Unknown => {}
        Meaning::PlainFn => errors.push(errors::not_a_middleware(ident)),
        Meaning::Nothing => {
            let known = router.root.walk().into_iter().flat_map(|own| &own.middleware);
            let known: Vec<_> = known.map(|middleware| &middleware.signature.ident).collect();
            errors.push(errors::middleware_missing(ident, &known));
        }
    }
}

/// Looks from the innermost namespace outward, as far as `use super::*` leads.
fn meaning(name: &str, around: &[&Namespace]) -> Meaning {
    for own in around.iter().rev() {
        if own.middleware.iter().any(|middleware| middleware.signature.ident.unraw() == name) {
            return Meaning::Middleware;
        }
        let surroundings = &own.surroundings;
        if surroundings.fns.iter().any(|ident| ident.unraw() == name) {
            return Meaning::PlainFn;
        }
        let mut sees_outward = false;
        for import in &surroundings.imports {
            if import.replace(' ', "") == "usesuper::*;" {
                sees_outward = true;
            } else if import.contains('*') || mentions(import, name) {
                return Meaning::Unknown;
            }
        }
        if surroundings.calls_macros || (sees_outward && own.is_root()) {
            return Meaning::Unknown;
        }
        if !sees_outward {
            return Meaning::Nothing;
        }
    }
    Meaning::Unknown
}

fn mentions(import: &str, name: &str) -> bool {
    import.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).any(|word| word == name)
}

//! Middlewares that take each other's values: none of them could be the first.

use proc_macro2::Ident;
use syn::Path;

use crate::errors::{self, Errors};
use crate::model::{Middleware, Namespace, Router, resolve};

pub(super) fn there_are_none(router: &Router, errors: &Errors) {
    let mut finished: Vec<*const Middleware> = Vec::new();
    for namespace in router.root.walk() {
        for middleware in &namespace.middleware {
            visit(router, namespace, middleware, &mut Vec::new(), &mut finished, errors);
        }
    }
}

fn visit<'r>(
    router: &'r Router,
    namespace: &'r Namespace,
    middleware: &'r Middleware,
    way: &mut Vec<&'r Middleware>,
    finished: &mut Vec<*const Middleware>,
    errors: &Errors,
) {
    if finished.contains(&std::ptr::from_ref(middleware)) {
        return;
    }
    way.push(middleware);
    for path in taken(middleware) {
        let Some((around, next)) = resolve::middleware(router, namespace, path) else { continue };
        match way.iter().position(|own| std::ptr::eq(*own, next)) {
            Some(begin) => {
                let circle: Vec<&Ident> = way[begin..].iter().map(|own| &own.signature.ident).collect();
                errors.push(errors::middleware_in_a_circle(path, &circle));
            }
            None => visit(router, around, next, way, finished, errors),
        }
    }
    way.pop();
    finished.push(std::ptr::from_ref(middleware));
}

fn taken(middleware: &Middleware) -> impl Iterator<Item = &Path> {
    middleware.signature.arguments.iter().filter_map(|argument| argument.from.as_ref())
}

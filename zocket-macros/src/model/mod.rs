//! What a router is, once its parts are known to be well formed.
//!
//! `build` makes it from the raw tree; `check` judges how the parts fit together.

pub(crate) mod assignments;
pub(crate) mod attributes;
pub(crate) mod build;
pub(crate) mod error_enum;
mod format;
pub(crate) mod names;
pub(crate) mod nested;
mod placement;
pub(crate) mod resolve;
pub(crate) mod schema_conflicts;
pub(crate) mod signature;

use proc_macro2::{Ident, TokenStream};
use syn::{LitStr, Path, Type, Visibility};

use crate::parse::conditional::Conditional;
use crate::parse::options::Krate;
use attributes::{Cfgs, Deprecated, Docs};
use error_enum::ErrorEnum;
use nested::Bare;
use signature::Signature;

/// A whole router.
pub(crate) struct Router {
    pub(crate) krate: Krate,
    pub(crate) docs: Docs,
    /// `namespace = "…"`.
    pub(crate) namespace: Option<LitStr>,
    /// `rename_all_fields = "…"`.
    pub(crate) fields: Option<LitStr>,
    /// `safe_integers`.
    pub(crate) safe_integers: bool,
    /// `context = …`.
    pub(crate) context_key: Option<Type>,
    /// `state = …`.
    pub(crate) state_key: Option<Type>,
    pub(crate) contexts: Vec<Declared>,
    pub(crate) headers: Vec<Declared>,
    pub(crate) on_connect: Vec<Hook>,
    pub(crate) on_disconnect: Vec<Hook>,
    pub(crate) root: Namespace,
    /// Types that lack what going over the wire takes.
    pub(crate) bare: Vec<Bare>,
    /// Whether the root has something called `calls`.
    pub(crate) has_calls: bool,
    /// Whether `zocket::testing` is there, and calls for it are written.
    pub(crate) testing: bool,
    /// Items of the root whose names clash with generated ones.
    pub(crate) name_clashes: Vec<Ident>,
}

/// The root, or a nested module with helper attributes in it.
pub(crate) struct Namespace {
    /// Its index among the items of the module around it.
    pub(crate) item: usize,
    pub(crate) ident: Ident,
    pub(crate) visibility: Visibility,
    /// The path from the root; empty for the root itself.
    pub(crate) path: Vec<Ident>,
    pub(crate) route: Route,
    /// The module's own conditions, and those with the conditions of the modules around it.
    pub(crate) cfgs: Cfgs,
    pub(crate) all_cfgs: Cfgs,
    /// Itself, or a module around it.
    pub(crate) deprecated: Deprecated,
    pub(crate) guards: Vec<Path>,
    pub(crate) middleware: Vec<Middleware>,
    pub(crate) outgoing: Vec<Outgoing>,
    /// The senders of messages that have been refused.
    pub(crate) refused: Vec<Ident>,
    pub(crate) incoming: Vec<Incoming>,
    pub(crate) error_enums: Vec<ErrorEnum>,
    pub(crate) children: Vec<Namespace>,
    pub(crate) surroundings: Surroundings,
}

/// What else a name in a namespace may refer to.
#[derive(Default)]
pub(crate) struct Surroundings {
    /// Functions that are not middleware.
    pub(crate) fns: Vec<Ident>,
    /// Type aliases of a `State<T>`.
    pub(crate) states: Vec<Ident>,
    /// Each `use`, as text.
    pub(crate) imports: Vec<String>,
    /// Whether a macro is called, which may declare anything.
    pub(crate) calls_macros: bool,
}

impl Surroundings {
    /// Whether the names of the module around it are seen in it.
    pub(crate) fn sees_outward(&self) -> bool {
        self.imports.iter().any(|import| import.replace(' ', "") == "usesuper::*;")
    }
}

/// A `#[headers]` or `#[context]` type.
pub(crate) struct Declared {
    pub(crate) ident: Ident,
    pub(crate) cfgs: Cfgs,
}

/// `#[on_connect]`, `#[on_disconnect]`.
pub(crate) struct Hook {
    pub(crate) signature: Signature,
    pub(crate) cfgs: Cfgs,
}

/// `#[middleware]`.
pub(crate) struct Middleware {
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) cfgs: Cfgs,
}

/// `#[outgoing]`.
pub(crate) struct Outgoing {
    pub(crate) ident: Ident,
    pub(crate) visibility: Visibility,
    /// Its fn in `send`.
    pub(crate) sender: Ident,
    pub(crate) route: Route,
    pub(crate) docs: Docs,
    pub(crate) doc_attributes: Vec<Conditional>,
    pub(crate) uncompressed: bool,
    pub(crate) deprecated: Deprecated,
    pub(crate) deprecated_attributes: Vec<Conditional>,
    pub(crate) cfgs: Cfgs,
}

/// `#[incoming]`.
pub(crate) struct Incoming {
    pub(crate) signature: Signature,
    pub(crate) route: Route,
    pub(crate) guards: Vec<Path>,
    pub(crate) docs: Docs,
    pub(crate) concurrent: bool,
    pub(crate) uncompressed: bool,
    pub(crate) deprecated: Deprecated,
    pub(crate) cfgs: Cfgs,
}

/// A route, or the part of one that a namespace adds.
pub(crate) struct Route {
    /// The whole name: "chat.join".
    pub(crate) name: String,
    /// Its last segment: "join".
    pub(crate) segment: String,
    /// The token it comes from: the Rust name, or the literal of a `rename`, for error messages.
    pub(crate) origin: TokenStream,
}

impl Route {
    /// `segment` under the namespace `prefix` (which may be empty).
    pub(crate) fn under(prefix: &str, segment: String, origin: TokenStream) -> Self {
        let name = if prefix.is_empty() { segment.clone() } else { format!("{prefix}.{segment}") };
        Self { name, segment, origin }
    }
}

impl Router {
    /// Every signature whose arguments the runtime provides, with its namespace and conditions.
    pub(crate) fn signatures(&self) -> Vec<(&Namespace, &Signature, Cfgs)> {
        let hooks = self.on_connect.iter().chain(&self.on_disconnect);
        let mut all: Vec<_> = hooks.map(|hook| (&self.root, &hook.signature, hook.cfgs.clone())).collect();
        for namespace in self.root.walk() {
            let around = &namespace.all_cfgs;
            let middleware = namespace.middleware.iter();
            all.extend(middleware.map(|own| (namespace, &own.signature, around.and(&own.cfgs))));
            let incoming = namespace.incoming.iter();
            all.extend(incoming.map(|own| (namespace, &own.signature, around.and(&own.cfgs))));
        }
        all
    }
}

impl Namespace {
    /// This namespace and all below it, in the order written.
    pub(crate) fn walk(&self) -> Vec<&Self> {
        let mut all = vec![self];
        for child in &self.children {
            all.extend(child.walk());
        }
        all
    }

    pub(crate) fn is_root(&self) -> bool {
        self.path.is_empty()
    }
}

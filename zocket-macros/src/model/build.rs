//! From the raw tree to the model: every item by itself.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens as _;
use syn::{Data, DeriveInput, Path, Visibility};

use super::attributes::{self, Cfgs};
use super::error_enum::ErrorEnum;
use super::names::{self, RenameAll};
use super::place;
use super::signature::Signature;
use super::unpublished;
use super::{Declared, Hook, Incoming, Middleware, Namespace, Outgoing, Route, Router, Surroundings};
use crate::errors::{self, Errors};
use crate::parse::Raw;
use crate::parse::function::Function;
use crate::parse::helper::{Helper, Role};
use crate::parse::item::{Item, Kind, Module};

/// Models what is well formed and reports the rest.
pub(crate) fn router(raw: &Raw, errors: &Errors) -> Router {
    let namespace = raw.options.namespace.clone();
    let prefix = namespace.as_ref().map_or_else(String::new, syn::LitStr::value);
    let root = Namespace {
        item: 0,
        ident: raw.module.ident.clone(),
        visibility: raw.visibility.clone(),
        path: Vec::new(),
        route: Route { segment: prefix.clone(), name: prefix, spelled: namespace.to_token_stream() },
        // The module's own conditions: where they do not hold, the macro does not run.
        cfgs: Cfgs::default(),
        all_cfgs: Cfgs::default(),
        guards: guards(&raw.helpers),
        middleware: Vec::new(),
        outgoing: Vec::new(),
        incoming: Vec::new(),
        error_enums: Vec::new(),
        children: Vec::new(),
        surroundings: Surroundings::default(),
    };
    let mut router = Router {
        krate: raw.options.krate.clone(),
        docs: attributes::docs(&raw.attributes),
        namespace,
        context_key: raw.options.context.clone(),
        state_key: raw.options.state.clone(),
        contexts: Vec::new(),
        headers: Vec::new(),
        on_connect: Vec::new(),
        on_disconnect: Vec::new(),
        taken: raw.module.items.iter().filter_map(place::taken).collect(),
        root,
    };
    for helper in raw.helpers.iter().filter(|helper| helper.role != Role::Guard) {
        errors.push(errors::helper_on_router(helper));
    }
    let mut builder = Builder { rename_all: raw.options.rename_all, errors };
    let root_helpers = builder.fill(&mut router.root, &raw.module);
    builder.root_items(&mut router, root_helpers);
    router
}

struct Builder<'a> {
    rename_all: RenameAll,
    errors: &'a Errors,
}

/// A helper that only the root may have, and the item it stands on.
type RootItem<'a> = (&'a Helper, &'a Item);

impl Builder<'_> {
    /// Adds the module's items to its namespace; what concerns the router as a whole is handed back.
    fn fill<'a>(&mut self, namespace: &mut Namespace, module: &'a Module) -> Vec<RootItem<'a>> {
        let mut root_items = Vec::new();
        for (index, item) in module.items.iter().enumerate() {
            place::check(item, namespace.is_root(), self.errors);
            match &item.kind {
                Kind::Module(inner) if inner.has_helpers() || !item.helpers.is_empty() => {
                    let child = self.child(namespace, index, item, inner);
                    namespace.children.push(child);
                }
                Kind::Module(inner) => place::no_module_files(inner, self.errors),
                Kind::Function(function) => self.function(namespace, item, function),
                Kind::Data(data) => self.data(namespace, item, data),
                Kind::Other { what, ident, tokens } => {
                    namespace.surroundings.add(what, ident.as_ref(), tokens)
                }
                Kind::Alias { .. } | Kind::ModuleFile { .. } => {}
            }
            root_items.extend(item.helpers.iter().map(|helper| (helper, item)));
        }
        root_items
    }

    fn child(&mut self, around: &Namespace, index: usize, item: &Item, module: &Module) -> Namespace {
        let segment = self.rename_all.value(&module.ident);
        let cfgs = Cfgs::of(&item.attributes);
        let mut path = around.path.clone();
        path.push(module.ident.clone());
        let mut child = Namespace {
            item: index,
            ident: module.ident.clone(),
            visibility: item.visibility.clone(),
            path,
            route: Route::under(&around.route.name, segment, module.ident.to_token_stream()),
            all_cfgs: around.all_cfgs.and(&cfgs),
            cfgs,
            guards: guards(&item.helpers),
            middleware: Vec::new(),
            outgoing: Vec::new(),
            incoming: Vec::new(),
            error_enums: Vec::new(),
            children: Vec::new(),
            surroundings: Surroundings::default(),
        };
        self.fill(&mut child, module);
        child
    }

    fn function(&mut self, namespace: &mut Namespace, item: &Item, function: &Function) {
        if item.helpers.iter().all(|helper| helper.role != Role::Middleware) {
            namespace.surroundings.fns.push(function.ident.clone());
        }
        for helper in &item.helpers {
            match helper.role {
                Role::Middleware => namespace.middleware.extend(self.middleware(item, function)),
                Role::Incoming => {
                    namespace.incoming.extend(self.incoming(&namespace.route.name, item, helper, function));
                }
                _ => {}
            }
        }
    }

    fn middleware(&self, item: &Item, function: &Function) -> Option<Middleware> {
        let signature = Signature::of(function, Role::Middleware, self.errors)?;
        if signature.returns_unit() {
            self.errors.push(errors::middleware_yields_nothing(&signature));
            return None;
        }
        let cfgs = Cfgs::of(&item.attributes);
        Some(Middleware { visibility: item.visibility.clone(), signature, cfgs })
    }

    fn incoming(&self, prefix: &str, item: &Item, helper: &Helper, function: &Function) -> Option<Incoming> {
        let signature = Signature::of(function, Role::Incoming, self.errors)?;
        let segment = self.rename_all.value(&signature.ident);
        Some(Incoming {
            route: route(prefix, helper, segment, &signature.ident),
            signature,
            guards: guards(&item.helpers),
            docs: attributes::docs(&item.attributes),
            concurrent: helper.keys.flag("concurrent"),
            uncompressed: helper.keys.flag("uncompressed"),
            deprecated: attributes::deprecated(&item.attributes).is_some(),
            cfgs: Cfgs::of(&item.attributes),
        })
    }

    fn data(&mut self, namespace: &mut Namespace, item: &Item, data: &DeriveInput) {
        for helper in &item.helpers {
            if !data.generics.params.is_empty() {
                self.errors.push(errors::type_generic(helper.role, data));
                continue;
            }
            match helper.role {
                Role::Outgoing => {
                    namespace.outgoing.extend(self.outgoing(&namespace.route.name, item, helper, data));
                }
                Role::Error => {
                    namespace.error_enums.extend(ErrorEnum::of(data, &item.attributes, self.errors));
                }
                Role::Payload | Role::Headers => unpublished::check(data, self.errors),
                _ => {}
            }
        }
    }

    fn outgoing(&self, prefix: &str, item: &Item, helper: &Helper, data: &DeriveInput) -> Option<Outgoing> {
        if matches!(data.data, Data::Union(_)) {
            return None;
        }
        if !place::outgoing_visible(&item.visibility) {
            self.errors.push(errors::outgoing_private(&item.visibility, &data.ident));
            return None;
        }
        Some(Outgoing {
            ident: data.ident.clone(),
            visibility: item.visibility.clone(),
            sender: names::sender(&data.ident),
            route: route(prefix, helper, self.rename_all.ty(&data.ident), &data.ident),
            docs: attributes::docs(&item.attributes),
            doc_attributes: attributes::doc_attributes(&item.attributes),
            uncompressed: helper.keys.flag("uncompressed"),
            deprecated: attributes::deprecated(&item.attributes),
            cfgs: Cfgs::of(&item.attributes),
        })
    }

    /// `#[headers]`, `#[context]` and the hooks.
    fn root_items(&self, router: &mut Router, items: Vec<RootItem<'_>>) {
        for (helper, item) in items {
            let cfgs = Cfgs::of(&item.attributes);
            match (helper.role, &item.kind) {
                (Role::Headers, Kind::Data(data)) => {
                    router.headers.push(Declared { ident: data.ident.clone(), cfgs });
                }
                (Role::Context, Kind::Data(_) | Kind::Alias { .. }) => {
                    if let (Kind::Data(data), Visibility::Inherited) = (&item.kind, &item.visibility) {
                        self.errors.push(errors::context_private(&data.ident));
                    }
                    router.contexts.extend(item.ident().map(|ident| Declared { ident: ident.clone(), cfgs }));
                }
                (Role::OnConnect, Kind::Function(function)) => {
                    let signature = Signature::of(function, Role::OnConnect, self.errors);
                    router.on_connect.extend(signature.map(|signature| Hook { signature, cfgs }));
                }
                (Role::OnDisconnect, Kind::Function(function)) => {
                    let signature = Signature::of(function, Role::OnDisconnect, self.errors);
                    let signature = signature.filter(|own| self.disconnect_returns(own));
                    router.on_disconnect.extend(signature.map(|signature| Hook { signature, cfgs }));
                }
                _ => {}
            }
        }
    }

    fn disconnect_returns(&self, signature: &Signature) -> bool {
        let fits = signature.returns_unit() || signature.returns("Result");
        if !fits {
            self.errors.push(errors::on_disconnect_returns(signature));
        }
        fits
    }
}

impl Surroundings {
    fn add(&mut self, what: &str, ident: Option<&Ident>, tokens: &TokenStream) {
        match what {
            "a fn" => self.fns.extend(ident.cloned()),
            "an import" => self.imports.push(tokens.to_string()),
            "a macro call" => self.calls_macros = true,
            _ => {}
        }
    }
}

fn route(prefix: &str, helper: &Helper, segment: String, ident: &Ident) -> Route {
    match helper.keys.text("rename") {
        Some(name) => Route::under(prefix, name.value(), name.to_token_stream()),
        None => Route::under(prefix, segment, ident.to_token_stream()),
    }
}

fn guards(helpers: &[Helper]) -> Vec<Path> {
    helpers.iter().flat_map(|helper| helper.guards.iter().cloned()).collect()
}

//! Builds the model from the raw tree, one item at a time.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens as _;
use syn::{Data, DeriveInput, Path, Visibility};

use super::assignments;
use super::attributes::{self, Cfgs, Deprecated, Docs};
use super::error_enum::ErrorEnum;
use super::names;
use super::nested;
use super::placement;
use super::schema_conflicts;
use super::signature::{self, Argument, Signature};
use super::{Declared, Hook, Incoming, Middleware, Namespace, Outgoing, Route, Router, Surroundings};
use crate::errors::{self, Errors};
use crate::parse::Raw;
use crate::parse::function::Function;
use crate::parse::header_field;
use crate::parse::helper::Helper;
use crate::parse::item::{Item, Kind, Module};
use crate::vocabulary::{RenameAll, Role};

/// Models what is well formed and reports the rest.
pub(crate) fn router(raw: &Raw, testing: bool, errors: &Errors) -> Router {
    let namespace = raw.options.namespace.clone();
    let prefix = namespace.as_ref().map_or_else(String::new, syn::LitStr::value);
    let root = Namespace {
        item: 0,
        ident: raw.module.ident.clone(),
        visibility: raw.visibility.clone(),
        path: Vec::new(),
        route: Route { segment: prefix.clone(), name: prefix, origin: namespace.to_token_stream() },
        // The module's own conditions need no care: where they do not hold, the macro does not run.
        cfgs: Cfgs::default(),
        all_cfgs: Cfgs::default(),
        deprecated: Deprecated::of(&raw.attributes),
        guards: guards(&raw.helpers),
        middleware: Vec::new(),
        outgoing: Vec::new(),
        refused: Vec::new(),
        incoming: Vec::new(),
        error_enums: Vec::new(),
        children: Vec::new(),
        surroundings: Surroundings::default(),
    };
    let mut router = Router {
        krate: raw.options.krate.clone(),
        docs: Docs::of(&raw.attributes),
        namespace,
        fields: raw.options.rename_all_fields.clone(),
        safe_integers: raw.options.safe_integers,
        context_key: raw.options.context.clone(),
        state_key: raw.options.state.clone(),
        contexts: Vec::new(),
        headers: Vec::new(),
        on_connect: Vec::new(),
        on_disconnect: Vec::new(),
        bare: nested::check(raw, errors),
        has_calls: raw.module.items.iter().any(placement::may_be_calls),
        testing,
        name_clashes: raw.module.items.iter().filter_map(placement::name_clash).collect(),
        root,
    };
    for helper in raw.helpers.iter().filter(|helper| helper.role != Role::Guard) {
        errors.push(errors::helper_on_router(&helper.attribute, helper.role));
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

/// A helper attribute that only the root may have, and the item it is written on.
type RootItem<'a> = (&'a Helper, &'a Item);

impl Builder<'_> {
    /// Adds the module's items to its namespace, and returns those that concern the router as a whole.
    fn fill<'a>(&mut self, namespace: &mut Namespace, module: &'a Module) -> Vec<RootItem<'a>> {
        let mut root_items = Vec::new();
        for (index, item) in module.items.iter().enumerate() {
            placement::check(item, namespace.is_root(), self.errors);
            match &item.kind {
                Kind::Module(inner) if inner.has_helpers() || !item.helpers.is_empty() => {
                    let child = self.child(namespace, index, item, inner);
                    namespace.children.push(child);
                }
                Kind::Module(inner) => placement::no_module_files(inner, self.errors),
                Kind::Function(function) => self.function(namespace, item, function),
                Kind::Data(data) => self.data(namespace, item, data),
                Kind::Other { what, ident, tokens } => {
                    namespace.surroundings.add(what, ident.as_ref(), tokens)
                }
                Kind::Unreadable { ident, .. } => {
                    let helper = item.helpers.iter().find(|own| own.role == Role::Outgoing);
                    let sender = helper.zip(ident.as_ref()).map(|(helper, ident)| sender(helper, ident));
                    namespace.refused.extend(sender);
                }
                Kind::Alias { .. } | Kind::ModuleFile { .. } => {}
            }
            root_items.extend(item.helpers.iter().map(|helper| (helper, item)));
        }
        root_items
    }

    fn child(&mut self, around: &Namespace, index: usize, item: &Item, module: &Module) -> Namespace {
        let segment = names::of_value(&module.ident, self.rename_all);
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
            deprecated: around.deprecated.or(&Deprecated::of(&item.attributes)),
            guards: guards(&item.helpers),
            middleware: Vec::new(),
            outgoing: Vec::new(),
            refused: Vec::new(),
            incoming: Vec::new(),
            error_enums: Vec::new(),
            children: Vec::new(),
            surroundings: Surroundings::default(),
        };
        self.fill(&mut child, module);
        child
    }

    fn function(&mut self, namespace: &mut Namespace, item: &Item, function: &Function) {
        for place in assignments::to_context(function) {
            self.errors.push(errors::context_assigned(&place));
        }
        if item.helpers.iter().all(|helper| helper.role != Role::Middleware) {
            namespace.surroundings.fns.push(function.ident.clone());
        }
        for helper in &item.helpers {
            match helper.role {
                Role::Middleware => namespace.middleware.extend(self.middleware(item, function)),
                Role::Incoming => {
                    namespace.incoming.extend(self.incoming(namespace, item, helper, function));
                }
                _ => {}
            }
        }
    }

    fn middleware(&self, item: &Item, function: &Function) -> Option<Middleware> {
        let signature = Signature::of(function, Role::Middleware, self.errors)?;
        if signature.returns_unit() {
            let at = match signature.returns_nothing {
                true => signature.ident.to_token_stream(),
                false => signature.output.to_token_stream(),
            };
            self.errors.push(errors::middleware_yields_nothing(&at, &signature.ident));
            return None;
        }
        if signature.returns_no_result() {
            self.errors.push(errors::middleware_returns(&signature.output, &signature.ident));
            return None;
        }
        let cfgs = Cfgs::of(&item.attributes);
        Some(Middleware { visibility: item.visibility.clone(), signature, cfgs })
    }

    fn incoming(
        &self,
        namespace: &Namespace,
        item: &Item,
        helper: &Helper,
        function: &Function,
    ) -> Option<Incoming> {
        let signature = Signature::of(function, Role::Incoming, self.errors)?;
        let asked = |own: &&Argument| own.from.is_none() && own.inside("Payload").is_some();
        if let Some(argument) = signature.arguments.iter().find(asked) {
            self.errors.push(errors::payload_in_handler(&argument.ty, &signature.ident));
            return None;
        }
        let segment = names::of_value(&signature.ident, self.rename_all);
        Some(Incoming {
            route: route(&namespace.route.name, helper, segment, &signature.ident),
            signature,
            guards: guards(&item.helpers),
            docs: Docs::of(&item.attributes),
            concurrent: helper.keys.flag("concurrent"),
            uncompressed: helper.keys.flag("uncompressed"),
            deprecated: namespace.deprecated.or(&Deprecated::of(&item.attributes)),
            cfgs: Cfgs::of(&item.attributes),
        })
    }

    fn data(&mut self, namespace: &mut Namespace, item: &Item, data: &DeriveInput) {
        if item.helpers.iter().any(|helper| helper.role == Role::Headers) {
            header_field::everywhere(data, self.errors);
        } else {
            header_field::nowhere(data, self.errors);
        }
        let roles: Vec<Role> = item.helpers.iter().map(|helper| helper.role).collect();
        schema_conflicts::check(data, &item.attributes, &roles, self.errors);
        for helper in &item.helpers {
            if !data.generics.params.is_empty() {
                self.errors.push(errors::type_generic(helper.role, data));
                if helper.role == Role::Outgoing {
                    namespace.refused.push(sender(helper, &data.ident));
                }
                continue;
            }
            match helper.role {
                Role::Outgoing => match self.outgoing(namespace, item, helper, data) {
                    Some(outgoing) => namespace.outgoing.push(outgoing),
                    None => namespace.refused.push(names::sender(&data.ident)),
                },
                Role::Error => {
                    namespace.error_enums.extend(ErrorEnum::of(data, &item.attributes, self.errors));
                }
                _ => {}
            }
        }
    }

    fn outgoing(
        &self,
        namespace: &Namespace,
        item: &Item,
        helper: &Helper,
        data: &DeriveInput,
    ) -> Option<Outgoing> {
        if matches!(data.data, Data::Union(_)) {
            return None;
        }
        if !placement::outgoing_visible(&item.visibility) {
            self.errors.push(errors::outgoing_private(&item.visibility, &data.ident));
            return None;
        }
        Some(Outgoing {
            ident: data.ident.clone(),
            visibility: item.visibility.clone(),
            sender: sender(helper, &data.ident),
            route: route(
                &namespace.route.name,
                helper,
                names::of_type(&data.ident, self.rename_all),
                &data.ident,
            ),
            docs: Docs::of(&item.attributes),
            doc_attributes: attributes::copied(&item.attributes, "doc"),
            uncompressed: helper.keys.flag("uncompressed"),
            deprecated: namespace.deprecated.or(&Deprecated::of(&item.attributes)),
            deprecated_attributes: attributes::copied(&item.attributes, "deprecated"),
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
            self.errors.push(errors::on_disconnect_returns(&signature.output, &signature.ident));
        }
        fits
    }
}

impl Surroundings {
    fn add(&mut self, what: &str, ident: Option<&Ident>, tokens: &TokenStream) {
        match what {
            "a fn" => self.fns.extend(ident.cloned()),
            "an import" => self.imports.push(tokens.to_string()),
            "a type alias" if is_state(tokens) => self.states.extend(ident.cloned()),
            "a macro call" => self.calls_macros = true,
            _ => {}
        }
    }
}

/// `type Name = …State<…>;`
fn is_state(alias: &TokenStream) -> bool {
    let mut tokens = alias.clone().into_iter().skip_while(|token| token.to_string() != "=").skip(1);
    let path: TokenStream = tokens.by_ref().take_while(|token| token.to_string() != ";").collect();
    syn::parse2(path).is_ok_and(|ty| signature::inside(&ty, "State").is_some())
}

fn route(prefix: &str, helper: &Helper, segment: String, ident: &Ident) -> Route {
    match helper.keys.text("rename") {
        Some(name) => Route::under(prefix, name.value(), name.to_token_stream()),
        None => Route::under(prefix, segment, ident.to_token_stream()),
    }
}

/// The fn in `send` is called as the route is.
fn sender(helper: &Helper, ident: &Ident) -> Ident {
    let renamed = helper.keys.text("rename").and_then(|rename| names::renamed_sender(&rename));
    renamed.unwrap_or_else(|| names::sender(ident))
}

fn guards(helpers: &[Helper]) -> Vec<Path> {
    helpers.iter().flat_map(|helper| helper.guards.iter().cloned()).collect()
}

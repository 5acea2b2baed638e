//! Types that go over the wire inside of another and lack what that takes: the derives of the outer type would say so five
//! times, in words of other crates.
//!
//! Only where it is certain: the type is declared in the router, and nothing there could implement the traits for it.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, Data, DeriveInput, Field};

use crate::errors::{self, Errors};
use crate::parse::Raw;
use crate::parse::conditional::unfold;
use crate::parse::helper::{derives, ends_with};
use crate::parse::item::{Item, Kind, Module};
use crate::vocabulary::Role;

/// A type that lacks something, and the module it stands in, from the root.
#[derive(Clone)]
pub(crate) struct Bare {
    pub(crate) path: Vec<Ident>,
    pub(crate) ident: Ident,
}

/// What values of a type take to go over the wire.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Takes {
    serialize: bool,
    deserialize: bool,
}

/// The types that lack something. Each is reported where it is named first.
pub(crate) fn check(raw: &Raw, errors: &Errors) -> Vec<Bare> {
    let mut search = Search { root: &raw.module, found: Vec::new(), errors };
    search.module(&raw.module, &mut Vec::new());
    search.found
}

struct Search<'a> {
    root: &'a Module,
    found: Vec<Bare>,
    errors: &'a Errors,
}

impl<'a> Search<'a> {
    fn module(&mut self, module: &'a Module, path: &mut Vec<Ident>) {
        for item in &module.items {
            match &item.kind {
                Kind::Module(inner) => {
                    path.push(inner.ident.clone());
                    self.module(inner, path);
                    path.pop();
                }
                Kind::Data(data) => {
                    let has = |roles: &[Role]| item.helpers.iter().any(|own| roles.contains(&own.role));
                    let takes = Takes {
                        serialize: has(&[Role::Payload, Role::Outgoing, Role::Error]),
                        deserialize: has(&[Role::Payload, Role::Headers]),
                    };
                    if takes.serialize || takes.deserialize {
                        self.fields(data, path, takes);
                    }
                }
                _ => {}
            }
        }
    }

    fn fields(&mut self, data: &DeriveInput, path: &[Ident], takes: Takes) {
        for field in fields(data).into_iter().filter(|field| is_plain(&field.attrs)) {
            for name in names(field.ty.to_token_stream()) {
                if let Some((path, item)) = self.find(path, &name) {
                    self.named(&name, &data.ident, path, item, takes);
                }
            }
        }
    }

    /// The struct or enum that `name` means in the module at `path`, and the module that it stands in.
    fn find(&self, path: &[Ident], name: &Ident) -> Option<(Vec<Ident>, &'a Item)> {
        let mut path = path.to_vec();
        loop {
            let module = self.at(&path)?;
            let mut named = module.items.iter().filter(|item| item.ident() == Some(name));
            if let Some(item) = named.next() {
                // Two of one name exclude each other by their conditions.
                return named.next().is_none().then_some((path, item));
            }
            let imports = module.items.iter().filter_map(|item| match &item.kind {
                Kind::Other { what: "an import", tokens, .. } => Some(tokens.to_string().replace(' ', "")),
                _ => None,
            });
            let (outward, other): (Vec<_>, Vec<_>) = imports.partition(|import| import == "usesuper::*;");
            let may_be_imported =
                other.iter().any(|import| import.contains('*') || import.contains(&name.to_string()));
            if outward.is_empty() || may_be_imported {
                return None;
            }
            path.pop()?;
        }
    }

    fn at(&self, path: &[Ident]) -> Option<&'a Module> {
        path.iter().try_fold(self.root, |module, name| {
            module.items.iter().find_map(|item| match &item.kind {
                Kind::Module(inner) if inner.ident == *name => Some(inner),
                _ => None,
            })
        })
    }

    fn named(&mut self, name: &Ident, outer: &Ident, path: Vec<Ident>, item: &'a Item, takes: Takes) {
        let Kind::Other { what: what @ ("a struct" | "an enum"), tokens, .. } = &item.kind else { return };
        let Some(module) = self.at(&path) else { return };
        if self.found.iter().any(|own| own.ident == *name && own.path == path) || !is_plain(&item.attributes)
        {
            return;
        }
        let Ok(data) = syn::parse2::<DeriveInput>(tokens.clone()) else { return };
        let derived = derives(&item.attributes);
        let lacks = |name: &str| !derived.iter().any(|(_, path)| ends_with(path, name));
        let wanted =
            [("Serialize", takes.serialize), ("Deserialize", takes.deserialize), ("JsonSchema", true)];
        let lacking: Vec<&str> =
            wanted.iter().filter(|(name, wanted)| *wanted && lacks(name)).map(|(name, _)| *name).collect();
        if lacking.is_empty() || !data.generics.params.is_empty() || may_implement(module, name) {
            return;
        }
        self.errors.push(errors::nested_type_lacks(name, outer, what, &lacking));
        self.found.push(Bare { path: path.clone(), ident: name.clone() });
        self.fields(&data, &path, takes);
    }
}

fn fields(data: &DeriveInput) -> Vec<&Field> {
    match &data.data {
        Data::Struct(own) => own.fields.iter().collect(),
        Data::Enum(own) => own.variants.iter().flat_map(|variant| &variant.fields).collect(),
        Data::Union(_) => Vec::new(),
    }
}

/// Whether no attribute takes the type's own traits out of the play.
fn is_plain(attributes: &[Attribute]) -> bool {
    const PLAIN: [&str; 12] = [
        "doc",
        "cfg",
        "allow",
        "warn",
        "deny",
        "expect",
        "derive",
        "repr",
        "non_exhaustive",
        "deprecated",
        "must_use",
        "default",
    ];
    unfold(attributes).iter().all(|own| PLAIN.iter().any(|name| own.path().is_ident(name)))
}

/// The names in a type that stand alone: neither in a path nor before one.
fn names(ty: TokenStream) -> Vec<Ident> {
    let mut found = Vec::new();
    let tokens: Vec<TokenTree> = ty.into_iter().collect();
    let is_colon =
        |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(mark)) if mark.as_char() == ':');
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => found.extend(names(group.stream())),
            TokenTree::Ident(name) => {
                let before = at.checked_sub(1).and_then(|at| tokens.get(at));
                if !is_colon(before) && !is_colon(tokens.get(at + 1)) {
                    found.push(name.clone());
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether something in the module may implement the traits: an `impl` that names the type, or a macro.
fn may_implement(module: &Module, name: &Ident) -> bool {
    fn mentions(tokens: TokenStream, name: &Ident) -> bool {
        tokens.into_iter().any(|token| matches!(token, TokenTree::Ident(word) if word == *name))
    }
    module.items.iter().any(|item| match &item.kind {
        Kind::Other { what: "a macro call", .. } => true,
        Kind::Other { what: "an impl block", tokens, .. } => {
            let traits = ["Serialize", "Deserialize", "JsonSchema"];
            let is_ours = traits.iter().any(|own| tokens.to_string().contains(own));
            is_ours && mentions(tokens.clone(), name)
        }
        _ => false,
    })
}

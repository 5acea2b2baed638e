//! Parses tokens into a raw tree of items and their helper attributes.
//!
//! Only the attributes themselves are checked here. Function bodies, and items without a helper attribute, stay token
//! streams: they cost nothing, and syntax newer than this macro passes through.

pub(crate) mod conditional;
pub(crate) mod function;
mod half_typed;
pub(crate) mod header_field;
pub(crate) mod helper;
pub(crate) mod item;
pub(crate) mod keys;
mod manifest;
pub(crate) mod options;
pub(crate) mod scan;
pub(crate) mod variant;

use proc_macro2::TokenStream;
use syn::{Attribute, Visibility};

use crate::errors::{self, Errors};
use helper::Helper;
use item::{Item, Kind, Module};
use options::Options;

/// The attribute's arguments and the module below it.
pub(crate) struct Raw {
    pub(crate) options: Options,
    /// The module's other attributes.
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) helpers: Vec<Helper>,
    pub(crate) visibility: Visibility,
    pub(crate) module: Module,
}

/// Parses a whole router; `None`, with an error reported, if the item is not a module.
pub(crate) fn router(args: TokenStream, tokens: TokenStream, errors: &Errors) -> Option<Raw> {
    let options = Options::parse(args, errors);
    let item = match item::parse_one(tokens, errors) {
        Ok(item) => item,
        Err(error) => {
            errors.push(error);
            return None;
        }
    };
    match item {
        Item { kind: Kind::Module(module), mut attributes, helpers, visibility } => {
            if let Some(second) = item::take_router(&mut attributes) {
                errors.push(errors::router_twice(&second));
            }
            Some(Raw { options, attributes, helpers, visibility, module })
        }
        Item { kind: Kind::ModuleFile { ident, .. }, attributes, helpers, visibility } => {
            errors.push(errors::router_in_a_file(&ident));
            // In its place an empty one: whoever names its `router()` need not hear of this as well.
            let module = Module::empty(ident);
            Some(Raw { options, attributes, helpers, visibility, module })
        }
        other => {
            errors.push(errors::router_on_no_module(&other, other.what()));
            None
        }
    }
}

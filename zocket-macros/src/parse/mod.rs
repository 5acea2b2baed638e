//! Tokens to a raw tree: what stands where, and which helper attributes it carries.
//!
//! Nothing is judged here beyond the attributes themselves. Function bodies, and items without a
//! helper attribute, stay the tokens they were: they cost nothing, and a syntax newer than this macro
//! passes through unharmed.

pub(crate) mod data;
pub(crate) mod function;
pub(crate) mod helper;
pub(crate) mod item;
pub(crate) mod keys;
pub(crate) mod options;
mod scan;

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

/// Reads a whole router; `None` (with the reason among the errors) where the item is no module.
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
        Item { kind: Kind::Module(module), attributes, helpers, visibility } => {
            Some(Raw { options, attributes, helpers, visibility, module })
        }
        Item { kind: Kind::ModuleFile { ident, .. }, .. } => {
            errors.push(errors::router_in_a_file(&ident));
            None
        }
        other => {
            errors.push(errors::router_on_no_module(&other));
            None
        }
    }
}

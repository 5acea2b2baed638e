//! Every error text of the macros, by topic, and the collector of errors.
//!
//! A text says what is wrong in the user's words and ends in a way out, "help: …".

mod functions;
mod items;
mod keys;
mod router;

use std::cell::{Cell, RefCell};
use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

pub(crate) use functions::*;
pub(crate) use items::*;
pub(crate) use keys::*;
pub(crate) use router::*;

/// Collects errors, so that all are reported at once. Whoever creates it must take them.
#[derive(Default)]
pub(crate) struct Errors {
    found: RefCell<Vec<syn::Error>>,
    elsewhere: Cell<usize>,
    asked: Cell<bool>,
}

impl Errors {
    pub(crate) fn push(&self, error: syn::Error) {
        self.found.borrow_mut().push(error);
    }

    /// There is a fault that the compiler has reported already.
    pub(crate) fn reported_elsewhere(&self) {
        self.elsewhere.set(self.elsewhere.get() + 1);
    }

    /// How many faults there are so far.
    pub(crate) fn count(&self) -> usize {
        self.found.borrow().len() + self.elsewhere.get()
    }

    /// All faults as one error, `None` if there are none.
    pub(crate) fn take(&self) -> Option<syn::Error> {
        self.asked.set(true);
        self.found.take().into_iter().reduce(|mut all, error| {
            all.combine(error);
            all
        })
    }

    /// All faults as `compile_error!`s.
    pub(crate) fn to_compile_errors(&self) -> TokenStream {
        self.take().map(syn::Error::into_compile_error).unwrap_or_default()
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            debug_assert!(self.asked.get() && self.found.borrow().is_empty(), "faults nobody asked for");
        }
    }
}

fn fault(at: impl ToTokens, problem: impl Display, help: impl Display) -> syn::Error {
    syn::Error::new_spanned(at, format!("{problem}\nhelp: {help}"))
}

fn fault_at(span: Span, problem: impl Display, help: impl Display) -> syn::Error {
    syn::Error::new(span, format!("{problem}\nhelp: {help}"))
}

/// The tokens as the user wrote them: without the spaces between tokens.
fn written(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let mut text = text.replace(" :: ", "::").replace(" < ", "<").replace(" >", ">").replace("< ", "<");
    for (loose, tight) in [(" ,", ","), ("& ", "&"), ("( ", "("), (" )", ")"), (":: ", "::")] {
        text = text.replace(loose, tight);
    }
    text
}

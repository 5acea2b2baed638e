//! The pipeline.

use proc_macro2::TokenStream;

use crate::errors::Errors;
use crate::{check, expand, model, parse};

/// `#[zocket::router(args)] item`, with what `zocket::testing` needs or without.
pub(crate) fn router(args: TokenStream, item: TokenStream, testing: bool) -> TokenStream {
    let errors = Errors::default();

    let Some(raw) = parse::router(args, item.clone(), &errors) else {
        return with_errors(item, &errors);
    };
    let router = model::build::router(&raw, testing, &errors);
    if errors.count() > 0 {
        return with_errors(expand::recovery(&raw, &router), &errors);
    }

    check::check(&router, &errors);
    if errors.count() > 0 {
        return with_errors(expand::recovery(&raw, &router), &errors);
    }

    with_errors(expand::router(&raw, &router), &errors)
}

/// Puts the errors after the module, so that the editor still sees what the user wrote.
pub(crate) fn with_errors(mut tokens: TokenStream, errors: &Errors) -> TokenStream {
    tokens.extend(errors.to_compile_errors());
    tokens
}

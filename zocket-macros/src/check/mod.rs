//! Checks how the parts of a router fit together. Each part by itself is known to be well formed.

mod circles;
mod context;
mod duplicates;
mod middleware;
mod routes;
mod senders;

use crate::errors::Errors;
use crate::model::Router;

/// Reports everything that does not fit.
pub(crate) fn check(router: &Router, errors: &Errors) {
    duplicates::headers(router, errors);
    duplicates::context(router, errors);
    duplicates::on_connect(router, errors);
    duplicates::on_disconnect(router, errors);

    context::key_and_attribute(router, errors);
    context::is_made_on_connect(router, errors);
    context::is_there_where_asked_for(router, errors);

    middleware::is_one(router, errors);
    circles::there_are_none(router, errors);

    routes::namespace_is_a_route(router, errors);
    routes::segments_are_allowed(router, errors);
    routes::are_declared_once(router, errors);

    senders::names_are_free(router, errors);
    senders::differ(router, errors);
    senders::reach_their_messages(router, errors);
}

//! How the parts of a router fit together. Each part by itself is sound already.

mod context;
mod middleware;
mod once;
mod routes;
mod senders;
mod state;

use crate::errors::Errors;
use crate::model::Router;

/// Reports everything that cannot be.
pub(crate) fn check(router: &Router, errors: &Errors) {
    once::headers(router, errors);
    once::context(router, errors);
    once::on_connect(router, errors);
    once::on_disconnect(router, errors);

    context::key_and_attribute(router, errors);
    context::is_made_on_connect(router, errors);
    context::is_there_where_asked_for(router, errors);

    middleware::is_one(router, errors);

    state::is_one(router, errors);

    routes::namespace_is_a_route(router, errors);
    routes::segments_are_allowed(router, errors);
    routes::are_declared_once(router, errors);

    senders::names_are_free(router, errors);
    senders::differ(router, errors);
    senders::reach_their_messages(router, errors);
}

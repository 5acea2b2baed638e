//! The functions a user writes, and what they may return.

mod error;
mod middleware;
mod reject;
mod returns;

pub use error::{Error, TypedError, code};
pub use middleware::{Middleware, MiddlewareOutput};
pub use reject::{IntoContext, Reject};
pub use returns::{Reply, Returns, ReturnsValue};

use std::pin::Pin;

/// A future on the heap: what the tables of handlers and hooks hold.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A handler, guard or hook at work: it ends in nothing, having replied where it should, or in a refusal.
pub type Handling = BoxFuture<Result<(), Error>>;

/// Generated code's `Box::pin`, out of reach of what a user may have shadowed.
pub fn boxed<F: Future + Send + 'static>(future: F) -> BoxFuture<F::Output> {
    Box::pin(future)
}

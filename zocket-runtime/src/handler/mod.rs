//! The functions a user writes, and what they may return.

mod middleware;
mod returns;

pub use middleware::{Ends, Middleware, MiddlewareOutput, NotShared, Shared, Yields, no_middleware};
pub use returns::{Reply, Returns, ReturnsFaithful, ReturnsUnknown, ReturnsValue};

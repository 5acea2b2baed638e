//! A connection as other code sees it: its context, its rooms, the server it belongs to.

mod conn;
mod context;
mod ctx;
mod current;
mod rooms;
mod source;

pub use context::{Context, Contexts, contexts};
pub use ctx::Ctx;
pub use rooms::Rooms;

pub(crate) use conn::{AnyValue, CallRoute, Conn, ConnLink, Core, RouteSlot, RouterId, StateSlot};
pub(crate) use context::AnyContext;
pub(crate) use current::Current;
pub(crate) use source::{Proxied, Source};

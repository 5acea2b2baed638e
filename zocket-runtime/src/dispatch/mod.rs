//! From a route's name to the handler behind it.

mod app;
mod build_error;
mod describe;
mod entries;
mod headers;
mod name_hash;
mod registry;
mod router;
mod table;

pub(crate) use build_error::Fault;
pub use build_error::{BuildError, BuildErrorKind};
pub use entries::{At, Incoming};
pub use registry::{HeadersType, Registry};
pub use router::{Router, SubState};

pub(crate) use app::App;
pub(crate) use headers::{HeaderField, HeadersSchema};

//! From a route's name to the handler behind it.

mod build_error;
mod call;
mod name_hash;
mod registry;
mod router;
mod rpc_id;
mod table;

pub use build_error::BuildError;
pub use call::{Call, Start};
pub use registry::{At, HeadersType, Incoming, Registry};
pub use router::{Router, SubState};

pub(crate) use call::StateSlot;
pub(crate) use registry::{ConnectFn, DisconnectFn};
pub(crate) use rpc_id::RpcId;
pub(crate) use table::{Compiled, HeadersSchema, Table};

//! From a route's name to the handler behind it.

mod call;
mod registry;
mod router;
mod rpc_id;
mod table;

pub use call::{Call, Start};
pub use registry::{At, HeadersType, Incoming, Registry};
pub use router::{Router, SubState};
pub use table::BuildError;

pub(crate) use call::{Parts, StateSlot};
pub(crate) use registry::{ConnectFn, DisconnectFn};
pub(crate) use rpc_id::RpcId;
pub(crate) use table::{Compiled, HeadersSchema, Table};

//! What a router promises, as data: routes, directions, schemas, errors. Made once from the router, read by
//! everything that writes for clients and by the validators.

mod describe;
mod document;
pub(crate) mod schema;

pub use describe::{Describe, Errors};
pub use zocket_contract::{
    AsyncApiOptions, Change, ChangedPart, Contract, Diff, Direction, Impact, InvalidAsyncApiOption,
    ParseContractError, Part, SchemaName,
};

pub(crate) use describe::{Described, is_unit};
pub(crate) use document::{Facts, RouteFacts, self_contained, write};

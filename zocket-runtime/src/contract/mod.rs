//! A router's contract as data: routes, directions, schemas, errors. Made once from the router, and read by
//! the validators and by everything that is generated for clients.

mod describe;
mod document;
mod faithful;
pub(crate) mod http_only;
pub(crate) mod schema;
mod versions;

pub use describe::{Describe, Errors, first_paragraph};
pub use faithful::{Faithful, Probe, Seen, Unknown};
pub use versions::OtherContracts;
pub use zocket_contract::{
    AsyncApiOptions, Change, ChangedPart, Contract, Diff, Direction, ErrorCode, Impact,
    InvalidAsyncApiOption, InvalidSchema, ParseContractError, ParseContractErrorKind, Part, Position, Route,
    SchemaName, Validator,
};

pub(crate) use describe::{Described, Docs, is_unit, joined};
pub(crate) use document::{Facts, RouteFacts, self_contained, write};
pub(crate) use versions::Versions;

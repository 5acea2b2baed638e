//! The runtime of zocket. Use it through the `zocket` crate, whose documentation explains it.
//!
//! A message takes the folders in this order: `mount` → `upgrade` → `session` → `wire` → `dispatch` → `handler` → `send`
//! → `hub` → outbox → socket.

// `zocket::…` in the examples of this crate's documentation is the facade.

mod backplane;
mod client_id;
mod config;
mod contract;
mod dispatch;
mod extract;
mod handler;
mod hub;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod internals;
mod mount;
mod send;
mod session;
mod shutdown;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;
mod upgrade;
mod wire;

pub use axum::extract::FromRef;
pub use client_id::{ClientId, ParseClientIdError};
pub use contract::{
    AsyncApiOptions, Change, ChangedPart, Contract, Diff, Direction, Impact, InvalidAsyncApiOption,
    ParseContractError, Part, SchemaName, schema::Issue,
};
pub use dispatch::{BuildError, Call, Router};
pub use extract::{Ctx, FromCall, FromHandshake, HandshakeParts, NoState, PeerAddr, Rooms, State};
pub use handler::{Error, Reject, TypedError, code};
pub use mount::{Builder, Connection, Drained, Room, Server, bind};
pub use send::{Delivery, Message, Outgoing, Undelivered, spawn};
pub use shutdown::shutdown_signal;
pub use upgrade::{Handshake, OtherContracts};
#[cfg(feature = "compression")]
pub use wire::deflate::Compression;

/// The version of the wire protocol that the contract names.
pub(crate) const PROTOCOL_VERSION: &str = "0.1";
/// The version of the client that speaks exactly this protocol.
pub(crate) const CLIENT_VERSION: &str = "0.1.0";

/// What generated code calls. Not for use by hand: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::{
        contract::{Describe, Errors},
        dispatch::{At, Call, HeadersType, Incoming, Registry, Router, Start, SubState},
        extract::{Argument, FromCall, FromHandshake, NoState, ViaExtractor},
        handler::{
            BoxFuture, Error, Handling, IntoContext, Middleware, MiddlewareOutput, Reject, Reply, Returns,
            ReturnsValue, TypedError, boxed,
        },
        send::{Anchor, Message, Outgoing},
        upgrade::Handshake,
    };
    pub use core::{
        assert,
        convert::{From, Into},
        default::Default,
        file, fmt, format_args, line,
        marker::{Send, Sync},
        option::Option,
        primitive::{bool, str},
        result::Result,
    };
    pub use std::{format, string::ToString};
    pub use {schemars, serde};
}

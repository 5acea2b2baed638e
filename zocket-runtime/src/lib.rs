//! The runtime of zocket. Use it through the `zocket` crate, whose documentation explains it.
//!
//! A message passes through the folders in this order: `mount` → `upgrade` → `session` → `wire` → `dispatch` → `handler`
//! → `send` → `hub` → outbox → socket.

// Examples in this crate's documentation use the `zocket` facade.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod backplane;
mod call;
mod client_id;
mod compression;
mod config;
mod connection;
mod contract;
mod dispatch;
mod error;
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
mod target;
#[cfg(feature = "testing")]
pub mod testing;
mod upgrade;

pub use axum::extract::FromRef;
pub use call::{Call, Handshake, NoState};
pub use client_id::{ClientId, ParseClientIdError};
#[cfg(feature = "compression")]
pub use compression::Compression;
pub use config::ProxyHeaders;
pub use connection::{Ctx, Rooms};
pub use contract::{
    AsyncApiOptions, Change, ChangedPart, Contract, Diff, Direction, ErrorCode, Errors, Impact,
    InvalidAsyncApiOption, InvalidSchema, OtherContracts, ParseContractError, ParseContractErrorKind, Part,
    Position, Route, SchemaName, Validator,
    schema::{Issue, Violations},
};
pub use dispatch::{BuildError, BuildErrorKind, Router};
pub use error::{Error, Reject, TypedError, code};
pub use extract::{ClientAddr, FromCall, FromHandshake, HandshakeParts, Http, Payload, PeerAddr, State};
pub use mount::{Builder, Connection, Drained, Room, Serve, Server, WithPeer, bind, serve, with_peer};
pub use schemars;
pub use send::{Clients, Delivery, Message, Outgoing, RoomName, RoomNames, Undelivered, spawn};
pub use shutdown::shutdown_signal;
pub use upgrade::{AsPeer, Peer};

pub use wire::close::{CloseCode, InvalidCloseCode};

pub(crate) use zocket_wire as wire;

/// Called by generated code. Not for direct use: it changes without notice.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "testing")]
    pub use crate::testing::private::{
        Answers, Ask, Asked, ErrorData, NoError, SendPayload, UnreadData, ViaResult,
    };
    pub use crate::{
        call::{Call, Handshake, NoState, Start},
        connection::{Context, Contexts, contexts},
        contract::{
            Describe, Errors, Faithful, Probe, Seen, Unknown, first_paragraph, schema::MessageSchema,
        },
        dispatch::{At, HeadersType, Incoming, Registry, Router, SubState},
        error::{BoxFuture, Error, Handling, IntoContext, Reject, TypedError, boxed},
        extract::{Argument, FromCall, FromHandshake, IsState, ViaExtractor},
        handler::{
            Ends, Middleware, MiddlewareOutput, NotShared, Reply, Returns, ReturnsFaithful, ReturnsUnknown,
            ReturnsValue, Shared, Yields, no_middleware,
        },
        send::{Anchor, Message, Outgoing, Refused},
    };
    pub use core::{
        assert, cfg,
        convert::{From, Into},
        default::Default,
        file, fmt, format_args, line,
        marker::{Send, Sync},
        option::Option,
        primitive::{bool, str},
        result::Result,
    };
    pub use std::{borrow::Cow, format, string::ToString};
    pub use {schemars, serde};
}

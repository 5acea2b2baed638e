//! What a user of zocket sees, in process and over real sockets.
#![allow(dead_code, missing_docs, unreachable_pub)] // routers as an application would write them

mod ask;
mod attributes;
mod client_addr;
mod closing;
#[cfg(feature = "compression")]
mod compression;
mod context;
mod contract;
mod contract_gate;
mod described;
mod documented;
mod enforced;
mod errors;
mod fields;
#[cfg(all(
    feature = "bytes",
    feature = "chrono",
    feature = "indexmap",
    feature = "jiff",
    feature = "rust_decimal",
    feature = "semver",
    feature = "url",
    feature = "uuid"
))]
mod foreign_types;
mod guards;
mod guards_contract;
mod hand_written;
mod handshake;
mod handshake_keys;
mod headers;
mod http2;
mod in_process;
mod logs;
mod msgpack;
#[cfg(feature = "compression")]
mod msgpack_compressed;
mod order;
mod origin;
mod payload_in_middleware;
mod published;
mod readme;
mod rooms;
mod safe_integers;
mod sending;
mod serve;
mod settings;
mod sockets;
#[cfg(unix)]
mod tcp;
mod tls_end;
mod transports;
mod unavailable;
mod versions;

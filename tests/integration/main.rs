//! What a user of zocket sees, in process and over real sockets.
#![allow(dead_code, missing_docs, unreachable_pub)] // routers as an application would write them

#[cfg(feature = "compression")]
mod compression;
mod context;
mod contract;
mod contract_gate;
mod documented;
mod errors;
mod handshake;
mod logs;
mod msgpack;
#[cfg(feature = "compression")]
mod msgpack_compressed;
mod order;
mod published;
mod readme;
mod rooms;
mod sending;
mod sockets;
#[cfg(unix)]
mod tcp;
mod transports;
mod versions;

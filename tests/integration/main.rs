//! What a user of zocket sees, in process and over real sockets.
#![allow(dead_code, missing_docs, unreachable_pub)] // routers as an application would write them

mod context;
mod contract;
mod errors;
mod handshake;
mod logs;
mod order;
mod readme;
mod rooms;
mod sending;
mod sockets;

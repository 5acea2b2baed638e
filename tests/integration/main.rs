//! What a user of zocket sees, in process and over real sockets.

mod context;
mod contract;
mod errors;
mod handshake;
mod order;
mod readme;
mod rooms;
mod sending;
mod sockets;

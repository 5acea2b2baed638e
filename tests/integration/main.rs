//! What a user of zocket sees, in process and over real sockets.

mod context;
mod errors;
mod handshake;
mod order;
mod rooms;
mod sending;
mod sockets;

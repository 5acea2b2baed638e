//! The targets of the log's events: names that users filter by, so they do not change when files do.

/// Handshakes: which are refused and why, clients of other versions, `#[on_connect]`.
pub(crate) const HANDSHAKE: &str = "zocket::handshake";
/// Connections: how they end, broken sockets, protocol violations, `#[on_disconnect]`.
pub(crate) const CONNECTION: &str = "zocket::connection";
/// Calls: bad messages, refused calls, handlers that failed.
pub(crate) const CALL: &str = "zocket::call";
/// What was not sent, or was dropped.
pub(crate) const SEND: &str = "zocket::send";
/// Serving, draining, signals.
pub(crate) const SERVER: &str = "zocket::server";

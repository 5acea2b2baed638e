//! The outcome of sending a message.

use std::fmt;

/// The outcome of sending a message. It may be ignored: failures are logged as well.
///
/// *Queued* means in the connection's outbox or on its way there. A server cannot know whether a client then reads
/// it; a client that reads too slowly is disconnected, and does not silently miss messages.
///
/// ```
/// # #[zocket::router] mod app { #[outgoing] pub struct Tick {} }
/// # fn main() {
/// // No server of this router lives: nothing is sent, and the delivery says so.
/// let delivery = app::send::tick(app::Tick {}).broadcast();
/// assert_eq!(delivery.undelivered(), Some(zocket::Undelivered::NoServer));
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    queued: usize,
    dropped: usize,
    undelivered: Option<Undelivered>,
}

impl Delivery {
    pub(super) fn done(queued: usize, dropped: usize) -> Self {
        Self { queued, dropped, undelivered: (dropped > 0).then_some(Undelivered::QueueFull) }
    }

    pub(super) fn failed(why: Undelivered) -> Self {
        Self { queued: 0, dropped: 0, undelivered: Some(why) }
    }

    /// How many connections the message is queued for. 0 is not an error: an empty room has no receivers.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.queued
    }

    /// How many connections it was dropped for because the server's queue was full.
    #[must_use]
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// Why the message does not reach all of its receivers; `None` if it does.
    #[must_use]
    pub fn undelivered(&self) -> Option<Undelivered> {
        self.undelivered
    }
}

/// Why a message was not delivered to all of its receivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Undelivered {
    /// There is no live server of the message's router in this process.
    NoServer,
    /// There are several live servers of the router, and the sending code belongs to none of them: run it
    /// inside `server.scope(..)` or [`zocket::spawn`](crate::spawn), or name the server with `.via(&server)`.
    SeveralServers,
    /// The message cannot be written as JSON; the reason is in the log.
    NotSerializable,
    /// The message does not match the schema that the contract publishes for it; the log says what is wrong.
    AgainstSchema,
    /// More data is waiting to be sent than the server's limit allows.
    QueueFull,
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoServer => "no server of this router is alive in the process: build one and keep it",
            Self::SeveralServers => {
                "several servers of this router are alive: send inside `server.scope(..)` or `zocket::spawn`, or with `.via(&server)`"
            }
            Self::NotSerializable => "the message cannot be written as JSON",
            Self::AgainstSchema => "the message does not fit its published schema",
            Self::QueueFull => "more waits to be sent than the server's queue may hold",
        })
    }
}

impl std::error::Error for Undelivered {}

//! What became of a message.

use std::fmt;

/// What became of a message that was sent. It may be ignored: what went wrong is logged as well.
///
/// *Queued* means handed to the connection's outbox or on its way there. Whether a client then reads it is not known
/// to a server; one that reads too slowly is disconnected, it does not silently miss messages.
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

    /// How many connections the message is queued for. 0 is no error: an empty room has no receivers.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.queued
    }

    /// How many connections it was dropped for, because the server has more queued than it may.
    #[must_use]
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// Why the message reaches none, or not all, of its receivers; `None` when all is well.
    #[must_use]
    pub fn undelivered(&self) -> Option<Undelivered> {
        self.undelivered
    }
}

/// Why a message was not delivered to all of its receivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Undelivered {
    /// No server of the message's router lives in this process.
    NoServer,
    /// Several servers of the router live, and the code that sends belongs to none of them: run it inside
    /// `server.scope(..)` or [`zocket::spawn`](crate::spawn), or name the server with `.via(&server)`.
    SeveralServers,
    /// The message cannot be written as JSON; the reason is in the log.
    NotSerializable,
    /// More waits to be sent than the server's limit allows.
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
            Self::QueueFull => "more waits to be sent than the server's queue may hold",
        })
    }
}

impl std::error::Error for Undelivered {}

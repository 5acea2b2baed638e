//! A typed message on its way out.

use std::{cell::Cell, sync::Arc};

use bytes::Bytes;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Anchor, Clients, Delivery, RoomName, RoomNames, Undelivered, anchor::Live};
use crate::{
    backplane::{Addressed, Target},
    client_id::ClientId,
    connection::{Core, Current},
    contract::schema::MessageSchema,
    target, wire,
};

/// A message that the server sends: implemented by `#[outgoing]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a message of a router",
    label = "not marked `#[outgoing]`",
    note = "mark the type with `#[outgoing]` inside a `#[zocket::router]` module"
)]
pub trait Outgoing: Serialize + JsonSchema {
    /// The route, as it goes over the wire.
    const ROUTE: &'static str;

    /// Whether it may be compressed.
    #[doc(hidden)]
    const COMPRESS: bool = true;

    #[doc(hidden)]
    fn anchor() -> &'static Anchor;

    /// Whether all values of the type are known to match its schema.
    #[doc(hidden)]
    fn is_faithful() -> bool;

    /// The schema, if they are not, once a server has been built.
    #[doc(hidden)]
    fn schema() -> &'static MessageSchema;
}

/// A message made by a router's `send::…` functions. It goes out with [`broadcast`](Self::broadcast),
/// [`to`](Self::to), [`to_room`](Self::to_room) or [`to_rooms`](Self::to_rooms), which never block and never wait.
///
/// **Which server sends it?** Inside handlers, middleware, hooks, `server.scope(..)` and [`zocket::spawn`](crate::spawn):
/// the server they belong to. Elsewhere (an axum handler, a timer): the only live server of the router in this process.
/// If there is none, or several, the [`Delivery`] says so and an error is logged; [`via`](Self::via) names one.
///
/// Every receiver sees one sender's messages in the order in which they were sent, and a caller sees what its
/// handler sent to it before the handler's reply.
#[must_use = "a message goes out with `.broadcast()`, `.to(..)` or `.to_room(..)`"]
pub struct Message<T> {
    message: T,
    except: Vec<ClientId>,
    via: Option<Arc<Core>>,
    compress: bool,
}

impl<T: Outgoing> Message<T> {
    /// Wraps a message. The router's `send::…` functions do the same.
    pub fn new(message: T) -> Self {
        Self { message, except: Vec::new(), via: None, compress: T::COMPRESS }
    }

    /// Excludes one connection, most often the sender's, or [several](Clients). May be called several times.
    pub fn except(mut self, clients: impl Clients) -> Self {
        self.except.extend(clients.into_ids());
        self
    }

    pub(crate) fn via_core(mut self, core: &Arc<Core>) -> Self {
        self.via = Some(Arc::clone(core));
        self
    }

    /// Sends it uncompressed, even if the server and the client compress messages: for a message that contains both a
    /// secret and text that somebody else chooses. See `zocket::Compression`; `#[outgoing(uncompressed)]` does the same
    /// for all messages of a type.
    pub fn uncompressed(mut self) -> Self {
        self.compress = false;
        self
    }

    /// Sends to every connection of the router's server, including the caller's.
    pub fn broadcast(self) -> Delivery {
        self.send(&Target::All)
    }

    /// Sends to one connection, or to [several](Clients). Ids that are not connected are skipped.
    pub fn to(self, clients: impl Clients) -> Delivery {
        self.send(&Target::Clients(clients.into_ids().collect()))
    }

    /// Sends to every member of a room. For several rooms see [`to_rooms`](Self::to_rooms).
    pub fn to_room(self, room: impl RoomName) -> Delivery {
        self.send(&Target::Rooms(vec![room.into_name()]))
    }

    /// Sends to every member of any of the rooms, once to each.
    pub fn to_rooms(self, rooms: impl RoomNames) -> Delivery {
        self.send(&Target::Rooms(rooms.into_names()))
    }

    fn send(self, target: &Target) -> Delivery {
        let against_schema = Cell::new(false);
        let frame = match T::schema().get() {
            None => wire::message::event(T::ROUTE, &self.message),
            Some(schema) => {
                let check = |json: &str| schema.check_written(json).inspect_err(|_| against_schema.set(true));
                wire::message::checked_event(T::ROUTE, &self.message, Some(&check))
            }
        };
        let sending = Sending {
            anchor: T::anchor(),
            route: T::ROUTE,
            target,
            except: &self.except,
            compress: self.compress,
            via: self.via.as_ref(),
        };
        sending.deliver(frame.map_err(|error| {
            let why =
                if against_schema.get() { Undelivered::AgainstSchema } else { Undelivered::NotSerializable };
            (why, error)
        }))
    }
}

/// A type-erased message: the part that is the same for all types.
struct Sending<'a> {
    anchor: &'static Anchor,
    route: &'static str,
    target: &'a Target,
    except: &'a [ClientId],
    compress: bool,
    via: Option<&'a Arc<Core>>,
}

impl Sending<'_> {
    fn deliver(self, frame: Result<Bytes, (Undelivered, serde_json::Error)>) -> Delivery {
        let Self { anchor, route, target, except, compress, via } = self;
        let frame = match frame {
            Ok(frame) => frame,
            Err((why, error)) => {
                tracing::error!(target: target::SEND, route, %error, "message not sent: {why}");
                return Delivery::failed(why);
            }
        };
        let current = Current::get();
        let core = match via {
            Some(core) => Ok(Arc::clone(core)),
            None => resolve(anchor, current.as_ref()),
        };
        let sent = core.map(|core| {
            // A connection's replies can overtake only what its own server sends.
            let origin =
                current.filter(|current| Arc::ptr_eq(&current.core, &core)).and_then(|current| current.link);
            core.hub.send(&Addressed { target, except, frame: &frame, compress }, origin.as_ref())
        });
        match sent {
            Ok(sent) => {
                if sent.dropped > 0 {
                    let why = Undelivered::QueueFull;
                    tracing::error!(target: target::SEND, route, dropped = sent.dropped, "message dropped: {why}");
                }
                Delivery::done(sent.queued, sent.dropped)
            }
            Err(why) => {
                tracing::error!(target: target::SEND, route, router = anchor.name(), "message not sent: {why}");
                Delivery::failed(why)
            }
        }
    }
}

fn resolve(anchor: &'static Anchor, current: Option<&Current>) -> Result<Arc<Core>, Undelivered> {
    if let Some(current) = current
        && current.core.serves(anchor.id())
    {
        return Ok(Arc::clone(&current.core));
    }
    match anchor.live() {
        Live::One(core) => Ok(core),
        Live::None => Err(Undelivered::NoServer),
        Live::Several => Err(Undelivered::SeveralServers),
    }
}

impl<T> std::fmt::Debug for Message<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message").field("except", &self.except).finish_non_exhaustive()
    }
}

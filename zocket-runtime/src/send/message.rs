//! A typed message on its way out.

use std::sync::Arc;

use bytes::Bytes;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Anchor, Current, Delivery, Undelivered, anchor::Live};
use crate::{
    backplane::Published,
    client_id::ClientId,
    hub::Target,
    mount::{Core, Server},
    wire,
};

/// A message that the server sends: what `#[outgoing]` makes of a type.
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
}

/// A message made by a router's `send::…` functions. It goes out with [`broadcast`](Self::broadcast),
/// [`to`](Self::to), [`to_room`](Self::to_room) or [`to_rooms`](Self::to_rooms), which never block and never wait.
///
/// **Which server sends it?** Inside handlers, middleware, hooks, `server.scope(..)` and [`zocket::spawn`](crate::spawn):
/// the server they belong to. Elsewhere (an axum handler, a timer): the one live server of the router in this
/// process. With none, or several, the [`Delivery`] says so and an error is logged; [`via`](Self::via) names one.
///
/// Every receiver sees one sender's messages in the order sent, and a caller sees what its handler sent to it before
/// the handler's reply.
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

    /// Leaves out one connection, most often the sender's. May be called several times.
    pub fn except(mut self, client: ClientId) -> Self {
        self.except.push(client);
        self
    }

    /// Sends through this server, wherever the code runs.
    pub fn via<C>(mut self, server: &Server<C>) -> Self {
        self.via = Some(Arc::clone(server.core()));
        self
    }

    /// Sends it as it is, also by servers and to clients that compress messages: for one that has a secret in it together
    /// with text that somebody else chooses. See `zocket::Compression`; `#[outgoing(uncompressed)]` does the same for all
    /// messages of a type.
    pub fn uncompressed(mut self) -> Self {
        self.compress = false;
        self
    }

    /// Sends to every connection of the router's server, the caller's included.
    pub fn broadcast(self) -> Delivery {
        self.send(&Target::All)
    }

    /// Sends to these connections. Ids that are not connected are skipped.
    pub fn to(self, clients: impl IntoIterator<Item = ClientId>) -> Delivery {
        self.send(&Target::Clients(clients.into_iter().collect()))
    }

    /// Sends to every member of a room.
    pub fn to_room(self, room: impl Into<String>) -> Delivery {
        self.send(&Target::Rooms(vec![room.into()]))
    }

    /// Sends to every member of any of the rooms, to each once.
    pub fn to_rooms<R: Into<String>>(self, rooms: impl IntoIterator<Item = R>) -> Delivery {
        self.send(&Target::Rooms(rooms.into_iter().map(Into::into).collect()))
    }

    fn send(self, target: &Target) -> Delivery {
        let frame = wire::message::event(T::ROUTE, &self.message);
        let sending = Sending {
            anchor: T::anchor(),
            route: T::ROUTE,
            target,
            except: &self.except,
            compress: self.compress,
            via: self.via.as_ref(),
        };
        sending.deliver(frame)
    }
}

/// A message without its type: the part that is the same for all.
struct Sending<'a> {
    anchor: &'static Anchor,
    route: &'static str,
    target: &'a Target,
    except: &'a [ClientId],
    compress: bool,
    via: Option<&'a Arc<Core>>,
}

impl Sending<'_> {
    fn deliver(self, frame: Result<Bytes, serde_json::Error>) -> Delivery {
        let Self { anchor, route, target, except, compress, via } = self;
        let frame = match frame {
            Ok(frame) => frame,
            Err(error) => {
                tracing::error!(route, %error, "message not sent: it cannot be written as JSON");
                return Delivery::failed(Undelivered::NotSerializable);
            }
        };
        let current = Current::get();
        let core = match via {
            Some(core) => Ok(Arc::clone(core)),
            None => resolve(anchor, current.as_ref()),
        };
        let sent = core.map(|core| {
            // Only what a connection's own server sends can be overtaken by the connection's replies.
            let origin =
                current.filter(|current| Arc::ptr_eq(&current.core, &core)).and_then(|current| current.link);
            core.hub.send(&Published { target, except, frame: &frame, compress }, origin.as_ref())
        });
        match sent {
            Ok(sent) => {
                if sent.dropped > 0 {
                    let why = Undelivered::QueueFull;
                    tracing::error!(route, dropped = sent.dropped, "message dropped: {why}");
                }
                Delivery::done(sent.queued, sent.dropped)
            }
            Err(why) => {
                tracing::error!(route, router = anchor.name(), "message not sent: {why}");
                Delivery::failed(why)
            }
        }
    }
}

fn resolve(anchor: &'static Anchor, current: Option<&Current>) -> Result<Arc<Core>, Undelivered> {
    if let Some(current) = current
        && current.core.serves(anchor)
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

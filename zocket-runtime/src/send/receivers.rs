//! Whom a message goes to: one or several, as the caller has them.

use crate::client_id::ClientId;

/// Connections by their ids: one [`ClientId`], or several, as anything that can be iterated over.
///
/// ```
/// # #[zocket::router] mod app { #[outgoing] pub struct Tick {} }
/// # fn main() {
/// # let server = zocket::Server::builder(app::router()).build();
/// # let (one, other): (zocket::ClientId, zocket::ClientId) =
/// #     ("A".repeat(22).parse().unwrap(), "g".repeat(22).parse().unwrap());
/// app::send::tick(app::Tick {}).to(one);
/// app::send::tick(app::Tick {}).to([one, other]);
/// app::send::tick(app::Tick {}).except(one).to(server.connections().iter().map(|own| own.client_id()));
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` names no connections",
    label = "neither a `ClientId` nor several",
    note = "take the id itself, `.to(client)`, or several: `.to([a, b])`, `.to(ids.iter().copied())`; rooms are named with `.to_room(\"…\")`"
)]
pub trait Clients {
    #[doc(hidden)]
    fn into_ids(self) -> impl Iterator<Item = ClientId>;
}

impl Clients for ClientId {
    fn into_ids(self) -> impl Iterator<Item = ClientId> {
        std::iter::once(self)
    }
}

impl Clients for &ClientId {
    fn into_ids(self) -> impl Iterator<Item = ClientId> {
        std::iter::once(*self)
    }
}

#[diagnostic::do_not_recommend]
impl<I: IntoIterator<Item = ClientId>> Clients for I {
    fn into_ids(self) -> impl Iterator<Item = ClientId> {
        self.into_iter()
    }
}

/// The name of one room: a text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the name of a room",
    label = "not one text",
    note = "several rooms are named with `.to_rooms([\"a\", \"b\"])`, connections with `.to(client)`"
)]
pub trait RoomName {
    #[doc(hidden)]
    fn into_name(self) -> String;
}

#[diagnostic::do_not_recommend]
impl<N: Into<String>> RoomName for N {
    fn into_name(self) -> String {
        self.into()
    }
}

/// The names of several rooms: anything that can be iterated over.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name several rooms",
    label = "no list of names",
    note = "one room is named with `.to_room(\"a\")`, several with `.to_rooms([\"a\", \"b\"])`"
)]
pub trait RoomNames {
    #[doc(hidden)]
    fn into_names(self) -> Vec<String>;
}

#[diagnostic::do_not_recommend]
impl<I: IntoIterator> RoomNames for I
where
    I::Item: Into<String>,
{
    fn into_names(self) -> Vec<String> {
        self.into_iter().map(Into::into).collect()
    }
}

//! What the arguments of `#[on_connect]` are extracted from.

use std::{
    marker::PhantomData,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::{
    client_id::ClientId,
    connection::{ConnLink, StateSlot},
    contract::schema::Issue,
    error::Reject,
    wire::json,
};

/// A handshake without the types of its router.
pub(crate) struct Request {
    pub(crate) link: Arc<ConnLink>,
    pub(crate) parts: Arc<Parts>,
    /// The merged and validated headers, as JSON.
    pub(crate) headers: Arc<str>,
    pub(crate) state: StateSlot,
}

/// A handshake in progress: the headers are valid, and nothing has been answered yet. `St` is the router's
/// state.
pub struct Handshake<St> {
    request: Request,
    state: PhantomData<fn() -> St>,
}

impl<St: 'static> Handshake<St> {
    pub(crate) fn new(request: Request) -> Self {
        Self { request, state: PhantomData }
    }

    /// The id that the connection will have.
    #[must_use]
    pub fn client_id(&self) -> ClientId {
        self.request.link.id()
    }

    /// The HTTP request: method, URI, headers and extensions.
    #[must_use]
    pub fn parts(&self) -> Arc<Parts> {
        Arc::clone(&self.request.parts)
    }

    /// The address of the other end, if it was passed on (see [`PeerAddr`](crate::PeerAddr)).
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        self.request.link.peer()
    }

    /// The client's address, even behind trusted proxies, if the peer's was passed on (see
    /// [`ClientAddr`](crate::ClientAddr)).
    #[must_use]
    pub fn client_addr(&self) -> Option<IpAddr> {
        self.request.link.client_addr()
    }

    /// The router's state.
    #[must_use]
    pub fn state(&self) -> &St {
        self.request.link.core().state(self.request.state)
    }

    /// The merged headers and query parameters, read as a type of your own.
    ///
    /// # Errors
    /// 400 if they do not match. The router's own `#[headers]` have been validated already.
    pub fn headers<H: DeserializeOwned>(&self) -> Result<H, Reject> {
        let parsed = json::from_str(&self.request.headers).map_err(|error| {
            Reject::new(http::StatusCode::BAD_REQUEST)
                .with_body(serde_json::json!({"error": "Invalid headers", "details": [Issue::from(error)]}))
        })?;
        Ok(parsed.value)
    }
}

impl<St> std::fmt::Debug for Handshake<St> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Headers may hold tokens, so they are not printed.
        f.debug_struct("Handshake").field("client_id", &self.request.link.id()).finish_non_exhaustive()
    }
}

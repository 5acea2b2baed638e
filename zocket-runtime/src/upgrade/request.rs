//! What `#[on_connect]` draws from.

use std::{marker::PhantomData, net::SocketAddr, sync::Arc};

use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::{
    client_id::ClientId, contract::schema::Issue, dispatch::StateSlot, handler::Reject, session::ConnLink,
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

/// A handshake in progress: headers are valid, nothing is answered yet. `St` is the router's state.
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

    /// The address of the other end, where axum was asked to pass it on (see [`PeerAddr`](crate::PeerAddr)).
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        self.request.link.attachment().peer()
    }

    /// The router's state.
    #[must_use]
    pub fn state(&self) -> &St {
        self.request.link.attachment().core().state(self.request.state)
    }

    /// The merged headers and query parameters, as a type of your own.
    ///
    /// # Errors
    /// 400 where they do not fit. The router's own `#[headers]` have been validated already.
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
        // Headers hold tokens: they are not ours to print.
        f.debug_struct("Handshake").field("client_id", &self.request.link.id()).finish_non_exhaustive()
    }
}

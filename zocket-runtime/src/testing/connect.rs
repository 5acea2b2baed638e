//! The handshake of a client in process.

use std::{
    fmt,
    future::IntoFuture,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use axum::extract::ConnectInfo;
use http::{HeaderName, HeaderValue, Request};
use serde_json::Value;

use super::{client::Client, pipe::Pipe};
use crate::{dispatch::App, mount::Server, session::Transport, upgrade, wire::codec::Reads};

/// Connects a client to a server: `connect(&server).await`, with headers before the `.await` if needed.
pub fn connect<C>(server: &Server<C>) -> Connect {
    Connect {
        app: Arc::clone(server.app()),
        query: Vec::new(),
        headers: Vec::new(),
        peer: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1),
        deadline: Duration::from_secs(5),
    }
}

/// A client that is about to connect.
#[must_use = "a client connects when it is awaited"]
pub struct Connect {
    app: Arc<App>,
    query: Vec<(String, String)>,
    headers: Vec<(HeaderName, HeaderValue)>,
    peer: SocketAddr,
    deadline: Duration,
}

impl Connect {
    /// Sends a "header" the way clients do: as a query parameter.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends an HTTP header.
    ///
    /// # Panics
    /// If the name or the value is not valid in HTTP.
    pub fn http_header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).expect("a valid header name");
        let value = HeaderValue::try_from(value).expect("a valid header value");
        self.headers.push((name, value));
        self
    }

    /// The address that the server sees. Default: 127.0.0.1:1.
    pub fn peer(mut self, address: SocketAddr) -> Self {
        self.peer = address;
        self
    }

    /// How long each wait of the client may take before it panics. Default: 5 s.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    async fn run(self) -> Result<Client, Rejected> {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.query).finish();
        let mut request = Request::get(format!("/ws?{query}"));
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let request = request.extension(ConnectInfo(self.peer)).body(());
        let (mut parts, ()) = request.expect("a valid request").into_parts();
        parts.headers.entry(http::header::HOST).or_insert(HeaderValue::from_static("server.test"));
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        // Compressed messages are only for clients that ask for them with the header.
        let admitted = match upgrade::agree(&self.app.core.config, &parts.headers) {
            Ok(agreed) => {
                let transport = Box::pin(std::future::ready(Some(Transport::stream(theirs))));
                let reads = Reads { window: agreed.map(|agreed| agreed.window), ..Reads::default() };
                upgrade::admit(&self.app, parts, reads, transport).await
            }
            Err(reject) => Err(reject),
        };
        match admitted {
            Ok(link) => {
                let pipe = Pipe::new(ours, link.reads().window.is_some());
                Ok(Client::new(link, pipe, self.deadline))
            }
            Err(reject) => {
                let (status, _, body) = reject.into_parts();
                Err(Rejected { status: status.as_u16(), body })
            }
        }
    }
}

impl IntoFuture for Connect {
    type Output = Result<Client, Rejected>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Connect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect").finish_non_exhaustive()
    }
}

/// The handshake was refused.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Rejected {
    /// The HTTP status.
    pub status: u16,
    /// The JSON body.
    pub body: Value,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the handshake was refused with {}: {}", self.status, self.body)
    }
}

impl std::error::Error for Rejected {}

//! The handshake of a client in process.

use std::{
    fmt,
    future::IntoFuture,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Request, header, request::Parts};
use serde_json::Value;

use super::{
    client::Client,
    http1::{self, Answer},
    pipe::Pipe,
    waiting::{Outcome, Waiting},
};
use crate::{dispatch::App, error::Reject, mount::Server, session::Transport, upgrade, wire::codec::Reads};

/// Connects a client to a server: `connect(&server).await`, with headers before the `.await` if needed.
///
/// The server sees the request of a handshake, without an HTTP connection: [`connect_to`] has one, with an application's
/// routes and layers.
pub fn connect<C>(server: &Server<C>) -> Connect {
    Connect::over(Way::Server(Arc::clone(server.app())))
}

/// Connects a client to an axum application, over HTTP/1.1 in memory: `connect_to(&app, "/ws/lobby").await`.
///
/// Everything runs that would run behind a listener: the application's routes with their path parameters, its layers, axum's
/// extractors. The server's route is one of the application's, at whatever path.
///
/// ```
/// use axum::{Extension, extract::Path};
/// use zocket::{Ctx, Http};
///
/// #[derive(Clone)]
/// struct Tenant(&'static str);
///
/// #[zocket::router]
/// mod app {
///     use super::*;
///
///     #[context]
///     pub struct Guest {
///         pub room: String,
///         pub tenant: &'static str,
///     }
///
///     #[on_connect]
///     async fn enter(Http(Path(room)): Http<Path<String>>, Http(tenant): Http<Extension<Tenant>>) -> Guest {
///         Guest { room, tenant: tenant.0.0 }
///     }
///
///     #[incoming]
///     async fn whereabouts(guest: Ctx<Guest>) -> String {
///         format!("{} of {}", guest.room, guest.tenant)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let server = zocket::Server::builder(app::router()).build();
/// let http = axum::Router::new().route("/ws/{room}", server.route()).layer(Extension(Tenant("Acme")));
/// let mut client = zocket::testing::connect_to(&http, "/ws/lobby").await.unwrap();
/// assert_eq!(client.ask(app::calls::whereabouts()).await.unwrap(), "lobby of Acme");
/// # }
/// ```
pub fn connect_to(app: &axum::Router, path: &str) -> Connect {
    Connect::over(Way::Http { app: app.clone(), path: path.to_owned() })
}

/// A client that is about to connect.
#[must_use = "a client connects when it is awaited"]
pub struct Connect {
    way: Way,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    extensions: Extensions,
    deadline: Duration,
}

enum Way {
    /// The server by itself.
    Server(Arc<App>),
    /// An application with the server's route.
    Http { app: axum::Router, path: String },
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
    #[track_caller]
    pub fn http_header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).expect("a valid header name");
        let value = HeaderValue::try_from(value).expect("a valid header value");
        self.headers.append(name, value);
        self
    }

    /// Puts a value into the request's extensions, where `Http<Extension<T>>` and layers find it, as what accepts connections
    /// would.
    pub fn extension<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.extensions.insert(value);
        self
    }

    /// The address that the server sees. Default: 127.0.0.1:1.
    pub fn peer(self, address: SocketAddr) -> Self {
        self.extension(ConnectInfo(address))
    }

    /// How long each wait of the client may take before it panics, in tokio's time. Default: 5 s.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    fn over(way: Way) -> Self {
        Self {
            way,
            query: Vec::new(),
            headers: HeaderMap::new(),
            extensions: Extensions::new(),
            deadline: Duration::from_secs(5),
        }
        .peer(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1))
    }

    async fn run(self) -> Outcome<Result<Client, Rejected>> {
        let path = match &self.way {
            Way::Server(_) => "/ws",
            Way::Http { path, .. } => path,
        };
        let uri = with_query(path, &self.query);
        let request = Request::get(&uri).body(());
        let request = request.map_err(|error| format!("`{uri}` is no path of a request: {error}"))?;
        let (mut parts, ()) = request.into_parts();
        parts.headers = self.headers;
        parts.headers.entry(header::HOST).or_insert(HeaderValue::from_static("server.test"));
        match self.way {
            Way::Server(app) => {
                parts.extensions = self.extensions;
                Ok(directly(&app, parts, self.deadline).await.map_err(Rejected::of))
            }
            Way::Http { app, .. } => Ok(match http1::upgrade(app, parts, self.extensions).await? {
                Answer::Upgraded(link, stream) => {
                    let pipe = Pipe::new(stream, link.reads().window.is_some());
                    Ok(Client::new(link, pipe, self.deadline))
                }
                Answer::Refused(status, body) => Err(Rejected { status, body }),
            }),
        }
    }
}

async fn directly(app: &Arc<App>, parts: Parts, deadline: Duration) -> Result<Client, Reject> {
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    // Compressed messages are only for clients that ask for them with the header.
    let agreed = upgrade::agree(&app.core.config, &parts.headers)?;
    let transport = Box::pin(std::future::ready(Some(Transport::stream(theirs))));
    let reads = Reads { window: agreed.map(|agreed| agreed.window), ..Reads::default() };
    let link = upgrade::admit(app, parts, reads, transport).await?;
    let pipe = Pipe::new(ours, link.reads().window.is_some());
    Ok(Client::new(link, pipe, deadline))
}

fn with_query(path: &str, query: &[(String, String)]) -> String {
    if query.is_empty() {
        return path.to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let separator = if path.contains('?') { '&' } else { '?' };
    format!("{path}{separator}{query}")
}

impl IntoFuture for Connect {
    type Output = Result<Client, Rejected>;
    type IntoFuture = Waiting<'static, Self::Output>;

    #[track_caller]
    fn into_future(self) -> Self::IntoFuture {
        Waiting::new(self.run())
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
    /// The JSON body; as a string if it is no JSON.
    pub body: Value,
}

impl Rejected {
    fn of(reject: Reject) -> Self {
        let (status, _, body) = reject.into_parts();
        Self { status: status.as_u16(), body }
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the handshake was refused with {}: {}", self.status, self.body)
    }
}

impl std::error::Error for Rejected {}

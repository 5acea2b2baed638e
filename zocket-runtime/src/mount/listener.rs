//! A TCP listener for many clients.

use std::{
    io,
    net::{SocketAddr, ToSocketAddrs},
};

use tokio::net::{TcpListener, TcpSocket};

/// Connections that the kernel holds until they are accepted. Linux limits this to `net.core.somaxconn`, 4096
/// by default.
const BACKLOG: u32 = 4096;

/// Binds a TCP listener for [`serve`](crate::serve()), ready for the moment after a restart when all clients come back at once:
/// its backlog is 4096 connections, while those of tokio and the standard library are 1024 and 128. Clients beyond the backlog
/// are not refused; they wait a second or more until their kernel tries again.
///
/// You do not need to set `TCP_NODELAY`: a [`Server`](crate::Server) sets it on each TCP connection that it upgrades.
/// With TLS in between it cannot; then the code that accepts the connections must.
///
/// ```no_run
/// # #[zocket::router] mod app {}
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let server = zocket::Server::builder(app::router()).build();
/// let http = axum::Router::new().route("/ws", server.route());
/// zocket::serve(zocket::bind("0.0.0.0:3000")?, http).await
/// # }
/// ```
///
/// # Errors
/// None of the addresses can be bound; the error is that of the last one. A host name is resolved synchronously,
/// which may block.
///
/// # Panics
/// Outside of a tokio runtime.
pub fn bind(addresses: impl ToSocketAddrs) -> io::Result<TcpListener> {
    let mut failed = io::Error::new(io::ErrorKind::InvalidInput, "no address to bind");
    for address in addresses.to_socket_addrs()? {
        match bind_to(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

fn bind_to(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As tokio's own `TcpListener::bind`: a restarted server does not have to wait until the old one's connections are
    // forgotten. On Windows the option would let two servers share the port.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

//! A TCP listener for many clients.

use std::{
    io,
    net::{SocketAddr, ToSocketAddrs},
};

use tokio::net::{TcpListener, TcpSocket};

/// Connections that the kernel keeps ready until they are accepted. Linux takes this for as much as
/// `net.core.somaxconn` says, 4096 by default.
const BACKLOG: u32 = 4096;

/// Binds a TCP listener for `axum::serve`, ready for the moment after a restart when all clients come back at once:
/// its backlog is 4096 connections, where tokio's and the standard library's hold 1024 or 128. Clients beyond the
/// backlog are not refused; they wait a second or more until their kernel tries again.
///
/// `TCP_NODELAY` needs no care: a [`Server`](crate::Server) sets it on each TCP connection that it upgrades. With TLS in
/// between it cannot, and whoever accepts the connections must.
///
/// ```no_run
/// # #[zocket::router] mod app {}
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let server = zocket::Server::builder(app::router()).build();
/// let http = axum::Router::new().route("/ws", server.route());
/// axum::serve(zocket::bind("0.0.0.0:3000")?, http).await
/// # }
/// ```
///
/// # Errors
/// None of the addresses can be bound: the error of the last. A host name is looked up in place, which may block.
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
    // As tokio's own `TcpListener::bind`: a restarted server need not wait for the old one's connections to be forgotten.
    // On Windows the option would let two servers share the port.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

#!/bin/sh
# axum 0.8.9, tokio 1.54.1, rustc 1.95 - seen 2026-11-30
#
# A server has its own type for what is known of a connection: `impl Connected<IncomingStream<'_, TcpListener>> for Peer`. Then TCP_NODELAY
# is set as axum's documentation shows, with `ListenerExt::tap_io`, so that the listener is a `TapIo<TcpListener, F>`.
#
# Expected: a second implementation, for `TapIo<TcpListener, F>`, compiles like the first.
# Seen: E0119. axum implements the trait for `<L as Listener>::Addr`, where the listener is `TapIo<L, F>`; the
# compiler takes that for any type whatever, although for a `TcpListener` it can only be `SocketAddr`.
#
# Why it matters: who taps a listener has to give up the type, or to write a listener that wraps the other. A library that wants to set
# socket options on a user's listener had better do it in a listener of its own.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat >Cargo.toml <<'END'
[package]
name = "peer"
version = "0.0.0"
edition = "2024"

[dependencies]
axum = "=0.8.9"
tokio = { version = "=1.54.1", features = ["net"] }
END
cat >src/lib.rs <<'END'
use std::net::SocketAddr;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, TapIo};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone)]
pub struct Peer(pub SocketAddr);

pub type Tapped = TapIo<TcpListener, fn(&mut TcpStream)>;

impl Connected<IncomingStream<'_, TcpListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Self {
        Self(*stream.remote_addr())
    }
}
END
cargo check --quiet
cat >>src/lib.rs <<'END'

impl Connected<IncomingStream<'_, Tapped>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Tapped>) -> Self {
        Self(*stream.remote_addr())
    }
}
END
! cargo check --quiet 2>messages
grep '^error' messages
[ "$(grep -c '^error\[E0119\]' messages)" = 1 ]

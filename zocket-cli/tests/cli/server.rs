//! Servers in the process of the tests.

use std::{net::SocketAddr, sync::LazyLock};

use axum::{
    Router,
    body::Body,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect},
    routing::get,
};
use tokio::{net::TcpListener, runtime::Runtime};

use crate::router::shop;

pub(crate) static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// The shop, and other things that a URL may lead to. One for all tests.
pub(crate) fn address() -> SocketAddr {
    static ADDRESS: LazyLock<SocketAddr> = LazyLock::new(|| serve(app()));
    *ADDRESS
}

/// `scheme://host:port/path` on the shop's server.
pub(crate) fn url(scheme: &str, path: &str) -> String {
    format!("{scheme}://{}{path}", address())
}

/// Serves an application on a free port for the rest of the test's life.
pub(crate) fn serve(app: Router) -> SocketAddr {
    RUNTIME.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, app).await });
        address
    })
}

/// Only the shop, as most users serve theirs.
pub(crate) fn shop_alone() -> Router {
    let server = zocket::Server::builder(shop::router()).build();
    Router::new().route("/ws", server.route()).route("/contract.json", server.contract_route())
}

fn app() -> Router {
    let page = || async { axum::response::Html("<!doctype html><title>Shop</title>") };
    let huge = || async { Body::from(vec![b' '; (16 << 20) + 1]) };
    let json =
        |text: &'static str| move || async move { ([(header::CONTENT_TYPE, "application/json")], text) };
    shop_alone()
        .route("/page.json", get(page))
        .route("/empty.json", get(json("")))
        .route("/other.json", get(json("{\"name\":\"something else\"}")))
        .route("/bytes.json", get(|| async { vec![0xff_u8, 0xfe, 0x00] }))
        .route("/huge.json", get(huge))
        .route("/moved.json", get(|| async { Redirect::temporary("/contract.json") }))
        .route("/busy.json", get(|| async { StatusCode::SERVICE_UNAVAILABLE.into_response() }))
}

/// A port that nobody listens at: it was free a moment ago.
pub(crate) fn nobody() -> SocketAddr {
    std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|socket| socket.local_addr()).expect("a free port")
}

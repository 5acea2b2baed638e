//! A zocket server that speaks TLS itself, HTTP/1.1 and HTTP/2, with nothing but rustls between it and the socket.
//!
//! `cargo run --example tls`, then `curl --insecure https://127.0.0.1:3443/contract.json`, or connect to
//! `wss://127.0.0.1:3443/ws`. It generates a certificate at each start; set `CERT` and `KEY` to the paths of PEM files
//! to use your own. Most servers run behind a proxy that terminates TLS, and need none of this.
#![allow(missing_docs)] // an application, not a library

#[path = "tls/listener.rs"]
mod listener;

use std::{error::Error, io::Write, sync::Arc, time::Duration};

use tokio_rustls::rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

#[zocket::router]
mod app {
    /// Says what was said.
    #[incoming]
    async fn echo(text: String) -> String {
        text
    }
}

fn certificate() -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Box<dyn Error>> {
    if let (Ok(certificate), Ok(key)) = (std::env::var("CERT"), std::env::var("KEY")) {
        let chain = CertificateDer::pem_file_iter(certificate)?.collect::<Result<_, _>>()?;
        return Ok((chain, PrivateKeyDer::from_pem_file(key)?));
    }
    let made = rcgen::generate_simple_self_signed(["localhost".into(), "127.0.0.1".into()])?;
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der())?;
    Ok((vec![made.cert.der().clone()], key))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let (chain, key) = certificate()?;
    let mut config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key)?;
    // Browsers open WebSockets over HTTP/2 if the server supports it.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];

    let server = zocket::Server::builder(app::router()).build();
    let http =
        axum::Router::new().route("/ws", server.route()).route("/contract.json", server.contract_route());
    let port: u16 = std::env::var("PORT").as_deref().unwrap_or("3443").parse()?;
    let tls = listener::TlsListener::new(zocket::bind(("127.0.0.1", port))?, Arc::new(config))?;
    writeln!(std::io::stdout(), "listening on https://{}", tls.address())?;
    Ok(zocket::serve(tls, http).drain(&server, Duration::from_secs(10)).await?)
}

//! TLS: `https` and `wss` trust what the system trusts, and nothing else.

use std::{net::SocketAddr, sync::Arc};

use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivateKeyDer},
    server::TlsStream,
};

use crate::{
    program::{Folder, Ran, command},
    server::{RUNTIME, shop_alone},
};

struct Tls {
    tcp: TcpListener,
    acceptor: TlsAcceptor,
}

impl axum::serve::Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        loop {
            let (tcp, address) = self.tcp.accept().await.expect("a connection");
            // A client that does not trust us disconnects here.
            if let Ok(tls) = self.acceptor.accept(tcp).await {
                return (tls, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

/// Serves the shop over TLS. Returns the port, and the certificate to trust.
fn serve() -> (u16, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".into()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let config =
        ServerConfig::builder_with_provider(Arc::new(tokio_rustls::rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("a configuration");
    let port = RUNTIME.block_on(async {
        let tcp = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = tcp.local_addr().expect("an address").port();
        let listener = Tls { tcp, acceptor: Arc::new(config).into() };
        tokio::spawn(async move { axum::serve(listener, shop_alone()).await });
        port
    });
    (port, made.cert.pem())
}

#[test]
fn a_trusted_server_is_called_and_another_is_not() {
    let (port, certificate) = serve();
    let folder = Folder::new("secure");
    let trusted = folder.write("ca.pem", certificate);
    let (_, stranger) = serve();
    let untrusted = folder.write("other.pem", stranger);
    let run = |args: &[&str], certificates: &str| -> Ran {
        command(args).env("SSL_CERT_FILE", certificates).output().expect("the program to start").into()
    };
    let (https, wss) = (format!("https://localhost:{port}"), format!("wss://localhost:{port}/ws"));
    let order = r#"{"article":"tea","count":1}"#;
    run(&["check", &https], &trusted).exits(0);
    run(&["call", &wss, "stock.orderNow", order], &trusted).exits(0);
    // Both ways to the server say what to do, and not that it might not be running.
    let help = "help: name the certificate of who vouches for it, as SSL_CERT_FILE=ca.pem; or take any, with --insecure";
    run(&["check", &https], &untrusted).exits(3).says(&[
        "cannot reach https://localhost",
        "certificate",
        help,
    ]);
    run(&["call", &wss, "stock.orderNow", order, "--no-check"], &untrusted).exits(3).says(&[
        "cannot reach wss://localhost",
        "certificate",
        help,
    ]);
    run(&["check", &https, "--insecure"], &untrusted).exits(0);
    run(&["--insecure", "call", &wss, "stock.orderNow", order], &untrusted).exits(0);
    // The certificate is for another name.
    let elsewhere = format!("https://127.0.0.1:{port}");
    run(&["check", &elsewhere], &trusted).exits(3).says(&["help: its certificate is for other names"]);
    run(&["check", &elsewhere, "--insecure"], &trusted).exits(0);
}

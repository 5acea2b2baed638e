//! Whom to trust: the certificates that the operating system does, for HTTP and WebSockets alike.

use std::sync::{Arc, LazyLock};

use rustls::{ClientConfig, RootCertStore, crypto::CryptoProvider, pki_types::CertificateDer};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// As the system has them; `SSL_CERT_FILE` and `SSL_CERT_DIR` name others. What cannot be read is left out: a server that
/// needs it is then not trusted, and says so.
static TRUSTED: LazyLock<Vec<CertificateDer<'static>>> =
    LazyLock::new(|| rustls_native_certs::load_native_certs().certs);

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

pub(super) fn for_http() -> TlsConfig {
    let certificates: Vec<_> =
        TRUSTED.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
    TlsConfig::builder()
        .root_certs(RootCerts::from(certificates.into_iter()))
        .unversioned_rustls_crypto_provider(provider())
        .build()
}

pub(super) fn for_websockets() -> Result<Arc<ClientConfig>, rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(TRUSTED.iter().cloned());
    let config = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

//! Whom to trust: the certificates that the operating system does, for HTTP and WebSockets alike; with `--insecure`, anybody.

use std::{
    io,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// The system's certificates, or those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name. Certificates that cannot be read are
/// skipped: a server that needs one is then not trusted, which the error says.
static TRUSTED: LazyLock<Vec<CertificateDer<'static>>> =
    LazyLock::new(|| rustls_native_certs::load_native_certs().certs);

/// Whether any certificate will do. Set once, before anything is reached.
static TRUSTS_ANYBODY: AtomicBool = AtomicBool::new(false);

/// From now on any certificate will do: who answers is not known then, only that nobody else listens.
pub(crate) fn trust_anybody() {
    TRUSTS_ANYBODY.store(true, Relaxed);
}

/// A way out, where it is the certificate that is wrong.
pub(super) fn help(error: &io::Error) -> Option<&'static str> {
    let rustls::Error::InvalidCertificate(wrong) = error.get_ref()?.downcast_ref()? else { return None };
    Some(match wrong {
        // One of the same name as a trusted one, and with another key, is as strange.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "name the certificate of who vouches for it, as SSL_CERT_FILE=ca.pem; or take any, with --insecure"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for other names: use one of those in the URL, or take any, with --insecure"
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate is too old: is the clock right? If it is your own server, --insecure takes any"
        }
        _ => "if it is your own server, --insecure takes any certificate",
    })
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

pub(super) fn for_http() -> TlsConfig {
    let certificates: Vec<_> =
        TRUSTED.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
    TlsConfig::builder()
        .root_certs(RootCerts::from(certificates.into_iter()))
        .unversioned_rustls_crypto_provider(provider())
        .disable_verification(TRUSTS_ANYBODY.load(Relaxed))
        .build()
}

pub(super) fn for_websockets() -> Result<Arc<ClientConfig>, rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(TRUSTED.iter().cloned());
    let config = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    if TRUSTS_ANYBODY.load(Relaxed) {
        let config = config.dangerous().with_custom_certificate_verifier(Arc::new(Anybody(provider())));
        return Ok(Arc::new(config.with_no_client_auth()));
    }
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// Takes any certificate, of whoever has its key.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

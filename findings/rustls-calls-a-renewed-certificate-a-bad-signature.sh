#!/bin/sh
# rustls 0.23.46 (ring), rustls-webpki 0.103.17, rcgen 0.14.10 - seen 2026-11-30
#
# A server's self-signed certificate is made again, with the same name and a new key, as scripts for development do. A client still
# trusts the old one.
#
# Expected: UnknownIssuer, as for any other certificate that the client was not told to trust.
# Seen: BadSignature. The issuer is looked for by its name; the old certificate has it, and its key did not sign the new one. With another
# name it is UnknownIssuer.
#
# Why it matters: "bad signature" sends people looking for a damaged file or a wrong algorithm. What helps is to copy the new
# certificate to the client.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat >Cargo.toml <<'END'
[package]
name = "renewed"
version = "0.0.0"
edition = "2024"

[dependencies]
rcgen = { version = "=0.14.10", default-features = false, features = ["crypto", "ring"] }
rustls = { version = "=0.23.46", default-features = false, features = ["ring", "std"] }
rustls-webpki = "=0.103.17"
END
cat >src/main.rs <<'END'
use std::sync::Arc;

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use rustls::RootCertStore;
use rustls::client::{WebPkiServerVerifier, danger::ServerCertVerifier};
use rustls::pki_types::{CertificateDer, UnixTime};

/// A new self-signed certificate for localhost, whose subject has this name.
fn certificate(name: &str) -> CertificateDer<'static> {
    let mut params = CertificateParams::new(vec!["localhost".into()]).unwrap();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().into()
}

fn main() {
    let mut trusted = RootCertStore::empty();
    trusted.add(certificate("dev")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(trusted.into(), provider).build().unwrap();
    for name in ["dev", "other"] {
        let shown = certificate(name);
        let host = "localhost".try_into().unwrap();
        println!("{name}: {}", verifier.verify_server_cert(&shown, &[], &host, &[], UnixTime::now()).unwrap_err());
    }
}
END
seen=$(cargo run --quiet)
echo "$seen"
[ "$seen" = "dev: invalid peer certificate: BadSignature
other: invalid peer certificate: UnknownIssuer" ]

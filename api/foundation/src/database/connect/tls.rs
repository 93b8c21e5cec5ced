//! TLS as `sslmode` asks for it, with the meanings that PostgreSQL's own clients give it.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context as _;
use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject as _},
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Who vouches for the server's certificate.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verification {
    /// Nobody: `prefer` and `require` encrypt, and do not ask who answers.
    None,
    /// The public authorities: `verify-ca` and `verify-full`.
    Public,
    /// The authorities in this file: `sslrootcert`, with any mode.
    File(PathBuf),
}

impl Verification {
    /// Takes out of an address what the driver does not know: `sslrootcert`, and the modes of
    /// `sslmode` that verify.
    pub(super) fn take_from(url: &str) -> anyhow::Result<(String, Self)> {
        let Some((base, query)) = url.split_once('?') else {
            return Ok((url.to_owned(), Self::None));
        };
        let mut verification = Self::None;
        let mut kept = Vec::new();
        for option in query.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=') {
                Some(("sslmode", "verify-ca" | "verify-full")) => {
                    kept.push("sslmode=require");
                    if verification == Self::None {
                        verification = Self::Public;
                    }
                }
                Some(("sslrootcert", "system")) => verification = Self::Public,
                Some(("sslrootcert", path)) => {
                    verification = Self::File(PathBuf::from(decoded(path)?));
                }
                _ => kept.push(option),
            }
        }
        let url = if kept.is_empty() {
            base.to_owned()
        } else {
            format!("{base}?{}", kept.join("&"))
        };
        Ok((url, verification))
    }
}

/// Undoes percent-encoding.
fn decoded(text: &str) -> anyhow::Result<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if let (b'%', [high, low, after @ ..]) = (first, tail) {
            let code = [*high, *low];
            let code = std::str::from_utf8(&code)
                .ok()
                .and_then(|hex| u8::from_str_radix(hex, 16).ok());
            bytes
                .push(code.context("a percent sign in sslrootcert is not followed by two digits")?);
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).context("sslrootcert is not UTF-8")
}

/// What opens TLS on a new connection, where the address's mode asks for it.
pub(super) fn connector(verification: &Verification) -> anyhow::Result<MakeRustlsConnect> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .context("TLS cannot be set up")?;
    let roots = match verification {
        Verification::None => {
            let anyone = Arc::new(Anyone(provider));
            let config = builder.dangerous().with_custom_certificate_verifier(anyone);
            return Ok(MakeRustlsConnect::new(config.with_no_client_auth()));
        }
        Verification::Public => webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect(),
        Verification::File(path) => {
            let mut roots = RootCertStore::empty();
            let unusable = || {
                format!(
                    "sslrootcert: no certificates can be read from {}",
                    path.display()
                )
            };
            for certificate in CertificateDer::pem_file_iter(path).with_context(unusable)? {
                roots
                    .add(certificate.with_context(unusable)?)
                    .with_context(unusable)?;
            }
            roots
        }
    };
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .context("sslrootcert holds no certificate of an authority")?;
    Ok(MakeRustlsConnect::new(
        builder.with_webpki_verifier(verifier).with_no_client_auth(),
    ))
}

/// Believes any certificate, but still checks that the server holds its key.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_driver_does_not_know_is_taken_out() {
        let url = "postgres://u@h/d?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem&a=b";
        let (url, verification) = Verification::take_from(url).unwrap();
        assert_eq!(url, "postgres://u@h/d?sslmode=require&a=b");
        assert_eq!(
            verification,
            Verification::File(PathBuf::from("/etc/ca.pem"))
        );
    }

    #[test]
    fn a_missing_file_of_authorities_is_named() {
        let error = connector(&Verification::File("/no/such.pem".into()))
            .err()
            .unwrap();
        assert!(format!("{error:#}").contains("/no/such.pem"));
    }

    #[test]
    fn connectors_can_be_made() {
        assert!(connector(&Verification::None).is_ok());
        assert!(connector(&Verification::Public).is_ok());
    }
}

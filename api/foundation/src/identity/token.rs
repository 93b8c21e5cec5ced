//! What callers prove themselves with: access tokens, refresh tokens, API keys, invitations.
//!
//! An access token is a JWT that says who and where, never what they may do. The others are random
//! texts, of which only a digest is kept.

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use quick_cache::sync::Cache;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::config::SigningKey;
use crate::graph::failure::{Code, Failure};
use crate::graph::type_id;
use crate::identity::Sealer;

/// How long an access token opens.
const LIFETIME: TimeDelta = TimeDelta::minutes(15);
/// Who issues tokens, and for whom.
const ISSUER: &str = "bizing";
/// How many access tokens are known again without looking at their signature.
const KNOWN: usize = 10_000;
/// What an API key begins with.
const KEY_MARK: &str = "bzk_";

/// Whom an access token speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// The user.
    pub user_id: Uuid,
    /// The tenant.
    pub biz_id: Uuid,
    /// The session: the family of its refresh tokens.
    pub session_id: Uuid,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    biz: String,
    sid: String,
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
}

/// Signs access tokens, and knows its own signature.
pub struct TokenKeys {
    header: Header,
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
    /// What verified tokens say, and when they end. Only what they prove is kept, which does not
    /// change; whether their session still stands is asked elsewhere, each time.
    known: Cache<String, (Access, i64)>,
}

impl std::fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenKeys")
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}

impl TokenKeys {
    /// Keys from the program's setting. The algorithm is the key's, and no other is accepted.
    pub fn new(key: &SigningKey) -> anyhow::Result<Self> {
        let (signing, algorithm) = match key {
            SigningKey::Secret(secret) => (EncodingKey::from_secret(secret), Algorithm::HS256),
            SigningKey::PrivateKey(pem) => private_key(pem.as_bytes())?,
        };
        let wrong = "BIZING_JWT_PRIVATE_KEY cannot sign: it is an Ed25519, P-256 or RSA key in PEM";
        let public = Jwk::from_encoding_key(&signing, algorithm).context(wrong)?;
        let verifying = DecodingKey::from_jwk(&public).context(wrong)?;
        let mut header = Header::new(algorithm);
        // A thumbprint of the whole key: of a secret, 64 bits of a digest give nothing away.
        let mut kid = public.thumbprint(ThumbprintHash::SHA256).context(wrong)?;
        kid.truncate(11);
        header.kid = Some(kid);
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // By the program's clock, not the machine's; see `verify`.
        validation.validate_exp = false;
        let keys = Self {
            header,
            signing,
            verifying,
            validation,
            known: Cache::new(KNOWN),
        };
        keys.check().context(wrong)?;
        Ok(keys)
    }

    /// A key that cannot sign is found when the program starts, not when someone signs in.
    fn check(&self) -> anyhow::Result<()> {
        let probe = Access {
            user_id: Uuid::nil(),
            biz_id: Uuid::nil(),
            session_id: Uuid::nil(),
        };
        let now = DateTime::UNIX_EPOCH;
        let (token, _) = self.issue(&probe, now)?;
        self.verify(&token, now)?;
        Ok(())
    }

    /// An access token, and when it ends.
    pub fn issue(
        &self,
        access: &Access,
        now: DateTime<Utc>,
    ) -> Result<(String, DateTime<Utc>), Failure> {
        let until = now + LIFETIME;
        let claims = Claims {
            sub: type_id::encode("usr", access.user_id),
            biz: type_id::encode("biz", access.biz_id),
            sid: type_id::encode("ses", access.session_id),
            iss: ISSUER.to_owned(),
            aud: ISSUER.to_owned(),
            iat: now.timestamp(),
            exp: until.timestamp(),
        };
        let token = jsonwebtoken::encode(&self.header, &claims, &self.signing);
        let until = DateTime::from_timestamp(until.timestamp(), 0).unwrap_or(until);
        Ok((token.map_err(Failure::internal)?, until))
    }

    /// Whom an access token speaks of, if it is ours and has not ended.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Access, Failure> {
        let known = self.known.get(token);
        let is_known = known.is_some();
        let (access, until) = match known {
            Some(known) => known,
            None => self.read(token)?,
        };
        if until <= now.timestamp() {
            let text = "The access token has expired: get a new one with tokenRefresh.";
            return Err(unauthenticated(text));
        }
        if !is_known {
            self.known.insert(token.to_owned(), (access, until));
        }
        Ok(access)
    }

    /// When a token ends, if its signature is ours.
    pub fn ends_at(&self, token: &str) -> Option<DateTime<Utc>> {
        let known = self.known.get(token).or_else(|| self.read(token).ok());
        known.and_then(|(_, until)| DateTime::from_timestamp(until, 0))
    }

    /// What a token says, and when it ends, if its signature is ours.
    fn read(&self, token: &str) -> Result<(Access, i64), Failure> {
        let refused = || unauthenticated("This access token is not one of ours: sign in again.");
        let read = jsonwebtoken::decode::<Claims>(token, &self.verifying, &self.validation)
            .map_err(|_| refused())?;
        if read.header.kid != self.header.kid {
            return Err(refused());
        }
        let claims = read.claims;
        let id = |prefix: &str, text: &str| match type_id::parse(text) {
            Some((found, id)) if found == prefix => Ok(id),
            _ => Err(refused()),
        };
        let access = Access {
            user_id: id("usr", &claims.sub)?,
            biz_id: id("biz", &claims.biz)?,
            session_id: id("ses", &claims.sid)?,
        };
        Ok((access, claims.exp))
    }
}

/// A key in PEM, and the algorithm that it signs with.
fn private_key(pem: &[u8]) -> anyhow::Result<(EncodingKey, Algorithm)> {
    let key = EncodingKey::from_ed_pem(pem)
        .map(|key| (key, Algorithm::EdDSA))
        .or_else(|_| EncodingKey::from_ec_pem(pem).map(|key| (key, Algorithm::ES256)))
        .or_else(|_| EncodingKey::from_rsa_pem(pem).map(|key| (key, Algorithm::RS256)));
    key.context(
        "BIZING_JWT_PRIVATE_KEY is no key that can sign: give an Ed25519, P-256 or RSA key in PKCS#8",
    )
}

/// The failure of a caller whose proof is worth nothing.
pub fn unauthenticated(message: &str) -> Failure {
    Failure::new(Code::Unauthenticated, message)
}

/// A text that proves something, and what is kept of it.
#[derive(Clone)]
pub struct Secret {
    /// The text, for its holder alone.
    pub text: String,
    /// Its digest, to know it again.
    pub digest: Vec<u8>,
}

impl Secret {
    fn of(text: String) -> Self {
        let digest = digest(&text);
        Self { text, digest }
    }

    /// 256 random bits: a refresh token, or the token of an invitation.
    pub fn random() -> Result<Self, Failure> {
        Ok(Self::of(URL_SAFE_NO_PAD.encode(random::<32>()?)))
    }

    /// The one that belongs to a row: it follows from the program's data key, so that it can be told
    /// again, and stands nowhere.
    pub fn belonging_to(sealer: &Sealer, biz_id: Uuid, id: Uuid) -> Self {
        Self::of(URL_SAFE_NO_PAD.encode(sealer.secret(biz_id, id)))
    }
}

/// An API key.
pub struct ApiKey {
    /// What people recognise it by.
    pub prefix: String,
    /// The whole key.
    pub secret: Secret,
}

impl ApiKey {
    /// A new key: `bzk_<prefix>_<secret>`.
    pub fn random() -> Result<Self, Failure> {
        let mark = u64::from_be_bytes(random()?) & 0xff_ffff_ffff;
        let prefix = format!("{KEY_MARK}{mark:010x}");
        let text = format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(random::<32>()?));
        Ok(Self {
            prefix,
            secret: Secret::of(text),
        })
    }
}

/// Whether a bearer's text has the form of an API key.
pub fn is_api_key(text: &str) -> bool {
    text.starts_with(KEY_MARK)
}

/// What people recognise an API key by: all that comes before its secret.
pub fn key_prefix(text: &str) -> &str {
    let end = text.match_indices('_').nth(1).map(|(at, _)| at);
    &text[..end.unwrap_or(text.len())]
}

/// What is kept of a secret text. It is random, so a fast digest is as good as a slow one.
pub fn digest(text: &str) -> Vec<u8> {
    Sha256::digest(text).to_vec()
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(Failure::internal)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED25519: &str = "-----BEGIN PRIVATE KEY-----\n\
        MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n\
        -----END PRIVATE KEY-----\n";

    fn secret(byte: u8) -> TokenKeys {
        TokenKeys::new(&SigningKey::Secret(vec![byte; 32])).unwrap()
    }

    fn access() -> Access {
        Access {
            user_id: Uuid::from_u128(1),
            biz_id: Uuid::from_u128(2),
            session_id: Uuid::from_u128(3),
        }
    }

    fn header(token: &str) -> serde_json::Value {
        let first = token.split('.').next().unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(first).unwrap()).unwrap()
    }

    #[test]
    fn a_token_ends_and_belongs_to_its_key() {
        let (keys, now) = (secret(1), DateTime::UNIX_EPOCH);
        let (token, until) = keys.issue(&access(), now).unwrap();
        assert_eq!(until, now + LIFETIME);
        assert_eq!(keys.verify(&token, now).unwrap(), access());
        let last = until - TimeDelta::seconds(1);
        assert!(keys.verify(&token, last).is_ok());
        let late = keys.verify(&token, until).unwrap_err();
        assert!(late.message.contains("expired"));
        assert!(secret(2).verify(&token, now).is_err());
        assert_eq!(header(&token)["alg"], "HS256");
        assert_eq!(header(&token)["kid"].as_str().unwrap().len(), 11);
    }

    #[test]
    fn the_algorithm_is_pinned() {
        let (keys, now) = (secret(1), DateTime::UNIX_EPOCH);
        let (token, _) = keys.issue(&access(), now).unwrap();
        let body = token.split('.').nth(1).unwrap();
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        assert!(keys.verify(&format!("{none}.{body}."), now).is_err());
        let mut other = Header::new(Algorithm::HS512);
        other.kid.clone_from(&keys.header.kid);
        let claims: serde_json::Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap();
        let forged = jsonwebtoken::encode(&other, &claims, &keys.signing).unwrap();
        assert!(keys.verify(&forged, now).is_err());
    }

    #[test]
    fn a_private_key_signs_with_its_own_algorithm() {
        let keys = TokenKeys::new(&SigningKey::PrivateKey(ED25519.to_owned())).unwrap();
        let (token, _) = keys.issue(&access(), DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(header(&token)["alg"], "EdDSA");
        let known = keys.verify(&token, DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(known, access());
        assert!(TokenKeys::new(&SigningKey::PrivateKey("nonsense".to_owned())).is_err());
    }

    #[test]
    fn api_keys_are_known_by_their_beginning() {
        let key = ApiKey::random().unwrap();
        assert!(is_api_key(&key.secret.text));
        assert_eq!(key_prefix(&key.secret.text), key.prefix);
        assert_eq!(key.secret.digest, digest(&key.secret.text));
        assert_ne!(
            Secret::random().unwrap().text,
            Secret::random().unwrap().text
        );
    }
}

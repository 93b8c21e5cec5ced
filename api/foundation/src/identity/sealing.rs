//! Personal data at rest: sealed with AES-256-GCM under a key of the tenant, found by a blind
//! index (HMAC-SHA-256) of the normalised value.
//!
//! Tenant keys are derived (HKDF) from the program's data key, so no key ever stands in SQL. A
//! sealed value is one byte of key version, the nonce, then the ciphertext with its tag.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use ring::rand::{SecureRandom, SystemRandom};
use ring::{hkdf, hmac};
use uuid::Uuid;

use crate::graph::failure::Failure;

/// The version of the data key that new values are sealed with.
const KEY_VERSION: u8 = 1;

/// Seals, opens and indexes personal data.
#[derive(Clone, Debug)]
pub struct Sealer {
    master: Prk,
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

impl Sealer {
    /// A sealer whose tenant keys come from this secret.
    pub fn new(secret: &[u8]) -> Self {
        Self {
            master: Salt::new(HKDF_SHA256, b"bizing personal data").extract(secret),
        }
    }

    fn key(&self, biz_id: Uuid, purpose: &[u8]) -> Result<[u8; 32], ring::error::Unspecified> {
        let info = [purpose, biz_id.as_bytes().as_slice()];
        let mut key = [0; 32];
        let okm: hkdf::Okm<'_, Length> = self.master.expand(&info, Length(32))?;
        okm.fill(&mut key)?;
        Ok(key)
    }

    fn cipher(&self, biz_id: Uuid) -> Result<LessSafeKey, ring::error::Unspecified> {
        let key = self.key(biz_id, b"seal")?;
        Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key)?))
    }

    /// Seals a text for this tenant.
    pub fn seal(&self, biz_id: Uuid, text: &str) -> Result<Vec<u8>, Failure> {
        let sealed = || {
            let mut nonce = [0; NONCE_LEN];
            SystemRandom::new().fill(&mut nonce)?;
            let mut body = text.as_bytes().to_vec();
            self.cipher(biz_id)?.seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(biz_id.as_bytes()),
                &mut body,
            )?;
            Ok::<_, ring::error::Unspecified>([&[KEY_VERSION], nonce.as_slice(), &body].concat())
        };
        sealed().map_err(|_| Failure::internal("a value could not be sealed"))
    }

    /// Opens what was sealed for this tenant.
    pub fn open(&self, biz_id: Uuid, sealed: &[u8]) -> Result<String, Failure> {
        let opened = || {
            let (version, rest) = sealed.split_first()?;
            if *version != KEY_VERSION || rest.len() < NONCE_LEN {
                return None;
            }
            let (nonce, body) = rest.split_at(NONCE_LEN);
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let mut body = body.to_vec();
            let cipher = self.cipher(biz_id).ok()?;
            let text = cipher
                .open_in_place(nonce, Aad::from(biz_id.as_bytes()), &mut body)
                .ok()?;
            String::from_utf8(text.to_vec()).ok()
        };
        opened().ok_or_else(|| Failure::internal("a sealed value could not be opened"))
    }

    /// The secret that belongs to a row of this tenant: whoever has not the data key cannot know it.
    pub fn secret(&self, biz_id: Uuid, id: Uuid) -> Vec<u8> {
        self.tag(biz_id, b"secret", id.as_bytes())
    }

    /// The index under which a value is found: equal for values equal but for case and spaces.
    pub fn blind_index(&self, biz_id: Uuid, text: &str) -> Vec<u8> {
        let normal = text.trim().to_lowercase();
        self.tag(biz_id, b"index", normal.as_bytes())
    }

    fn tag(&self, biz_id: Uuid, purpose: &[u8], of: &[u8]) -> Vec<u8> {
        let key = self.key(biz_id, purpose).unwrap_or_default();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        hmac::sign(&key, of).as_ref().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_opens_only_for_its_tenant() {
        let sealer = Sealer::new(b"secret");
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let kept = sealer.seal(one, "ana@example.com").unwrap();
        assert_eq!(sealer.open(one, &kept).unwrap(), "ana@example.com");
        assert!(sealer.open(two, &kept).is_err());
        assert_eq!(
            sealer.blind_index(one, "Ana@Example.com "),
            sealer.blind_index(one, "ana@example.com")
        );
        assert_ne!(sealer.blind_index(one, "a"), sealer.blind_index(two, "a"));
        assert_eq!(sealer.secret(one, two), sealer.secret(one, two));
        let other = Sealer::new(b"another secret");
        for secret in [
            sealer.secret(one, one),
            sealer.secret(two, two),
            other.secret(one, two),
        ] {
            assert_ne!(sealer.secret(one, two), secret);
        }
    }
}

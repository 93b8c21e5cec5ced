//! Whether a message is Stripe's.

use chrono::{DateTime, TimeDelta, Utc};
use ring::hmac;

use crate::payments::processors::Refusal;

/// How old a signature may be, or how far ahead.
const TOLERANCE: TimeDelta = TimeDelta::seconds(300);

/// Whether a message is signed by Stripe, with this secret and lately. Several signatures may be
/// given while a secret is changed; one that fits is enough.
pub fn check(
    secret: &str,
    signature: &str,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let parts = || {
        signature
            .split(',')
            .filter_map(|part| part.trim().split_once('='))
    };
    let stamp = parts().find_map(|(name, value)| (name == "t").then_some(value));
    let stamp = stamp.ok_or(Refusal::NoSignature)?;
    let seconds: i64 = stamp.parse().map_err(|_| Refusal::NoSignature)?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signed = [stamp.as_bytes(), b".", body].concat();
    let fits =
        |value: &str| unhex(value).is_some_and(|tag| hmac::verify(&key, &signed, &tag).is_ok());
    if !parts().any(|(name, value)| name == "v1" && fits(value)) {
        return Err(Refusal::WrongSignature);
    }
    let at = DateTime::from_timestamp(seconds, 0).ok_or(Refusal::NoSignature)?;
    if (now - at).abs() > TOLERANCE {
        return Err(Refusal::TooOld);
    }
    Ok(())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| {
            u8::from_str_radix(
                std::str::from_utf8(pair)
                    .ok()
                    .filter(|pair| pair.len() == 2)?,
                16,
            )
            .ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(secret: &str, at: i64, body: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, &[at.to_string().as_bytes(), b".", body].concat());
        let hex = tag.as_ref().iter().fold(String::new(), |mut hex, byte| {
            let _ = std::fmt::Write::write_fmt(&mut hex, format_args!("{byte:02x}"));
            hex
        });
        format!("t={at},v1={hex}")
    }

    #[test]
    fn a_signature_belongs_to_its_secret_body_and_time() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let good = signed("whsec_1", 1_700_000_000, b"{}");
        assert_eq!(check("whsec_1", &good, b"{}", now), Ok(()));
        let rotated = format!("{good},v1=00ff");
        assert_eq!(check("whsec_1", &rotated, b"{}", now), Ok(()));
        assert_eq!(
            check("whsec_2", &good, b"{}", now),
            Err(Refusal::WrongSignature)
        );
        assert_eq!(
            check("whsec_1", &good, b"{ }", now),
            Err(Refusal::WrongSignature)
        );
        assert_eq!(
            check("whsec_1", "v1=00", b"{}", now),
            Err(Refusal::NoSignature)
        );
        assert_eq!(
            check("whsec_1", "t=x,v1=00", b"{}", now),
            Err(Refusal::NoSignature)
        );
        let late = now + TimeDelta::seconds(301);
        assert_eq!(check("whsec_1", &good, b"{}", late), Err(Refusal::TooOld));
        let early = now - TimeDelta::seconds(301);
        assert_eq!(check("whsec_1", &good, b"{}", early), Err(Refusal::TooOld));
    }
}

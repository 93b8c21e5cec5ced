//! Where messages may go, how they are signed, and when they are tried again: pure functions.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use ring::hmac;

/// How often a message is tried before it is given up.
pub const MOST_ATTEMPTS: i32 = 12;
/// After how many failures in a row an endpoint is told no more.
pub const MOST_FAILURES: i32 = 100;

/// Whether an address is one of the public internet: not of this machine, of a private network, of a
/// cloud's metadata service, or a way around to one of them.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            let is_shared = a == 100 && (64..128).contains(&b);
            let is_reserved = a == 0 || a >= 240 || (a == 192 && b == 0 && c == 0);
            let is_benchmark = a == 198 && (18..20).contains(&b);
            let is_relay = a == 192 && b == 88 && c == 99;
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_multicast()
                || ip.is_broadcast()
                || ip.is_documentation()
                || is_shared
                || is_reserved
                || is_benchmark
                || is_relay)
        }
        IpAddr::V6(ip) => {
            let [first, second, ..] = ip.segments();
            let is_global = first & 0xe000 == 0x2000;
            // Teredo and its like, documentation, and IPv4 in disguise.
            let is_special = first == 0x2001 && (second < 0x200 || second == 0xdb8);
            is_global && !is_special && first != 0x2002 && first != 0x3fff
        }
    }
}

/// How long to wait after so many attempts, the last of which failed; none where it is given up.
/// `chance` in 0..1 spreads those that failed together.
pub fn pause(attempts: i32, chance: f64) -> Option<TimeDelta> {
    if attempts >= MOST_ATTEMPTS {
        return None;
    }
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(12);
    let seconds = (30_i64 << doublings).min(6 * 3_600);
    #[expect(clippy::cast_possible_truncation, reason = "a tenth of some hours")]
    #[expect(clippy::cast_precision_loss, reason = "a tenth of some hours")]
    let more = (seconds as f64 * 0.1 * chance.clamp(0.0, 1.0)) as i64;
    Some(TimeDelta::seconds(seconds + more))
}

/// The signature of a message: `v1,` and the HMAC-SHA256 of id, time and body, in base64, as the
/// Standard Webhooks specification has it.
pub fn signature(secret: &str, id: &str, timestamp: i64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(tag.as_ref()))
}

/// Whether a topic is a code such as `booking.confirmed`, a whole context (`booking.*`), or all.
pub fn is_topic(topic: &str) -> bool {
    let words = |text: &str| {
        text.split('.').all(|word| {
            word.starts_with(|first: char| first.is_ascii_lowercase())
                && word.chars().all(|letter| {
                    letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_'
                })
        })
    };
    let known = topic == "*"
        || topic.strip_suffix(".*").is_some_and(words)
        || (topic.contains('.') && words(topic));
    known && topic.len() <= 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_of_a_private_network_is_public() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.0.1",
            "203.0.113.9",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "2001:db8::1",
            "2002:7f00:1::",
            "64:ff9b::a00:1",
            "2001::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in [
            "93.184.216.34",
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "2a00:1450::1",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn pauses_grow_and_end() {
        assert_eq!(pause(1, 0.0), Some(TimeDelta::seconds(30)));
        assert_eq!(pause(2, 0.0), Some(TimeDelta::seconds(60)));
        assert_eq!(pause(11, 0.0), Some(TimeDelta::hours(6)));
        assert_eq!(pause(MOST_ATTEMPTS, 0.0), None);
        for attempts in 1..MOST_ATTEMPTS - 1 {
            assert!(pause(attempts, 1.0) < pause(attempts + 1, 1.0) || attempts > 9);
        }
    }

    #[test]
    fn a_signature_depends_on_all_that_it_signs() {
        let one = signature("secret", "evt_1", 1_700_000_000, "{}");
        assert!(one.starts_with("v1,"));
        assert_eq!(one, signature("secret", "evt_1", 1_700_000_000, "{}"));
        for other in [
            signature("other", "evt_1", 1_700_000_000, "{}"),
            signature("secret", "evt_2", 1_700_000_000, "{}"),
            signature("secret", "evt_1", 1_700_000_001, "{}"),
            signature("secret", "evt_1", 1_700_000_000, "{ }"),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn topics_are_codes_or_contexts() {
        for topic in [
            "*",
            "booking.*",
            "booking.confirmed",
            "resources.resource.updated",
        ] {
            assert!(is_topic(topic), "{topic}");
        }
        for topic in [
            "",
            "booking",
            "Booking.x",
            "booking.",
            ".*",
            "booking.**",
            "a b.c",
        ] {
            assert!(!is_topic(topic), "{topic}");
        }
    }
}

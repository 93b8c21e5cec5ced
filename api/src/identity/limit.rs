//! How often someone may guess: buckets of attempts that fill up again with time.
//!
//! They live in this process; of several processes each allows as much.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;

use crate::graph::failure::{Code, Failure};

/// How many buckets are remembered; those unused for longest are forgotten first.
const REMEMBERED: usize = 50_000;

/// How large a bucket is, and how fast it fills.
#[derive(Clone, Copy)]
struct Rule {
    attempts: u32,
    one_per: Duration,
}

/// One name from one network: a person who mistypes, or a desk that signs in on all its screens.
const NAME: Rule = Rule {
    attempts: 30,
    one_per: Duration::from_secs(6),
};
/// One network, whatever the names: an office behind one address, or someone who tries many.
const ADDRESS: Rule = Rule {
    attempts: 100,
    one_per: Duration::from_secs(1),
};

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    fn full(rule: Rule, now: Instant) -> Self {
        Self {
            left: f64::from(rule.attempts),
            at: now,
        }
    }

    fn fill(&mut self, rule: Rule, now: Instant) {
        let passed = now.saturating_duration_since(self.at);
        let gained = passed.as_secs_f64() / rule.one_per.as_secs_f64();
        self.left = (self.left + gained).min(f64::from(rule.attempts));
        self.at = now;
    }

    /// Takes one attempt, or says how long to wait for the next.
    fn take(&mut self, rule: Rule, now: Instant) -> Result<(), Duration> {
        self.fill(rule, now);
        if self.left < 1.0 {
            return Err(rule.one_per.mul_f64(1.0 - self.left));
        }
        self.left -= 1.0;
        Ok(())
    }
}

/// The attempts of all who try to get in.
#[derive(Debug)]
pub struct Attempts {
    buckets: Cache<String, Arc<Mutex<Bucket>>>,
}

impl Default for Attempts {
    fn default() -> Self {
        Self {
            buckets: Cache::new(REMEMBERED),
        }
    }
}

/// One attempt, which counts unless it turns out well.
#[derive(Debug)]
pub struct Attempt {
    taken: Vec<Arc<Mutex<Bucket>>>,
}

impl Attempt {
    /// It was who it said: the attempt does not count.
    pub fn turned_out_well(self) {
        for bucket in self.taken {
            // Filled beyond its size, it is cut when next used.
            locked(&bucket).left += 1.0;
        }
    }
}

impl Attempts {
    /// Counts an attempt under a name (where one is given) from an address.
    pub fn admit(&self, name: Option<&str>, address: Option<&str>) -> Result<Attempt, Failure> {
        let now = Instant::now();
        let network = network(address);
        let by_name = name.map(|name| (NAME, format!("{network} {}", name.trim().to_lowercase())));
        let by_network = address.map(|_| (ADDRESS, network.clone()));
        let mut taken = Vec::new();
        for (rule, key) in by_name.into_iter().chain(by_network) {
            let bucket = self.bucket(&key, rule, now);
            let admitted = locked(&bucket).take(rule, now);
            admitted.map_err(refused)?;
            taken.push(bucket);
        }
        Ok(Attempt { taken })
    }

    fn bucket(&self, key: &str, rule: Rule, now: Instant) -> Arc<Mutex<Bucket>> {
        let new =
            || Ok::<_, std::convert::Infallible>(Arc::new(Mutex::new(Bucket::full(rule, now))));
        let Ok(bucket) = self.buckets.get_or_insert_with(key, new);
        bucket
    }
}

fn locked(bucket: &Mutex<Bucket>) -> std::sync::MutexGuard<'_, Bucket> {
    bucket.lock().unwrap_or_else(PoisonError::into_inner)
}

fn refused(wait: Duration) -> Failure {
    let seconds = wait.as_secs() + 1;
    let text = format!("Too many attempts: try again in {seconds} seconds.");
    Failure::new(Code::RateLimited, text).with("retryAfterSeconds", seconds)
}

/// What counts as one sender: of IPv6 a whole /64, which one line of a household has.
fn network(address: Option<&str>) -> String {
    let Some(address) = address else {
        return String::new();
    };
    match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => format!("{:x}", ip.to_bits() >> 64),
        Ok(ip) => ip.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills() {
        let start = Instant::now();
        let mut bucket = Bucket::full(NAME, start);
        for _ in 0..NAME.attempts {
            assert_eq!(bucket.take(NAME, start), Ok(()));
        }
        assert_eq!(bucket.take(NAME, start), Err(NAME.one_per));
        assert_eq!(bucket.take(NAME, start + NAME.one_per), Ok(()));
        assert!(bucket.take(NAME, start + NAME.one_per).is_err());
        let later = start + Duration::from_secs(86_400);
        bucket.fill(NAME, later);
        assert!((bucket.left - f64::from(NAME.attempts)).abs() < f64::EPSILON);
    }

    #[test]
    fn one_name_is_limited_apart_from_others_and_success_does_not_count() {
        let attempts = Attempts::default();
        let admit = |name| attempts.admit(Some(name), Some("10.0.0.1"));
        for _ in 0..3 * NAME.attempts {
            admit("a@x").unwrap().turned_out_well();
        }
        for _ in 0..NAME.attempts {
            admit("a@x").unwrap();
        }
        assert_eq!(admit(" A@x ").unwrap_err().code, Code::RateLimited);
        assert!(admit("b@x").is_ok());
        assert!(attempts.admit(Some("a@x"), Some("10.0.0.2")).is_ok());
    }

    #[test]
    fn a_household_is_one_sender() {
        assert_eq!(network(Some("2001:db8::1")), network(Some("2001:db8::2")));
        assert_ne!(
            network(Some("2001:db8::1")),
            network(Some("2001:db8:0:1::1"))
        );
        assert_eq!(network(Some("::ffff:10.0.0.1")), network(Some("10.0.0.1")));
    }
}

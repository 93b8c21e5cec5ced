//! How often someone may guess: buckets of attempts that fill up again with time.
//!
//! They live in this process; of several processes each allows as much.

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;
use tokio::sync::Notify;

use crate::graph::failure::{Code, Failure};

/// How many buckets are remembered; those unused for longest are forgotten first.
const REMEMBERED: usize = 50_000;

/// How large a bucket is, and how fast it fills.
#[derive(Clone, Copy)]
struct Rule {
    attempts: u32,
    one_per: Duration,
}

/// One name from one network: a person who mistypes.
const NAME: Rule = Rule {
    attempts: 10,
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
    undecided: u32,
}

/// Whether someone may try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Go,
    /// Once those who are trying know how it turned out.
    Wait,
    /// Not before so long.
    Refused(Duration),
}

impl Bucket {
    fn full(rule: Rule, now: Instant) -> Self {
        Self {
            left: f64::from(rule.attempts),
            at: now,
            undecided: 0,
        }
    }

    /// Takes one attempt, if there is one.
    fn take(&mut self, rule: Rule, now: Instant) -> Answer {
        let passed = now.saturating_duration_since(self.at);
        let gained = passed.as_secs_f64() / rule.one_per.as_secs_f64();
        self.left = (self.left + gained).min(f64::from(rule.attempts));
        self.at = now;
        if self.left >= 1.0 {
            self.left -= 1.0;
            self.undecided += 1;
            return Answer::Go;
        }
        if self.undecided > 0 {
            return Answer::Wait;
        }
        Answer::Refused(rule.one_per.mul_f64(1.0 - self.left))
    }

    fn decide(&mut self, turned_out_well: bool) {
        self.undecided -= 1;
        if turned_out_well {
            self.left += 1.0;
        }
    }
}

#[derive(Debug)]
struct Shared {
    bucket: Mutex<Bucket>,
    decided: Notify,
}

impl Shared {
    fn bucket(&self) -> MutexGuard<'_, Bucket> {
        self.bucket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The attempts of all who try to get in.
#[derive(Debug)]
pub struct Attempts {
    buckets: Cache<String, Arc<Shared>>,
}

impl Default for Attempts {
    fn default() -> Self {
        Self {
            buckets: Cache::new(REMEMBERED),
        }
    }
}

/// One attempt, which counts unless it turns out well. Dropped, it has failed.
#[derive(Debug, Default)]
pub struct Attempt {
    taken: Vec<Arc<Shared>>,
    turned_out_well: bool,
}

impl Attempt {
    /// It was who it said: the attempt does not count.
    pub fn turned_out_well(mut self) {
        self.turned_out_well = true;
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        for shared in &self.taken {
            shared.bucket().decide(self.turned_out_well);
            shared.decided.notify_waiters();
        }
    }
}

impl Attempts {
    /// Counts an attempt under a name (where one is given) from an address. While others of that
    /// name are being checked, and none is left, it waits: many who are right get in at once, and
    /// many who are wrong do not.
    pub async fn admit(
        &self,
        name: Option<&str>,
        address: Option<&str>,
    ) -> Result<Attempt, Failure> {
        let network = network(address);
        let by_name = name.map(|name| (NAME, format!("{network} {}", name.trim().to_lowercase())));
        let by_network = address.map(|_| (ADDRESS, network.clone()));
        let mut attempt = Attempt::default();
        for (rule, key) in by_name.into_iter().chain(by_network) {
            let shared = self.shared(&key, rule);
            loop {
                let mut decided = pin!(shared.decided.notified());
                decided.as_mut().enable();
                let answer = shared.bucket().take(rule, Instant::now());
                match answer {
                    Answer::Go => break,
                    Answer::Wait => decided.await,
                    Answer::Refused(wait) => return Err(refused(wait)),
                }
            }
            attempt.taken.push(shared);
        }
        Ok(attempt)
    }

    fn shared(&self, key: &str, rule: Rule) -> Arc<Shared> {
        let new = || {
            Ok::<_, Infallible>(Arc::new(Shared {
                bucket: Mutex::new(Bucket::full(rule, Instant::now())),
                decided: Notify::new(),
            }))
        };
        let Ok(shared) = self.buckets.get_or_insert_with(key, new);
        shared
    }
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
            assert_eq!(bucket.take(NAME, start), Answer::Go);
        }
        assert_eq!(bucket.take(NAME, start), Answer::Wait);
        for _ in 0..NAME.attempts {
            bucket.decide(false);
        }
        let refused = Answer::Refused(NAME.one_per);
        assert_eq!(bucket.take(NAME, start), refused);
        assert_eq!(bucket.take(NAME, start + NAME.one_per), Answer::Go);
        bucket.decide(false);
        assert_eq!(bucket.take(NAME, start + NAME.one_per), refused);
        let later = start + Duration::from_hours(24);
        for _ in 0..NAME.attempts {
            assert_eq!(bucket.take(NAME, later), Answer::Go);
        }
        assert_eq!(bucket.take(NAME, later), Answer::Wait);
    }

    #[tokio::test]
    async fn one_name_is_limited_apart_from_others_and_success_does_not_count() {
        let attempts = Attempts::default();
        let admit = |name| attempts.admit(Some(name), Some("10.0.0.1"));
        for _ in 0..3 * NAME.attempts {
            admit("a@x").await.unwrap().turned_out_well();
        }
        for _ in 0..NAME.attempts {
            admit("a@x").await.unwrap();
        }
        let refused = admit(" A@x ").await.unwrap_err();
        assert_eq!(refused.code, Code::RateLimited);
        assert!(admit("b@x").await.is_ok());
        let elsewhere = attempts.admit(Some("a@x"), Some("10.0.0.2")).await;
        assert!(elsewhere.is_ok());
    }

    #[tokio::test]
    async fn whoever_comes_while_others_are_checked_waits_for_them() {
        let attempts = Attempts::default();
        let one = || async {
            let attempt = attempts.admit(Some("a@x"), None).await?;
            tokio::task::yield_now().await;
            attempt.turned_out_well();
            Ok::<_, Failure>(())
        };
        let all = (0..5 * NAME.attempts).map(|_| one());
        let all = futures_util::future::join_all(all).await;
        assert!(all.iter().all(Result::is_ok));
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

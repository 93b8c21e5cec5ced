//! When a message is tried again, and what it may be called: pure functions.

use chrono::TimeDelta;

/// How often a message is tried before it is given up.
pub const MOST_ATTEMPTS: i32 = 8;
/// For how long a message belongs to the worker that took it. Longer than any server may take.
pub const LEASE: TimeDelta = TimeDelta::minutes(5);
/// How long the last pause is at most, in seconds.
const LONGEST: i64 = 4 * 3_600;

/// How long to wait after so many tries, the last of which failed; none where it is given up. All
/// tries together take most of a day: so long may a mail server be away.
pub fn pause(attempts: i32) -> Option<TimeDelta> {
    if attempts >= MOST_ATTEMPTS {
        return None;
    }
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(16);
    Some(TimeDelta::seconds((60_i64 << (2 * doublings)).min(LONGEST)))
}

/// A text in one line, as subjects and names are: breaks and what cannot be seen become spaces.
pub fn one_line(text: &str) -> String {
    let seen = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    let line: String = seen.collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let pauses: Vec<_> = (1..=MOST_ATTEMPTS).map(pause).collect();
        assert_eq!(pauses.first(), Some(&Some(TimeDelta::minutes(1))));
        assert_eq!(pauses.last(), Some(&None));
        let waited: Vec<_> = pauses.into_iter().flatten().collect();
        assert!(waited.is_sorted(), "{waited:?}");
        let all: TimeDelta = waited.iter().sum();
        assert!(all > TimeDelta::hours(12), "{all}");
    }

    #[test]
    fn a_line_has_no_breaks() {
        assert_eq!(one_line(" a\r\nBcc: b\t c\u{0} "), "a Bcc: b c");
    }
}

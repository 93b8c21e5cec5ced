//! Which value is used first, where it may be used, and what it is worth: pure.

use std::cmp::Ordering;

use chrono::{DateTime, Datelike as _, NaiveDateTime, NaiveTime, Utc};
use uuid::Uuid;

use crate::entitlements::refusal::Refusal;

/// When and where value may be used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Days of the week as bits: Monday 1, Tuesday 2, up to Sunday 64.
    pub weekdays: i16,
    /// From when on a day.
    pub from: Option<NaiveTime>,
    /// Until when on a day, that instant not included.
    pub until: Option<NaiveTime>,
    /// The least amount of the purchase, and its currency.
    pub min_spend: Option<(i64, String)>,
    /// The services; none means all.
    pub services: Vec<Uuid>,
    /// The locations; none means all.
    pub locations: Vec<Uuid>,
}

/// What is left of a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The grant.
    pub id: Uuid,
    /// How much is left.
    pub remaining: i64,
    /// How much was granted.
    pub quantity: i64,
    /// What is used first has the smaller number.
    pub priority: i16,
    /// From when on it can be used.
    pub starts_at: DateTime<Utc>,
    /// From when on it cannot be used any more.
    pub ends_at: Option<DateTime<Utc>>,
    /// What was paid for all of it, and in which currency.
    pub paid: Option<(i64, String)>,
    /// When and where it may be used.
    pub terms: Option<Terms>,
    /// Whether the membership that gave it is paused, or overdue beyond its grace.
    pub is_suspended: bool,
}

/// For what value is to be used, and when.
#[derive(Clone, Debug)]
pub struct Occasion {
    /// The instant.
    pub now: DateTime<Utc>,
    /// What clocks there show.
    pub wall_time: NaiveDateTime,
    /// The location.
    pub location_id: Option<Uuid>,
    /// The service.
    pub service_id: Option<Uuid>,
    /// What the purchase costs, and in which currency.
    pub spend: Option<(i64, String)>,
}

impl Terms {
    /// Whether they allow it. What they ask for and is not known is not given.
    fn allow(&self, occasion: &Occasion) -> bool {
        let day = 1_i16 << occasion.wall_time.weekday().num_days_from_monday();
        let time = occasion.wall_time.time();
        let within = |limits: &[Uuid], id: Option<Uuid>| {
            limits.is_empty() || id.is_some_and(|id| limits.contains(&id))
        };
        let enough = self.min_spend.as_ref().is_none_or(|(least, currency)| {
            occasion
                .spend
                .as_ref()
                .is_some_and(|(spend, of)| of == currency && spend >= least)
        });
        self.weekdays & day != 0
            && self.from.is_none_or(|from| time >= from)
            && self.until.is_none_or(|until| time < until)
            && within(&self.services, occasion.service_id)
            && within(&self.locations, occasion.location_id)
            && enough
    }
}

impl Candidate {
    /// Whether its time has come and is not over.
    pub fn is_current(&self, now: DateTime<Utc>) -> bool {
        self.starts_at <= now && self.ends_at.is_none_or(|end| now < end)
    }

    /// Whether it may be used then and there.
    pub fn is_usable(&self, occasion: &Occasion) -> bool {
        let allowed = self
            .terms
            .as_ref()
            .is_none_or(|terms| terms.allow(occasion));
        self.is_current(occasion.now) && !self.is_suspended && allowed
    }

    /// The order of use: by priority, then what ends soonest, then what is oldest.
    pub fn before(&self, other: &Self) -> Ordering {
        let ends = |end: Option<DateTime<Utc>>| (end.is_none(), end);
        self.priority
            .cmp(&other.priority)
            .then_with(|| ends(self.ends_at).cmp(&ends(other.ends_at)))
            .then_with(|| self.starts_at.cmp(&other.starts_at))
            .then_with(|| self.id.cmp(&other.id))
    }

    /// What so much of it is worth that is taken off it now: of the whole, exactly what was paid.
    pub fn worth(&self, taken: i64) -> i64 {
        let Some((paid, _)) = self.paid else { return 0 };
        worth_of(paid, self.quantity, self.remaining)
            - worth_of(paid, self.quantity, self.remaining - taken)
    }
}

/// What is left of what was paid while so much remains; the last part takes the remainder.
pub fn worth_of(paid: i64, quantity: i64, remaining: i64) -> i64 {
    if quantity <= 0 {
        return 0;
    }
    let used = i128::from(quantity - remaining);
    let earned = i128::from(paid) * used / i128::from(quantity);
    paid - i64::try_from(earned).unwrap_or(paid)
}

/// So much of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The grant.
    pub grant_id: Uuid,
    /// How much of it.
    pub quantity: i64,
}

/// Takes so much of what may be used, in the order of use. `free` is the balance without what is
/// held for others: more of it cannot be used, whatever the grants have.
pub fn take(
    candidates: &mut [Candidate],
    occasion: &Occasion,
    free: i64,
    wanted: i64,
) -> Result<Vec<Taken>, Refusal> {
    candidates.sort_by(Candidate::before);
    let sum = |fits: &dyn Fn(&Candidate) -> bool| -> i64 {
        candidates
            .iter()
            .filter(|one| fits(one))
            .map(|one| one.remaining)
            .sum()
    };
    let current = sum(&|one| one.is_current(occasion.now));
    let usable = sum(&|one| one.is_usable(occasion));
    if wanted > current {
        let all: i64 = candidates.iter().map(|one| one.remaining).sum();
        let lapsed = all >= wanted
            && candidates
                .iter()
                .all(|one| one.ends_at.is_some_and(|end| end <= occasion.now));
        return Err(if lapsed {
            Refusal::Expired
        } else {
            Refusal::Insufficient
        });
    }
    if wanted > usable {
        return Err(Refusal::NotHere);
    }
    if wanted > free {
        return Err(Refusal::HeldElsewhere);
    }
    let mut left = wanted;
    let mut taken = Vec::new();
    for one in candidates.iter().filter(|one| one.is_usable(occasion)) {
        let part = left.min(one.remaining);
        if part > 0 {
            taken.push(Taken {
                grant_id: one.id,
                quantity: part,
            });
            left -= part;
        }
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeDelta};
    use proptest::prelude::*;

    use super::*;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hours)
    }

    fn candidate(id: u128, remaining: i64, ends: Option<i64>) -> Candidate {
        Candidate {
            id: Uuid::from_u128(id),
            remaining,
            quantity: remaining,
            priority: 100,
            starts_at: at(0),
            ends_at: ends.map(at),
            paid: None,
            terms: None,
            is_suspended: false,
        }
    }

    fn occasion(hours: i64) -> Occasion {
        Occasion {
            now: at(hours),
            wall_time: at(hours).naive_utc(),
            location_id: None,
            service_id: None,
            spend: None,
        }
    }

    #[test]
    fn what_ends_soonest_goes_first_and_what_never_ends_last() {
        let mut all = vec![
            candidate(1, 5, None),
            candidate(2, 5, Some(20)),
            candidate(3, 5, Some(10)),
        ];
        let taken = take(&mut all, &occasion(1), 15, 12).unwrap();
        let order: Vec<_> = taken
            .iter()
            .map(|one| (one.grant_id.as_u128(), one.quantity))
            .collect();
        assert_eq!(order, [(3, 5), (2, 5), (1, 2)]);
        for one in &mut all {
            one.priority = if one.id.as_u128() == 1 { 1 } else { 100 };
        }
        assert_eq!(
            take(&mut all, &occasion(1), 15, 1).unwrap()[0]
                .grant_id
                .as_u128(),
            1
        );
    }

    #[test]
    fn e36_what_is_held_elsewhere_is_not_called_empty() {
        let mut all = vec![candidate(1, 10, None)];
        assert_eq!(
            take(&mut all, &occasion(1), 4, 5),
            Err(Refusal::HeldElsewhere)
        );
        assert_eq!(
            take(&mut all, &occasion(1), 4, 11),
            Err(Refusal::Insufficient)
        );
        let mut over = vec![candidate(1, 10, Some(1))];
        assert_eq!(take(&mut over, &occasion(1), 10, 5), Err(Refusal::Expired));
    }

    #[test]
    fn terms_are_kept_by_the_clocks_of_the_place() {
        let saturday = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let mut one = candidate(1, 10, None);
        one.starts_at = DateTime::UNIX_EPOCH;
        one.terms = Some(Terms {
            weekdays: 32,
            from: NaiveTime::from_hms_opt(8, 0, 0),
            until: NaiveTime::from_hms_opt(12, 0, 0),
            ..Terms::default()
        });
        let mut on = |day: NaiveDate, hour: u32| {
            let mut there = occasion(1_000_000);
            there.wall_time = day.and_hms_opt(hour, 0, 0).unwrap();
            take(std::slice::from_mut(&mut one), &there, 10, 1).is_ok()
        };
        assert!(on(saturday, 8) && on(saturday, 11));
        assert!(!on(saturday, 12) && !on(saturday, 7));
        assert!(!on(saturday.succ_opt().unwrap(), 9));
    }

    proptest! {
        #[test]
        fn inv12_the_parts_of_what_was_paid_sum_up_to_it(paid in 0_i64..1_000_000, parts in prop::collection::vec(1_i64..50, 1..20)) {
            let quantity: i64 = parts.iter().sum();
            let mut one = Candidate { quantity, remaining: quantity, paid: Some((paid, "EUR".to_owned())), ..candidate(1, quantity, None) };
            let mut sum = 0;
            for part in parts {
                let worth = one.worth(part);
                prop_assert!(worth >= 0);
                sum += worth;
                one.remaining -= part;
            }
            prop_assert_eq!(sum, paid);
        }

        #[test]
        fn exactly_what_is_wanted_is_taken_and_nothing_out_of_order(
            grants in prop::collection::vec((1_i64..20, prop::option::of(1_i64..50), 0_i16..3), 1..10),
            wanted in 1_i64..100,
        ) {
            let mut all: Vec<Candidate> = grants.iter().enumerate()
                .map(|(n, (remaining, ends, priority))| Candidate { priority: *priority, ..candidate(n as u128, *remaining, *ends) })
                .collect();
            let there = occasion(10);
            let usable: i64 = all.iter().filter(|one| one.is_usable(&there)).map(|one| one.remaining).sum();
            match take(&mut all, &there, i64::MAX, wanted) {
                Ok(taken) => {
                    prop_assert_eq!(taken.iter().map(|one| one.quantity).sum::<i64>(), wanted);
                    // All but the last are used up, and nothing usable comes before what was used.
                    let usable: Vec<_> = all.iter().filter(|one| one.is_usable(&there)).collect();
                    for (one, of) in taken.iter().zip(usable) {
                        prop_assert_eq!(one.grant_id, of.id);
                    }
                }
                Err(_) => prop_assert!(usable < wanted),
            }
        }
    }
}

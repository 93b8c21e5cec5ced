//! What hours come to: pure functions over minutes of days.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::Decimal;
use uuid::Uuid;

/// From how many minutes on time is overtime, and what it is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The row.
    pub id: Uuid,
    /// Where it holds; none where a place has no policy of its own.
    pub location_id: Option<Uuid>,
    /// Which of several is the further one.
    pub tier: i16,
    /// Minutes of a day beyond which time is overtime.
    pub daily: Option<i64>,
    /// Minutes of a week beyond which time is overtime.
    pub weekly: Option<i64>,
    /// Whether the week of the person's contract stands for that, where it is known.
    pub is_by_contract: bool,
    /// What an hour of it is worth of a usual hour.
    pub multiplier: Decimal,
    /// First day on which it holds.
    pub starts_on: NaiveDate,
    /// First day on which it no longer holds.
    pub ends_on: Option<NaiveDate>,
}

impl Policy {
    fn holds_on(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|end| day < end)
    }

    /// Minutes of a week beyond which somebody's time is overtime by this policy.
    fn week_of(&self, contract: Contract) -> Option<i64> {
        let own = contract.weekly.filter(|_| self.is_by_contract);
        own.or(self.weekly)
    }
}

/// What of somebody's employment bears on their overtime.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contract {
    /// Where they usually work.
    pub location: Option<Uuid>,
    /// Minutes a week by contract, or else by schedule.
    pub weekly: Option<i64>,
}

/// Minutes of a day that are overtime, by the policy that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overtime {
    /// The business day.
    pub day: NaiveDate,
    /// The policy.
    pub policy_id: Uuid,
    /// What an hour of it is worth.
    pub multiplier: Decimal,
    /// How many minutes.
    pub minutes: i64,
}

/// The Monday of the week of a day.
pub fn monday_of(day: NaiveDate) -> NaiveDate {
    let since = u64::from(day.weekday().num_days_from_monday());
    day.checked_sub_days(Days::new(since)).unwrap_or(day)
}

/// The policies that hold at a place on a day: its own, or where it has none, those of everywhere.
fn in_force(policies: &[Policy], location: Option<Uuid>, day: NaiveDate) -> Vec<&Policy> {
    let at = |place: Option<Uuid>| {
        let all = policies
            .iter()
            .filter(move |policy| policy.location_id == place);
        all.filter(move |policy| policy.holds_on(day))
            .collect::<Vec<_>>()
    };
    let own = if location.is_some() {
        at(location)
    } else {
        Vec::new()
    };
    if own.is_empty() { at(None) } else { own }
}

/// Parts a stretch of minutes by the thresholds that it passes; each part belongs to the highest
/// tier whose threshold lies below it.
fn parts<'a>(from: i64, to: i64, thresholds: &[(i64, &'a Policy)]) -> Vec<(&'a Policy, i64)> {
    let mut edges: Vec<i64> = thresholds
        .iter()
        .map(|(at, _)| (*at).clamp(from, to))
        .collect();
    edges.extend([from, to]);
    edges.sort_unstable();
    let part = |pair: &[i64]| {
        let (start, end) = (*pair.first()?, *pair.last()?);
        let passed = thresholds.iter().filter(|(at, _)| *at <= start);
        let highest = passed.max_by_key(|(at, policy)| (policy.tier, *at))?;
        (end > start).then_some((highest.1, end - start))
    };
    edges.windows(2).filter_map(part).collect()
}

/// The overtime of a person's days. Minutes beyond a day's threshold are overtime of the day, and do
/// not count towards the week once more; of the others, those beyond the week's threshold are.
/// Weeks begin on Mondays, so the days must begin on one.
pub fn overtime(
    policies: &[Policy],
    contract: Contract,
    days: &BTreeMap<NaiveDate, i64>,
) -> Vec<Overtime> {
    let mut found = Vec::new();
    let (mut week, mut usual) = (None, 0_i64);
    for (day, minutes) in days {
        if week != Some(monday_of(*day)) {
            (week, usual) = (Some(monday_of(*day)), 0);
        }
        let force = in_force(policies, contract.location, *day);
        let by = |threshold: &dyn Fn(&Policy) -> Option<i64>| {
            let known = force
                .iter()
                .filter_map(|policy| Some((threshold(policy)?, *policy)));
            known.collect::<Vec<(i64, &Policy)>>()
        };
        let daily = by(&|policy| policy.daily);
        let weekly = by(&|policy| policy.week_of(contract));
        let of_day = parts(0, *minutes, &daily);
        let beyond: i64 = of_day.iter().map(|(_, minutes)| minutes).sum();
        let rest = minutes - beyond;
        let of_week = parts(usual, usual + rest, &weekly);
        usual += rest;
        found.extend(
            of_day
                .into_iter()
                .chain(of_week)
                .map(|(policy, minutes)| Overtime {
                    day: *day,
                    policy_id: policy.id,
                    multiplier: policy.multiplier,
                    minutes,
                }),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn policy(tier: i16, daily: Option<i64>, weekly: Option<i64>) -> Policy {
        Policy {
            id: Uuid::from_u128(u128::try_from(tier).unwrap()),
            location_id: None,
            tier,
            daily,
            weekly,
            is_by_contract: false,
            multiplier: Decimal::new(15, 1),
            starts_on: day("2020-01-01"),
            ends_on: None,
        }
    }

    fn week(minutes: &[i64]) -> BTreeMap<NaiveDate, i64> {
        let first = day("2026-03-02");
        first.iter_days().zip(minutes.iter().copied()).collect()
    }

    const ANYWHERE: Contract = Contract {
        location: None,
        weekly: None,
    };

    fn at(location: Uuid) -> Contract {
        Contract {
            location: Some(location),
            weekly: None,
        }
    }

    fn total(found: &[Overtime]) -> i64 {
        found.iter().map(|one| one.minutes).sum()
    }

    #[test]
    fn a_minute_is_overtime_once() {
        let policies = [policy(1, Some(480), None), policy(2, None, Some(2400))];
        assert_eq!(total(&overtime(&policies, ANYWHERE, &week(&[600; 5]))), 600);
        assert_eq!(total(&overtime(&policies, ANYWHERE, &week(&[480; 6]))), 480);
        assert_eq!(total(&overtime(&policies, ANYWHERE, &week(&[480; 5]))), 0);
    }

    #[test]
    fn tiers_follow_each_other_within_a_day() {
        let policies = [policy(1, Some(480), None), policy(2, Some(540), None)];
        let found = overtime(&policies, ANYWHERE, &week(&[700]));
        let minutes: Vec<(u128, i64)> = found
            .iter()
            .map(|one| (one.policy_id.as_u128(), one.minutes))
            .collect();
        assert_eq!(minutes, [(1, 60), (2, 160)]);
    }

    #[test]
    fn a_place_with_policies_of_its_own_has_only_those() {
        let here = Uuid::from_u128(77);
        let own = Policy {
            location_id: Some(here),
            ..policy(3, Some(100), None)
        };
        let policies = [policy(1, Some(480), None), own];
        assert_eq!(total(&overtime(&policies, at(here), &week(&[200]))), 100);
        assert_eq!(total(&overtime(&policies, ANYWHERE, &week(&[200]))), 0);
    }

    #[test]
    fn an_ended_policy_does_not_hold() {
        let ended = Policy {
            ends_on: Some(day("2026-03-03")),
            ..policy(1, Some(60), None)
        };
        assert_eq!(total(&overtime(&[ended], ANYWHERE, &week(&[100, 100]))), 40);
    }

    #[test]
    fn minutes_beyond_the_contract_are_overtime_where_the_policy_says_so() {
        let plain = policy(1, None, Some(2400));
        let by_contract = Policy {
            is_by_contract: true,
            ..plain.clone()
        };
        let half = Contract {
            location: None,
            weekly: Some(1200),
        };
        let days = week(&[480; 4]);
        assert_eq!(total(&overtime(&[plain], half, &days)), 0);
        let policies = [by_contract];
        assert_eq!(total(&overtime(&policies, half, &days)), 720);
        let long = week(&[480; 6]);
        assert_eq!(
            total(&overtime(&policies, ANYWHERE, &long)),
            480,
            "of whom no contract is known, the week's threshold"
        );
    }

    /// Minute by minute.
    fn slowly(
        policies: &[Policy],
        contract: Option<i64>,
        days: &BTreeMap<NaiveDate, i64>,
    ) -> BTreeMap<(NaiveDate, Uuid), i64> {
        let mut found = BTreeMap::new();
        let mut usual: BTreeMap<NaiveDate, i64> = BTreeMap::new();
        for (day, minutes) in days {
            for minute in 0..*minutes {
                let of_day = policies
                    .iter()
                    .filter(|policy| policy.daily.is_some_and(|at| minute >= at))
                    .max_by_key(|policy| policy.tier);
                let seen = usual.entry(monday_of(*day)).or_default();
                let by = of_day.or_else(|| {
                    let before = *seen;
                    *seen += 1;
                    policies
                        .iter()
                        .filter(|policy| {
                            let at = match contract {
                                Some(minutes) if policy.is_by_contract => Some(minutes),
                                _ => policy.weekly,
                            };
                            at.is_some_and(|at| before >= at)
                        })
                        .max_by_key(|policy| policy.tier)
                });
                if let Some(policy) = by {
                    *found.entry((*day, policy.id)).or_default() += 1;
                }
            }
        }
        found
    }

    proptest! {
        #[test]
        fn overtime_is_what_a_look_at_each_minute_finds(
            minutes in proptest::collection::vec(0_i64..900, 1..12),
            thresholds in proptest::collection::vec(
                (proptest::option::of(0_i64..800), proptest::option::of(0_i64..3000), any::<bool>()), 0..4),
            weekly in proptest::option::of(1_i64..3000),
        ) {
            let policies: Vec<Policy> = thresholds.iter().enumerate()
                .map(|(tier, (daily, weekly, is_by_contract))| Policy {
                    is_by_contract: *is_by_contract,
                    ..policy(i16::try_from(tier).unwrap() + 1, *daily, *weekly)
                }).collect();
            let contract = Contract { location: None, weekly };
            let days = week(&minutes);
            let mut found = BTreeMap::new();
            for one in overtime(&policies, contract, &days) {
                *found.entry((one.day, one.policy_id)).or_default() += one.minutes;
            }
            prop_assert_eq!(found, slowly(&policies, weekly, &days));
        }
    }
}

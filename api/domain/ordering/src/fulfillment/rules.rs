//! Which moves work makes, and who of several is to do it: pure.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A change of the status of a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What it waits for is done.
    Ready,
    /// It begins.
    Start,
    /// It is interrupted.
    Pause,
    /// It goes on.
    Resume,
    /// It is done.
    Complete,
    /// It was found good.
    Verify,
    /// It is not wanted any more.
    Cancel,
    /// It could not be done.
    Fail,
    /// It is planned anew.
    Retry,
}

impl Step {
    /// The statuses that it may start from.
    pub fn from(self) -> &'static [&'static str] {
        match self {
            Self::Ready => &["planned"],
            Self::Start => &["assigned"],
            Self::Pause => &["in_progress"],
            Self::Resume => &["paused"],
            Self::Complete => &["in_progress", "paused"],
            Self::Verify => &["completed"],
            Self::Cancel | Self::Fail => &["planned", "ready", "assigned", "in_progress", "paused"],
            Self::Retry => &["failed"],
        }
    }

    /// The status that it leads to.
    pub fn to(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Start | Self::Resume => "in_progress",
            Self::Pause => "paused",
            Self::Complete => "completed",
            Self::Verify => "verified",
            Self::Cancel => "cancelled",
            Self::Fail => "failed",
            Self::Retry => "planned",
        }
    }

    /// Why work of this status may not make it; none where it may.
    pub fn refusal(self, status: &str) -> Option<String> {
        if self.from().contains(&status) {
            return None;
        }
        let from: Vec<String> = self
            .from()
            .iter()
            .map(|status| status.replace('_', " "))
            .collect();
        Some(format!(
            "The work is {}; only what is {} can be moved so.",
            status.replace('_', " "),
            from.join(" or ")
        ))
    }
}

/// Somebody or something that would do, and is free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The resource.
    pub id: Uuid,
    /// Its share of the turns.
    pub weight: i32,
    /// Its rank, the lowest first.
    pub priority: i32,
    /// How often it was given work of late.
    pub turns: i64,
    /// When it was given work last.
    pub last_turn_at: Option<DateTime<Utc>>,
    /// How many minutes of that day are its already.
    pub load_minutes: i64,
}

/// How one is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// In turn, by weight.
    RoundRobin,
    /// The one with the least to do.
    LeastLoaded,
    /// The first that is free, by rank.
    Ranked,
    /// All of them.
    Collective,
}

impl Strategy {
    /// By its name in the database.
    pub fn of(name: &str) -> Self {
        match name {
            "least_loaded" => Self::LeastLoaded,
            "ranked" => Self::Ranked,
            "collective" => Self::Collective,
            _ => Self::RoundRobin,
        }
    }

    /// Who is to do it: so many of the free ones, in the order of the strategy; all of a collective.
    /// None where they are not enough.
    pub fn choose(self, mut free: Vec<Candidate>, count: usize) -> Option<Vec<Uuid>> {
        if self == Self::RoundRobin {
            free.retain(|candidate| candidate.weight > 0);
        }
        free.sort_by(|one, other| self.compare(one, other).then(one.id.cmp(&other.id)));
        let count = if self == Self::Collective {
            free.len()
        } else {
            count
        };
        if count == 0 || free.len() < count {
            return None;
        }
        Some(free[..count].iter().map(|candidate| candidate.id).collect())
    }

    fn compare(self, one: &Candidate, other: &Candidate) -> Ordering {
        match self {
            // Turns by weight, as a fraction: a / w < b / v where a * v < b * w.
            Self::RoundRobin => (one.turns * i64::from(other.weight))
                .cmp(&(other.turns * i64::from(one.weight)))
                .then(one.last_turn_at.cmp(&other.last_turn_at)),
            Self::LeastLoaded => one
                .load_minutes
                .cmp(&other.load_minutes)
                .then(one.turns.cmp(&other.turns)),
            Self::Ranked | Self::Collective => one.priority.cmp(&other.priority),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Strategy;
    use super::*;

    const STEPS: [Step; 9] = [
        Step::Ready,
        Step::Start,
        Step::Pause,
        Step::Resume,
        Step::Complete,
        Step::Verify,
        Step::Cancel,
        Step::Fail,
        Step::Retry,
    ];

    #[test]
    fn every_step_is_a_legal_move_and_every_legal_move_is_some_step() {
        let sql = include_str!("../../../../../migration/sql/12_booking.sql");
        let mut known = 0;
        for step in STEPS {
            for from in step.from() {
                let row = format!("('fulfillment_unit', '{from}', '{}',", step.to());
                assert!(sql.contains(&row), "{row}");
                known += 1;
            }
        }
        let rows = sql
            .lines()
            .filter(|line| line.contains("('fulfillment_unit'"));
        // Giving it to somebody is a verb of its own.
        assert_eq!(rows.count(), known + 1);
    }

    fn candidate(
        number: u128,
        weight: i32,
        turns: i64,
        load_minutes: i64,
        priority: i32,
    ) -> Candidate {
        Candidate {
            id: Uuid::from_u128(number),
            weight,
            priority,
            turns,
            last_turn_at: None,
            load_minutes,
        }
    }

    #[test]
    fn each_strategy_has_its_own_first() {
        let free = vec![
            candidate(1, 1, 2, 30, 3),
            candidate(2, 4, 4, 90, 2),
            candidate(3, 1, 3, 10, 1),
        ];
        let first = |strategy: Strategy| strategy.choose(free.clone(), 1).unwrap()[0].as_u128();
        assert_eq!(first(Strategy::RoundRobin), 2);
        assert_eq!(first(Strategy::LeastLoaded), 3);
        assert_eq!(first(Strategy::Ranked), 3);
        assert_eq!(
            Strategy::Collective.choose(free.clone(), 1).unwrap().len(),
            3
        );
        assert_eq!(Strategy::Ranked.choose(free, 4), None);
    }

    proptest! {
        /// In the long run turns are shared by weight, and nobody of weight 0 has any.
        #[test]
        fn turns_are_shared_by_weight(weights in prop::collection::vec(0_i32..5, 1..6)) {
            let mut free: Vec<Candidate> = (1_u128..).zip(&weights).map(|(number, weight)| candidate(number, *weight, 0, 0, 0)).collect();
            let sum: i64 = weights.iter().map(|weight| i64::from(*weight)).sum();
            for _ in 0..sum * 10 {
                let Some(chosen) = Strategy::RoundRobin.choose(free.clone(), 1) else { break };
                let next = free.iter_mut().find(|candidate| candidate.id == chosen[0]).unwrap();
                next.turns += 1;
            }
            for candidate in free {
                prop_assert_eq!(candidate.turns, i64::from(candidate.weight) * 10);
            }
        }

        #[test]
        fn nobody_is_chosen_twice(loads in prop::collection::vec(0_i64..500, 0..8), count in 1_usize..5) {
            let free: Vec<Candidate> = (1_u128..).zip(&loads).map(|(number, load)| candidate(number, 1, 0, *load, 0)).collect();
            let chosen = Strategy::LeastLoaded.choose(free, count);
            prop_assert_eq!(chosen.is_some(), loads.len() >= count);
            if let Some(mut chosen) = chosen {
                let found = chosen.len();
                chosen.sort_unstable();
                chosen.dedup();
                prop_assert_eq!(chosen.len(), found);
                prop_assert_eq!(found, count);
            }
        }
    }
}

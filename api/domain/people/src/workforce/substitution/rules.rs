//! Whom to ask to stand in, and in which order: pure functions over what is known of people.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

/// What keeps somebody from standing in.
#[derive(async_graphql::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubstitutionObstacle {
    /// They do not work here on that day.
    NotEmployed,
    /// They have a shift at that time.
    HasShift,
    /// They are on leave that day, or have asked for it.
    OnLeave,
    /// They do not have a skill or licence that the pool asks for, at that time.
    SkillMissing,
    /// They were asked already.
    AlreadyAsked,
}

/// Somebody of a pool, and what is known of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub staff_id: Uuid,
    /// Lower ones are asked first.
    pub priority: i32,
    /// How often they were asked in this quarter.
    pub offered: i32,
    /// How often they stood in.
    pub accepted: i32,
    /// When they were last asked.
    pub last_offered_at: Option<DateTime<Utc>>,
    /// Whether they would rest less than they should before or after it.
    pub is_short_of_rest: bool,
    /// What they come to by the ranking of stand-ins.
    pub score: Decimal,
    /// What keeps them from it, if anything.
    pub obstacle: Option<SubstitutionObstacle>,
}

/// Puts people in the order in which they are asked: whom nothing keeps from it; those who would
/// have their rest; by priority; whoever was asked and stood in least; by rank; whose turn is
/// longest ago. The last word is the id's, so that the order is the same each time.
pub fn ranked(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|one, other| {
        let key = |candidate: &Candidate| {
            (
                candidate.obstacle.is_some(),
                candidate.is_short_of_rest,
                candidate.priority,
                candidate.offered,
                candidate.accepted,
                std::cmp::Reverse(candidate.score),
                candidate.last_offered_at,
                candidate.staff_id,
            )
        };
        key(one).cmp(&key(other))
    });
    candidates
}

/// Why somebody has their place, in sentences.
pub fn reasons(candidate: &Candidate) -> Vec<String> {
    let obstacle = candidate.obstacle.map(|obstacle| match obstacle {
        SubstitutionObstacle::NotEmployed => "Does not work here on that day.",
        SubstitutionObstacle::HasShift => "Has a shift at that time.",
        SubstitutionObstacle::OnLeave => "Is on leave that day, or has asked for it.",
        SubstitutionObstacle::SkillMissing => "Lacks a skill or licence at that time.",
        SubstitutionObstacle::AlreadyAsked => "Was asked already.",
    });
    let rest = candidate
        .is_short_of_rest
        .then_some("Would rest less than they should: comes after those who would not.");
    let mut told: Vec<String> = obstacle
        .into_iter()
        .chain(rest)
        .map(str::to_owned)
        .collect();
    told.push(format!("Priority {} in the pool.", candidate.priority));
    told.push(format!(
        "Asked {} times this quarter, stood in {} times.",
        candidate.offered, candidate.accepted
    ));
    if !candidate.score.is_zero() {
        told.push(format!("Ranked at {}.", candidate.score.normalize()));
    }
    told
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn candidate(id: u128, priority: i32, offered: i32) -> Candidate {
        Candidate {
            staff_id: Uuid::from_u128(id),
            priority,
            offered,
            accepted: 0,
            last_offered_at: None,
            is_short_of_rest: false,
            score: Decimal::ZERO,
            obstacle: None,
        }
    }

    #[test]
    fn whoever_was_asked_least_comes_first_among_equals() {
        let order = ranked(vec![
            candidate(1, 10, 3),
            candidate(2, 10, 1),
            candidate(3, 5, 9),
        ]);
        let ids: Vec<u128> = order.iter().map(|one| one.staff_id.as_u128()).collect();
        assert_eq!(ids, [3, 2, 1]);
    }

    proptest! {
        /// Asked again and again, people of one priority are asked alike.
        #[test]
        fn turns_differ_by_one_at_most(people in 1_u128..8, rounds in 1_usize..60) {
            let mut pool: Vec<Candidate> = (0..people).map(|id| candidate(id, 10, 0)).collect();
            for _ in 0..rounds {
                pool = ranked(pool);
                pool[0].offered += 1;
            }
            let turns = pool.iter().map(|one| one.offered);
            prop_assert!(turns.clone().max().unwrap() - turns.min().unwrap() <= 1);
        }

        #[test]
        fn whom_something_keeps_from_it_comes_last(flags in proptest::collection::vec((any::<bool>(), 0_i32..3, 0_i32..5), 1..10)) {
            let pool = flags.iter().enumerate().map(|(id, (kept, priority, offered))| Candidate {
                obstacle: kept.then_some(SubstitutionObstacle::HasShift),
                ..candidate(id as u128, *priority, *offered)
            }).collect();
            let order = ranked(pool);
            let first_kept = order.iter().position(|one| one.obstacle.is_some()).unwrap_or(order.len());
            prop_assert!(order[first_kept..].iter().all(|one| one.obstacle.is_some()));
            prop_assert!(order[..first_kept].windows(2).all(|pair| (pair[0].priority, pair[0].offered) <= (pair[1].priority, pair[1].offered)));
        }
    }
}

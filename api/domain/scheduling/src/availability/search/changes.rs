//! The smallest sets of changes that open a time: enough for each component, nobody in two places.

use std::collections::BTreeSet;

use super::super::calendar::span::Span;
use super::blocker::{Blocker, Remedy, Thing};

/// How many sets are told of one time.
const MOST_SETS: usize = 5;
/// How many sets are kept while they are put together.
const WIDTH: usize = 64;

/// Somebody or something that might do for a component, and what keeps it from doing.
#[derive(Clone, Debug)]
pub(super) struct Might {
    pub(super) thing: Thing,
    /// When it would be taken.
    pub(super) blocked: Span,
    pub(super) blockers: Vec<Blocker>,
}

/// Those who might do for a component by one way of choosing, and how many of them must.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) needed: usize,
    pub(super) of: Vec<Might>,
}

/// What would have to go, and who would then be taken when.
#[derive(Clone, Debug, Default)]
struct Set {
    blockers: Vec<Blocker>,
    takes: Vec<(Thing, Span)>,
}

impl Set {
    fn changes(&self) -> BTreeSet<(Remedy, Thing)> {
        self.blockers.iter().map(Blocker::change).collect()
    }

    /// This and another besides; nothing, where both need somebody at the same time.
    fn and(&self, other: &Self) -> Option<Self> {
        let twice = |(thing, span): &(Thing, Span)| {
            let mut own = self.takes.iter();
            matches!(thing, Thing::Resource(_))
                && own.any(|(known, taken)| known == thing && taken.overlaps(span))
        };
        (!other.takes.iter().any(twice)).then(|| Self {
            blockers: [&self.blockers[..], &other.blockers[..]].concat(),
            takes: [&self.takes[..], &other.takes[..]].concat(),
        })
    }
}

/// The smallest sets of blockers that would have to go: what is in everybody's way, and for each
/// component what is in the way of enough of those who might do. None, where there are not enough of
/// them for all components, whatever goes.
pub(super) fn smallest(
    common: &[Blocker],
    components: &[Vec<Choice>],
) -> Option<Vec<Vec<Blocker>>> {
    let mut sets = vec![Set {
        blockers: common.to_vec(),
        takes: Vec::new(),
    }];
    for choices in components {
        let ways = ways(choices);
        let more = sets
            .iter()
            .flat_map(|set| ways.iter().filter_map(|way| set.and(way)));
        sets = cheapest(more.collect(), WIDTH);
    }
    let least = sets.first()?.changes().len();
    sets.retain(|set| set.changes().len() == least);
    sets.truncate(MOST_SETS);
    let told = sets.into_iter().map(|set| {
        let mut seen = BTreeSet::new();
        let blockers = set.blockers.into_iter();
        blockers
            .filter(|blocker| seen.insert(blocker.change()))
            .collect()
    });
    Some(told.filter(|set: &Vec<Blocker>| !set.is_empty()).collect())
}

/// The ways to have enough for a component, by any of its ways of choosing: the cheapest of those who
/// might do, and each of the others as the last of them.
fn ways(choices: &[Choice]) -> Vec<Set> {
    let mut ways = Vec::new();
    for choice in choices {
        let alone = choice.of.iter().map(|might| Set {
            blockers: might.blockers.clone(),
            takes: vec![(might.thing, might.blocked)],
        });
        let mut alone: Vec<Set> = alone.collect();
        alone.sort_by_cached_key(|set| set.changes().len());
        let kept = choice.needed.saturating_sub(1);
        let certain = alone
            .iter()
            .take(kept)
            .fold(Set::default(), |all, one| Set {
                blockers: [&all.blockers[..], &one.blockers[..]].concat(),
                takes: [&all.takes[..], &one.takes[..]].concat(),
            });
        let last = alone.iter().skip(kept).take(WIDTH);
        ways.extend(last.filter_map(|last| certain.and(last)));
    }
    ways
}

/// Those of the fewest changes, so many at most, and of those who need the same and take the same
/// one.
fn cheapest(mut sets: Vec<Set>, most: usize) -> Vec<Set> {
    sets.sort_by_cached_key(|set| set.changes().len());
    let mut seen = BTreeSet::new();
    sets.retain(|set| {
        let takes: BTreeSet<(Thing, Span)> = set.takes.iter().copied().collect();
        seen.insert((set.changes(), takes))
    });
    sets.truncate(most);
    sets
}

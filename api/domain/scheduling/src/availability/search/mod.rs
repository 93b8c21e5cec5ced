//! Can this offer be had at this time, with these resources, and why not: the engine.
//!
//! [`resolve`] lists and validates: a search and a booking call the same function, so that what is
//! listed can be booked a millisecond later, unless somebody took it. It reads all that it needs in
//! two flights of statements, whatever the length of the time and the number of resources, and
//! decides in memory.
//!
//! | module | what it knows |
//! | --- | --- |
//! | `wanted` | what is asked for |
//! | `offer`, `offer_rows`, `seats` | what an offer consists of, and who will do |
//! | `world`, `load`, `calendar_rows`, `taken_rows`, `taken_statements` | hours, and what is taken |
//! | `judge`, `blocker` | what stands in the way of a time |
//! | `found` | what was found so far, as far as it is wanted to be known |
//! | `course` | when each component is |
//! | `fit`, `placing`, `places` | whether it can be had, and who or what gives it |
//! | `direct`, `pooled` | the same of resources and pools that are taken without an offer, or moved |
//! | `force` | who would give it if nothing stood in the way |
//! | `starts` | when something might begin |
//! | `alternatives`, `other_nights` | other times, for whoever is refused one |
//! | `explain`, `changes` | all that stands in the way, and what would open a time |
//! | `stay`, `nights` | rooms by type, over nights |
//! | `answer`, `asked`, `questions` | the same in the graph |

pub mod alternatives;
pub mod answer;
pub(crate) mod asked;
pub mod blocker;
mod calendar_rows;
mod changes;
mod course;
pub mod direct;
pub mod explain;
pub mod fit;
mod force;
mod found;
mod judge;
mod load;
pub mod nights;
mod offer;
mod offer_rows;
pub mod other_nights;
mod places;
mod placing;
pub mod pooled;
mod questions;
mod roster_rows;
mod seats;
mod starts;
mod stay;
mod taken_rows;
mod taken_statements;
pub mod wanted;
mod world;

#[cfg(test)]
mod slowly;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use calendar_rows::calendars;
pub use explain::Refused;
pub use fit::{Choices, Pick, Slot, Target};
use judge::Judge;
use offer::{Basis, Offer};
pub use questions::questions;
use wanted::MOST_DAYS;
pub use wanted::{Refusal, Shopper, Starts, Wanted};
use world::World;

use foundation::database::Scope;

/// When an offer can be had.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The version that is on sale.
    pub offer_version_id: Uuid,
    /// The times, in order; of one time those of each place.
    pub slots: Vec<Slot>,
    /// Whether there are more of them.
    pub has_more: bool,
}

/// When, and with whom, an offer can be had. Of a single instant it says whether then; a booking
/// takes the picks of the first slot.
pub async fn resolve(scope: &Scope, wanted: &Wanted, starts: &Starts) -> Result<Resolved, Refusal> {
    let (offer, world) = Box::pin(load_all(scope, wanted, starts)).await?;
    let judge = Judge {
        offer: &offer,
        world: &world,
        wanted,
        now: scope.now(),
    };
    check_party(&judge)?;
    let at_most = match starts {
        Starts::Every { at_most, .. } => *at_most,
        Starts::At(_) => usize::MAX,
    };
    let (mut slots, mut has_more) = (Vec::new(), false);
    for (at, location) in judge.starts(starts)? {
        if let Some(slot) = judge.fits(at, location) {
            if slots.len() == at_most {
                has_more = true;
                break;
            }
            slots.push(slot);
        }
    }
    Ok(Resolved {
        offer_version_id: offer.version_id,
        slots,
        has_more,
    })
}

/// Why an offer cannot be had at the times of a grid that is laid from the first instant on, also
/// where nothing is open: all that stands in the way of each, and the smallest changes that would
/// open it. Times that can be had are left out.
pub async fn explain(
    scope: &Scope,
    wanted: &Wanted,
    starts: &Starts,
) -> Result<(Vec<Refused>, bool), Refusal> {
    let (offer, world) = Box::pin(load_all(scope, wanted, starts)).await?;
    let judge = Judge {
        offer: &offer,
        world: &world,
        wanted,
        now: scope.now(),
    };
    check_party(&judge)?;
    let (instants, at_most): (Vec<DateTime<Utc>>, usize) = match starts {
        Starts::At(at) => (vec![*at], usize::MAX),
        Starts::Every {
            from,
            to,
            step_minutes,
            at_most,
        } => {
            let step = TimeDelta::minutes((*step_minutes).max(1));
            let all = std::iter::successors(Some(*from), |at| at.checked_add_signed(step));
            (all.take_while(|at| at < to).collect(), *at_most)
        }
    };
    judge.check_work(instants.len())?;
    let (mut refused, mut has_more) = (Vec::new(), false);
    'all: for at in instants {
        for location in judge.locations() {
            if let Some(told) = judge.explain(at, location) {
                if refused.len() == at_most {
                    has_more = true;
                    break 'all;
                }
                refused.push(told);
            }
        }
    }
    Ok((refused, has_more))
}

/// What a booking would take at an instant if nothing that stands in its way counted: of each
/// component those who are free, or else the first that are listed. For whoever overrules.
pub async fn forced(
    scope: &Scope,
    wanted: &Wanted,
    at: DateTime<Utc>,
) -> Result<Option<Slot>, Refusal> {
    let (offer, world) = Box::pin(load_all(scope, wanted, &Starts::At(at))).await?;
    let judge = Judge {
        offer: &offer,
        world: &world,
        wanted,
        now: scope.now(),
    };
    Ok(judge
        .locations()
        .into_iter()
        .find_map(|location| judge.forced(at, location)))
}

async fn load_all(
    scope: &Scope,
    wanted: &Wanted,
    starts: &Starts,
) -> Result<(Offer, World), Refusal> {
    check(wanted, starts)?;
    let mut offer = offer_rows::load(scope, wanted, scope.now()).await?;
    decline(&mut offer, &wanted.declined)?;
    check_duration(wanted, &offer)?;
    let range = load::range(&offer, wanted, starts);
    let world = load::load(scope, &offer, wanted, range).await?;
    Ok((offer, world))
}

/// Leaves out what the booking does without.
fn decline(offer: &mut Offer, declined: &[Uuid]) -> Result<(), Refusal> {
    for id in declined {
        let component = offer.components.iter().find(|own| own.id == *id);
        match component {
            None => return Err(Refusal::NotFound("component of this offer")),
            Some(component) if !component.is_optional => {
                let message = format!("A booking cannot do without {}.", component.role);
                return Err(Refusal::wrong("declinedComponentIds", message));
            }
            Some(_) => {}
        }
    }
    offer
        .components
        .retain(|component| !declined.contains(&component.id));
    Ok(())
}

fn check(wanted: &Wanted, starts: &Starts) -> Result<(), Refusal> {
    if wanted.party_size < 1 {
        return Err(Refusal::wrong("partySize", "At least one must come."));
    }
    if wanted
        .duration_minutes
        .is_some_and(|minutes| !(1..=527_040).contains(&minutes))
    {
        return Err(Refusal::wrong(
            "durationMinutes",
            "A booking takes between a minute and 366 days.",
        ));
    }
    let (from, to) = starts.bounds();
    let is_range = matches!(starts, Starts::Every { .. });
    if to < from || (is_range && to == from) {
        return Err(Refusal::wrong("to", "The end must be after the start."));
    }
    if (to - from).num_days() > MOST_DAYS {
        return Err(Refusal::wrong(
            "to",
            format!("One search looks through {MOST_DAYS} days at most."),
        ));
    }
    if let Starts::Every { step_minutes, .. } = starts
        && !(5..=1_440).contains(step_minutes)
    {
        return Err(Refusal::wrong(
            "stepMinutes",
            "Times are 5 to 1440 minutes apart.",
        ));
    }
    Ok(())
}

/// What lasts as long as the booking must be told how long that is, and nothing else can be.
fn check_duration(wanted: &Wanted, offer: &Offer) -> Result<(), Refusal> {
    if offer.basis == Basis::Slot {
        return Ok(());
    }
    let own = offer
        .components
        .iter()
        .filter(|component| !component.is_optional)
        .any(|component| component.duration(None).is_some());
    let follows = offer
        .components
        .iter()
        .any(|component| component.duration(None).is_none());
    match wanted.duration_minutes {
        None if !own => Err(Refusal::wrong(
            "durationMinutes",
            "Say how long: this offer leaves it to the customer.",
        )),
        Some(_) if own && !follows => Err(Refusal::wrong(
            "durationMinutes",
            "This offer itself says how long it takes.",
        )),
        _ => Ok(()),
    }
}

/// A party for which there is never room is told so, rather than that all is taken.
fn check_party(judge: &Judge<'_>) -> Result<(), Refusal> {
    let most = |component: &offer::Component| {
        let all = component
            .selectors
            .iter()
            .flat_map(|selector| &selector.candidates);
        match judge.offer.basis {
            Basis::Resource => all
                .map(|candidate| {
                    if candidate.is_exclusive {
                        i32::MAX
                    } else {
                        candidate.capacity
                    }
                })
                .max(),
            Basis::Pool | Basis::Slot => {
                let pools = judge.world.pools.values().map(|pool| pool.capacity);
                let slots = judge.world.slots.iter().map(|slot| slot.capacity);
                pools
                    .chain(slots)
                    .max()
                    .map(|units| units / component.quantity.max(1))
            }
            Basis::Unlimited => None,
        }
    };
    let needed = judge
        .offer
        .components
        .iter()
        .filter(|component| !component.is_optional);
    let most = needed.filter_map(most).min();
    match most {
        Some(most) if most > 0 && judge.wanted.party_size > most => Err(Refusal::wrong(
            "partySize",
            format!("There is room for {most} at most."),
        )),
        _ => Ok(()),
    }
}

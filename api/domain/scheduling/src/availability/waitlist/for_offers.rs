//! Those who wait for any time of an offer: whether there is one by now, found by the same search
//! that customers use, and the keeping of it. Like all here it waits for nobody's lock.

use chrono::{DateTime, Datelike as _, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::place::new_hold;
use crate::availability::claims::{Claimant, claim_picks};
use crate::availability::rules::wall_time;
use crate::availability::search::{Refusal, Slot, Starts, Target, Wanted, resolve};
use foundation::database::{Database, Error, Scope};

/// How many entries are asked where something came free; the others have their turn with the next round.
const MOST: i64 = 20;
/// How many are asked in a round: whoever waits for what is never free keeps nobody from their turn.
const MOST_OF_ALL: i64 = 100;
/// How many times of an offer are looked at for one of them.
const MOST_TIMES: usize = 200;
/// How far ahead times are looked for.
const MOST_DAYS: i64 = 62;

/// Somebody who waits for an offer.
#[derive(Clone, Debug)]
pub(super) struct ForOffer {
    /// The entry.
    pub id: Uuid,
    customer_id: Uuid,
    offer_id: Uuid,
    location_id: Uuid,
    resource_id: Option<Uuid>,
    party_size: i32,
    /// From when to when it suits.
    time: (DateTime<Utc>, DateTime<Utc>),
    suits: Suits,
}

/// When somebody has time: by weekdays, and by the clock of the location.
#[derive(Clone, Debug)]
struct Suits {
    zone: Tz,
    weekdays: Vec<i16>,
    from: Option<NaiveTime>,
    until: Option<NaiveTime>,
}

impl Suits {
    /// Whether a time suits; where nothing is said, any does.
    fn allow(&self, starts_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> bool {
        let (start, end) = (
            wall_time(self.zone, starts_at),
            wall_time(self.zone, ends_at),
        );
        let weekday = i16::try_from(start.weekday().number_from_monday()).unwrap_or_default();
        (self.weekdays.is_empty() || self.weekdays.contains(&weekday))
            && self.from.is_none_or(|from| start.time() >= from)
            && self
                .until
                .is_none_or(|until| end.date() == start.date() && end.time() <= until)
    }
}

// As with nights: whoever has declined, or has not answered, is not asked again for a day.
const LINE: &str = "select e.id, e.customer_id, e.offer_id, e.location_id, e.resource_id, e.party_size, e.starts_at, e.ends_at, \
      l.timezone, e.weekdays::smallint[], e.local_from, e.local_until \
    from availability.waitlist_entries e \
    join core.locations l on l.biz_id = e.biz_id and l.id = e.location_id \
    where e.biz_id = $1 and e.status = 'waiting' and e.offer_id is not null and e.ends_at > $2 \
      and (e.expires_at is null or e.expires_at > $2) \
      and ($3::uuid is null or e.id = $3) \
      and ($4::timestamptz is null or (e.starts_at < $5 and e.ends_at > $4)) \
      and ($3::uuid is not null or not exists (select from availability.waitlist_offers o \
        where o.biz_id = $1 and o.waitlist_entry_id = e.id and o.status in ('declined', 'expired') \
          and o.offered_at > clock_timestamp() - interval '1 day')) \
    order by e.priority desc, e.joined_at, e.id limit $6 \
    for no key update of e skip locked";

/// Which of them are asked.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked {
    /// All to whom a time between two instants might suit.
    Between(DateTime<Utc>, DateTime<Utc>),
    /// All.
    All,
    /// This one, whenever it was asked last.
    One(Uuid),
}

/// Those who wait for offers, the first in line first; their entries are locked.
pub(super) async fn line(scope: &Scope, asked: Asked) -> Result<Vec<ForOffer>, Error> {
    let (one, span, most) = match asked {
        Asked::Between(from, to) => (None, Some((from, to)), MOST),
        Asked::All => (None, None, MOST_OF_ALL),
        Asked::One(id) => (Some(id), None, MOST),
    };
    let values = [
        scope.biz_id().into(),
        scope.now().into(),
        one.into(),
        span.map(|span| span.0).into(),
        span.map(|span| span.1).into(),
        most.into(),
    ];
    let rows = scope.query(LINE, &values).await?;
    rows.iter().map(entry).collect()
}

fn entry(row: &tokio_postgres::Row) -> Result<ForOffer, Error> {
    let name: String = row.try_get(8)?;
    let zone = name
        .parse()
        .map_err(|_| Error::Internal(format!("the time zone {name} is not known")))?;
    Ok(ForOffer {
        id: row.try_get(0)?,
        customer_id: row.try_get(1)?,
        offer_id: row.try_get(2)?,
        location_id: row.try_get(3)?,
        resource_id: row.try_get(4)?,
        party_size: row.try_get(5)?,
        time: (row.try_get(6)?, row.try_get(7)?),
        suits: Suits {
            zone,
            weekdays: row.try_get::<_, Option<Vec<i16>>>(9)?.unwrap_or_default(),
            from: row.try_get(10)?,
            until: row.try_get(11)?,
        },
    })
}

/// Keeps a time of the offer that somebody waits for, if there is one, for so many minutes; gives
/// the hold.
pub(super) async fn keep_time(
    database: &Database,
    scope: &Scope,
    entry: &ForOffer,
    minutes: i32,
) -> Result<Option<Uuid>, Error> {
    let Some(slot) = first(scope, entry).await? else {
        return Ok(None);
    };
    if !lock_now(scope, &slot).await? {
        return Ok(None);
    }
    scope.batch("savepoint waiting").await?;
    let kept = async {
        let id = new_hold(
            database,
            scope,
            entry.customer_id,
            entry.party_size,
            minutes,
        )
        .await?;
        let claimant = Claimant {
            entity: "BookingHold",
            id,
            hold_id: Some(id),
        };
        claim_picks(scope, claimant, &slot.picks).await?;
        Ok::<_, Error>(id)
    };
    match kept.await {
        Ok(id) => Ok(Some(id)),
        // Somebody was faster: the next round looks again.
        Err(Error::Violation(_)) => {
            let back = "rollback to savepoint waiting; release savepoint waiting";
            scope.batch(back).await?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The first time that suits.
async fn first(scope: &Scope, entry: &ForOffer) -> Result<Option<Slot>, Error> {
    let wanted = Wanted {
        location_id: Some(entry.location_id),
        party_size: entry.party_size,
        resource_ids: entry.resource_id.into_iter().collect(),
        ..Wanted::of(entry.offer_id)
    };
    let from = entry.time.0.max(scope.now());
    let to = entry.time.1.min(from + TimeDelta::days(MOST_DAYS));
    if to <= from {
        return Ok(None);
    }
    let starts = Starts::Every {
        from,
        to,
        step_minutes: 15,
        at_most: MOST_TIMES,
    };
    let found = match resolve(scope, &wanted, &starts).await {
        Ok(found) => found.slots,
        // What cannot be had at all, such as an offer that was withdrawn, is not offered.
        Err(Refusal::NotFound(_) | Refusal::Wrong { .. }) => return Ok(None),
        Err(Refusal::Database(error)) => return Err(error),
    };
    let suits = |slot: &Slot| {
        slot.time.end <= entry.time.1 && entry.suits.allow(slot.time.start, slot.time.end)
    };
    let mut found = found.into_iter();
    Ok(found.find(|slot| !slot.picks.is_empty() && suits(slot)))
}

const TRY: &str = "select availability.try_lock_resources($1, $2::uuid[])";
const SLOTS: &str = "select count(*) from (select s.id from availability.slots s \
    where s.biz_id = $1 and s.id = any ($2::uuid[]) order by s.id for no key update skip locked) l";

/// Whether all that was picked can be locked without waiting.
async fn lock_now(scope: &Scope, slot: &Slot) -> Result<bool, Error> {
    let (mut windows, mut slots) = (Vec::new(), Vec::new());
    for pick in &slot.picks {
        match pick.target {
            Target::Resource(id) | Target::Pool(id) => windows.push(id),
            Target::Slot(id) => slots.push(id),
        }
    }
    let wanted = i64::try_from(slots.len()).unwrap_or(i64::MAX);
    let values = [scope.biz_id().into(), windows.into()];
    let row = scope.query_opt(TRY, &values).await?;
    let is_ours = row.map(|row| row.try_get(0)).transpose()?.unwrap_or(false);
    if !is_ours || wanted == 0 {
        return Ok(is_ours);
    }
    let values = [scope.biz_id().into(), slots.into()];
    let row = scope.query_opt(SLOTS, &values).await?;
    let locked: i64 = row.map(|row| row.try_get(0)).transpose()?.unwrap_or(0);
    Ok(locked == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_suits_by_weekday_and_clock_of_the_place() {
        let suits = Suits {
            zone: Tz::Europe__Lisbon,
            weekdays: vec![1, 2],
            from: "17:30:00".parse().ok(),
            until: "20:00:00".parse().ok(),
        };
        let at = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        let hour = TimeDelta::hours(1);
        for (start, does) in [
            ("2027-07-05T16:30:00Z", true),
            ("2027-07-05T16:29:00Z", false),
            ("2027-07-05T18:00:00Z", true),
            ("2027-07-05T18:01:00Z", false),
            ("2027-07-07T17:00:00Z", false),
            ("2027-07-05T22:30:00Z", false),
        ] {
            assert_eq!(suits.allow(at(start), at(start) + hour), does, "{start}");
        }
    }
}

//! Who is next: entries that wait, in the order in which they are asked.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::availability::rules::{Night, local_day, nights};
use foundation::database::{Error, Scope};

/// Somebody who waits for nights in a room type.
#[derive(Clone, Debug)]
pub(super) struct ForNights {
    /// The entry.
    pub id: Uuid,
    /// Who waits.
    pub customer_id: Uuid,
    /// How many rooms are wanted.
    pub units: i32,
    /// The pool of the room type.
    pub pool_id: Uuid,
    /// The nights that are wanted, all of them.
    pub nights: Vec<Night>,
}

/// How many entries are asked at once; the others have their turn with the next round.
const MOST: i64 = 50;

// Whoever has declined, or has not answered, is not asked again for a day. An entry that somebody
// else has locked is theirs.
const FOR_NIGHTS: &str = "select e.id, e.customer_id, e.units, p.id, e.starts_at, e.ends_at, l.timezone \
    from availability.waitlist_entries e \
    join core.locations l on l.biz_id = e.biz_id and l.id = e.location_id \
    join availability.capacity_pools p on p.biz_id = e.biz_id and p.unit_type_id = e.unit_type_id and p.deleted_at is null \
    where e.biz_id = $1 and e.status = 'waiting' and e.starts_at > $2::timestamptz - interval '1 day' \
      and (e.expires_at is null or e.expires_at > $2) \
      and ($3::uuid[] is null or p.id = any ($3::uuid[])) and ($4::uuid is null or e.id = $4) \
      and ($4::uuid is not null or not exists (select from availability.waitlist_offers o \
        where o.biz_id = $1 and o.waitlist_entry_id = e.id and o.status in ('declined', 'expired') \
          and o.offered_at > clock_timestamp() - interval '1 day')) \
    order by e.priority desc, e.joined_at, e.id limit $5 \
    for no key update of e skip locked";

/// Which entries are asked.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked<'a> {
    /// All that wait for something of these pools.
    Of(&'a [Uuid]),
    /// All that wait.
    All,
    /// This one, whenever it was asked last.
    One(Uuid),
}

/// Those who wait for nights, the first in line first; their entries are locked.
pub(super) async fn for_nights(
    scope: &Scope,
    asked: Asked<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<ForNights>, Error> {
    let (pools, one) = match asked {
        Asked::Of(pools) => (Some(pools.to_vec()), None),
        Asked::All => (None, None),
        Asked::One(id) => (None, Some(id)),
    };
    let values = [
        scope.biz_id().into(),
        now.into(),
        pools.into(),
        one.into(),
        MOST.into(),
    ];
    let rows = scope.query(FOR_NIGHTS, &values).await?;
    let mut line = Vec::with_capacity(rows.len());
    for row in &rows {
        let name: String = row.try_get(6)?;
        let zone: Tz = name
            .parse()
            .map_err(|_| Error::Internal(format!("the time zone {name} is not known")))?;
        let day = |index| Ok::<_, Error>(local_day(zone, row.try_get(index)?));
        let Ok(nights) = nights(zone, day(4)?, day(5)?) else {
            continue;
        };
        line.push(ForNights {
            id: row.try_get(0)?,
            customer_id: row.try_get(1)?,
            units: row.try_get(2)?,
            pool_id: row.try_get(3)?,
            nights,
        });
    }
    Ok(line)
}

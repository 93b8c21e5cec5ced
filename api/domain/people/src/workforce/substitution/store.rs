//! Searches for stand-ins: locked, asked for, and counted.

use chrono::{DateTime, TimeDelta, Utc};
use tokio_postgres::Row;
use uuid::Uuid;

use super::rules::{Candidate, SubstitutionObstacle, ranked};
use crate::workforce::roster::store::rest_minutes;
use foundation::database::{self, Scope, new_id};
use foundation::graph::failure::{Code, Failure};

/// A search that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Search {
    /// Its id.
    pub id: Uuid,
    /// The shift.
    pub shift_id: Uuid,
    /// Whose shift it was.
    pub absent_staff_id: Uuid,
    /// The pool that is asked.
    pub pool_id: Option<Uuid>,
    /// Why.
    pub reason: String,
    /// When somebody must be found, at the latest.
    pub needed_by: DateTime<Utc>,
    /// Where it stands.
    pub status: String,
    /// Where the work is.
    pub location_id: Uuid,
}

impl Search {
    /// Whether somebody is still looked for.
    pub fn is_open(&self) -> bool {
        matches!(self.status.as_str(), "open" | "offering")
    }
}

const LOCK: &str = "select r.id, r.shift_id, r.absent_staff_id, r.pool_id, r.reason::text, r.needed_by, r.status::text, s.location_id \
    from workforce.substitution_requests r \
    join workforce.staff_shifts s on s.biz_id = r.biz_id and s.id = r.shift_id \
    where r.biz_id = $1 and r.id = $2 for no key update of r";

/// Locks a search; before its offers, as everybody does.
pub async fn lock_search(scope: &Scope, id: Uuid) -> Result<Search, Failure> {
    let row = scope
        .query_opt(LOCK, &[scope.biz_id().into(), id.into()])
        .await?;
    let none = || Failure::new(Code::NotFound, "There is no such search for a stand-in.");
    let row = row.ok_or_else(none)?;
    let read = || -> Result<Search, tokio_postgres::Error> {
        Ok(Search {
            id: row.try_get(0)?,
            shift_id: row.try_get(1)?,
            absent_staff_id: row.try_get(2)?,
            pool_id: row.try_get(3)?,
            reason: row.try_get(4)?,
            needed_by: row.try_get(5)?,
            status: row.try_get(6)?,
            location_id: row.try_get(7)?,
        })
    };
    read().map_err(Failure::internal)
}

/// An offer, of a search that is locked.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Its id.
    pub id: Uuid,
    /// Who was asked.
    pub staff_id: Uuid,
    /// When they were asked.
    pub offered_at: DateTime<Utc>,
    /// When it no longer stands.
    pub expires_at: DateTime<Utc>,
    /// Where it stands.
    pub status: String,
}

const LOCK_OFFER: &str = "select id, staff_id, offered_at, expires_at, status::text from workforce.substitution_offers \
    where biz_id = $1 and id = $2 for no key update";

/// Locks an offer, and its search before it.
pub async fn lock_offer(scope: &Scope, id: Uuid) -> Result<(Search, Offer), Failure> {
    let none = || Failure::new(Code::NotFound, "There is no such offer.");
    let key = [scope.biz_id().into(), id.into()];
    let sql = "select request_id from workforce.substitution_offers where biz_id = $1 and id = $2";
    let row = scope.query_opt(sql, &key).await?.ok_or_else(none)?;
    let search = lock_search(scope, row.try_get(0).map_err(Failure::internal)?).await?;
    let row = scope.query_opt(LOCK_OFFER, &key).await?.ok_or_else(none)?;
    let read = || -> Result<Offer, tokio_postgres::Error> {
        Ok(Offer {
            id: row.try_get(0)?,
            staff_id: row.try_get(1)?,
            offered_at: row.try_get(2)?,
            expires_at: row.try_get(3)?,
            status: row.try_get(4)?,
        })
    };
    Ok((search, read().map_err(Failure::internal)?))
}

// The days are those of the shift's location; skills count if they are had on all of them.
const CANDIDATES: &str = "with asked as ( \
      select s.id, s.planned_starts_at as a, s.planned_ends_at as e, \
        (s.planned_starts_at at time zone l.timezone)::date as first, (s.planned_ends_at at time zone l.timezone)::date as last \
      from workforce.staff_shifts s join core.locations l on l.biz_id = s.biz_id and l.id = s.location_id \
      where s.biz_id = $1 and s.id = $2) \
    select m.staff_id, m.priority, coalesce(c.offered, 0), coalesce(c.accepted, 0), c.last_offered_at, \
      exists (select from workforce.staff_shifts o where o.biz_id = $1 and o.staff_id = m.staff_id and o.status not in ('cancelled', 'no_show') \
        and o.planned_starts_at < w.e + make_interval(mins => $5) and o.planned_ends_at > w.a - make_interval(mins => $5)), \
      coalesce(r.score, 0), \
      case \
        when p.deleted_at is not null or p.hired_on > w.first or coalesce(p.terminated_on, 'infinity') <= w.first then 'employed' \
        when exists (select from workforce.substitution_offers f where f.biz_id = $1 and f.request_id = $4 and f.staff_id = m.staff_id) then 'asked' \
        when exists (select from workforce.staff_shifts o where o.biz_id = $1 and o.staff_id = m.staff_id and o.status <> 'cancelled' \
          and o.planned_period && tstzrange(w.a, w.e)) then 'shift' \
        when exists (select from workforce.leave_request_days d where d.biz_id = $1 and d.staff_id = m.staff_id \
          and d.leave_on between w.first and w.last and d.status in ('reserved', 'charged')) then 'leave' \
        when exists (select from workforce.substitution_pool_skills k where k.biz_id = $1 and k.pool_id = $3 \
          and not workforce.has_skill($1, m.staff_id, k.capability_template_id, w.first, w.last)) then 'skill' \
      end \
    from asked w \
    join workforce.substitution_pool_members m on m.biz_id = $1 and m.pool_id = $3 and m.deleted_at is null and m.period @> w.first \
    join workforce.staff p on p.biz_id = $1 and p.id = m.staff_id \
    left join workforce.substitution_fairness_counters c on c.biz_id = $1 and c.pool_id = $3 and c.staff_id = m.staff_id \
      and c.period @> ($6::timestamptz at time zone 'UTC')::date \
    left join workforce.ranking_profiles q on q.biz_id = $1 and q.code = 'stand-ins' and q.subject = 'staff' and q.is_active and q.deleted_at is null \
    left join workforce.ranking_scores r on r.biz_id = $1 and r.profile_id = q.id and r.subject_type = 'Staff' and r.subject_id = m.staff_id \
    where m.staff_id <> $7 order by m.staff_id limit 2000";

/// The people of a pool in the order in which they are asked for a search, with what is known of
/// them; who cannot come last.
pub async fn candidates(
    scope: &Scope,
    search: &Search,
    pool_id: Uuid,
) -> Result<Vec<Candidate>, database::Error> {
    let rest = i32::try_from(rest_minutes(scope).await?).unwrap_or(i32::MAX);
    let values = [
        scope.biz_id().into(),
        search.shift_id.into(),
        pool_id.into(),
        search.id.into(),
        rest.into(),
        scope.now().into(),
        search.absent_staff_id.into(),
    ];
    let rows = scope.query(CANDIDATES, &values).await?;
    let candidate = |row: &Row| {
        Ok(Candidate {
            staff_id: row.try_get(0)?,
            priority: row.try_get(1)?,
            offered: row.try_get(2)?,
            accepted: row.try_get(3)?,
            last_offered_at: row.try_get(4)?,
            is_short_of_rest: row.try_get(5)?,
            score: row.try_get(6)?,
            obstacle: match row.try_get::<_, Option<&str>>(7)? {
                Some("employed") => Some(SubstitutionObstacle::NotEmployed),
                Some("asked") => Some(SubstitutionObstacle::AlreadyAsked),
                Some("shift") => Some(SubstitutionObstacle::HasShift),
                Some("leave") => Some(SubstitutionObstacle::OnLeave),
                Some(_) => Some(SubstitutionObstacle::SkillMissing),
                None => None,
            },
        })
    };
    let found = rows
        .iter()
        .map(candidate)
        .collect::<Result<_, database::Error>>()?;
    Ok(ranked(found))
}

/// What a turn came to.
#[derive(Clone, Debug, Default)]
pub struct Turn {
    /// The offers that were sent.
    pub sent: Vec<Uuid>,
    /// Whether nobody is left to ask, and nobody's answer is waited for.
    pub is_over: bool,
}

const EXPIRE: &str = "with late as ( \
      update workforce.substitution_offers o set status = 'expired' \
      where o.biz_id = $1 and o.request_id = $2 and o.status = 'sent' and o.expires_at <= $3 returning o.staff_id, o.offered_at) \
    update workforce.substitution_fairness_counters c set expired = c.expired + 1 from late l \
    where c.biz_id = $1 and c.pool_id = $4 and c.staff_id = l.staff_id and c.period @> (l.offered_at at time zone 'UTC')::date";

/// Expires the offers of a search that nobody answered in time, and counts them.
pub async fn expire_late(
    scope: &Scope,
    search: &Search,
    pool_id: Uuid,
) -> Result<(), database::Error> {
    let values = [
        scope.biz_id().into(),
        search.id.into(),
        scope.now().into(),
        pool_id.into(),
    ];
    scope.execute(EXPIRE, &values).await.map(drop)
}

// The pool's lock: two searches of a pool ask one after the other, so turns are counted right.
const POOL: &str = "select p.offer_minutes, p.simultaneous_offers::integer, \
      (select count(*) from workforce.substitution_offers o where o.biz_id = $1 and o.request_id = $3 and o.status = 'sent')::integer, \
      (select coalesce(max(o.rank), 0) from workforce.substitution_offers o where o.biz_id = $1 and o.request_id = $3) \
    from workforce.substitution_pools p where p.biz_id = $1 and p.id = $2 for no key update of p";

const SEND: &str = "insert into workforce.substitution_offers \
      (biz_id, id, request_id, absent_staff_id, staff_id, rank, offered_at, expires_at) \
    select $1, o.id, $4, $5, o.staff_id, $6 + o.place::integer, $7, $8 \
    from unnest($2::uuid[], $3::uuid[]) with ordinality as o (id, staff_id, place)";

const COUNT: &str = "with known as ( \
      update workforce.substitution_fairness_counters c set offered = c.offered + 1, last_offered_at = $4 \
      where c.biz_id = $1 and c.pool_id = $2 and c.staff_id = any ($3::uuid[]) \
        and c.period @> ($4::timestamptz at time zone 'UTC')::date returning c.staff_id) \
    insert into workforce.substitution_fairness_counters (biz_id, id, pool_id, staff_id, starts_on, ends_on, offered, last_offered_at) \
    select $1, core.uuid_v7(), $2, s.id, q.a, (q.a + interval '3 months')::date, 1, $4 \
    from unnest($3::uuid[]) as s (id) \
    cross join (select date_trunc('quarter', $4::timestamptz at time zone 'UTC')::date as a) q \
    where s.id not in (select staff_id from known)";

/// Has the next people of a pool asked: offers that nobody answered in time expire, and as many are
/// sent as the pool asks at a time.
pub async fn take_turn(
    scope: &Scope,
    search: &Search,
    pool_id: Uuid,
) -> Result<Turn, database::Error> {
    let (biz_id, now) = (scope.biz_id(), scope.now());
    let values = [biz_id.into(), pool_id.into(), search.id.into()];
    let row = scope.query_opt(POOL, &values).await?;
    let row = row.ok_or_else(|| database::Error::Internal("a pool vanished".to_owned()))?;
    expire_late(scope, search, pool_id).await?;
    let row = scope.query_opt(POOL, &values).await?.unwrap_or(row);
    let (minutes, at_once): (i32, i32) = (row.try_get(0)?, row.try_get(1)?);
    let (waiting, last_rank): (i32, i32) = (row.try_get(2)?, row.try_get(3)?);
    let wanted = usize::try_from(at_once - waiting).unwrap_or_default();
    let free = candidates(scope, search, pool_id).await?;
    let free = free.into_iter().filter(|one| one.obstacle.is_none());
    let next: Vec<Uuid> = free.take(wanted).map(|one| one.staff_id).collect();
    if next.is_empty() {
        return Ok(Turn {
            sent: Vec::new(),
            is_over: waiting == 0,
        });
    }
    let sent: Vec<Uuid> = next.iter().map(|_| new_id()).collect();
    let expires_at = (now + TimeDelta::minutes(minutes.into())).min(search.needed_by);
    let values = [
        biz_id.into(),
        sent.clone().into(),
        next.clone().into(),
        search.id.into(),
        search.absent_staff_id.into(),
        last_rank.into(),
        now.into(),
        expires_at.into(),
    ];
    scope.execute(SEND, &values).await?;
    let values = [biz_id.into(), pool_id.into(), next.into(), now.into()];
    scope.execute(COUNT, &values).await?;
    if search.status == "open" {
        set_status(scope, search.id, "offering").await?;
    }
    Ok(Turn {
        sent,
        is_over: false,
    })
}

/// Moves a search on.
pub async fn set_status(scope: &Scope, id: Uuid, status: &str) -> Result<(), database::Error> {
    let sql =
        "update workforce.substitution_requests set status = $3 where biz_id = $1 and id = $2";
    let values = [scope.biz_id().into(), id.into(), status.into()];
    scope.execute(sql, &values).await.map(drop)
}

/// Ends a search without a stand-in: offers that nobody has answered are withdrawn.
pub async fn close(scope: &Scope, id: Uuid, status: &str) -> Result<(), database::Error> {
    let sql = "update workforce.substitution_offers set status = 'withdrawn' \
        where biz_id = $1 and request_id = $2 and status = 'sent'";
    scope
        .execute(sql, &[scope.biz_id().into(), id.into()])
        .await?;
    set_status(scope, id, status).await
}

const ANSWER: &str = "with answered as ( \
      update workforce.substitution_offers set status = $3::text, responded_at = $4, note = $5 where biz_id = $1 and id = $2) \
    update workforce.substitution_fairness_counters c \
    set accepted = c.accepted + ($3::text = 'accepted')::integer, declined = c.declined + ($3::text = 'declined')::integer \
    where c.biz_id = $1 and c.pool_id = $6 and c.staff_id = $7 and c.period @> ($8::timestamptz at time zone 'UTC')::date";

/// Notes what somebody said to an offer, and counts it.
pub async fn answer(
    scope: &Scope,
    search: &Search,
    offer: &Offer,
    status: &str,
    note: Option<String>,
) -> Result<(), database::Error> {
    let values = [
        scope.biz_id().into(),
        offer.id.into(),
        status.into(),
        scope.now().into(),
        note.into(),
        search.pool_id.into(),
        offer.staff_id.into(),
        offer.offered_at.into(),
    ];
    scope.execute(ANSWER, &values).await.map(drop)
}

//! What is read and written around new orders: what they name, and the work they ask for.

use chrono::NaiveTime;
use chrono_tz::Tz;
use uuid::Uuid;

use super::deposit::Deposit;
use super::policy::Policy;
use finance::payments::store::paid_for;
use foundation::database::{Error, Numbered, Scope, new_id};

/// Numbers of orders.
pub const ORDER_NUMBERS: Numbered = Numbered {
    document: "booking_order",
    prefix: "BK",
};
/// Numbers of customers.
pub const CUSTOMER_NUMBERS: Numbered = Numbered {
    document: "customer",
    prefix: "CUS",
};

/// When guests may come and must leave where the location says nothing.
const CHECK_IN: (u32, u32) = (15, 0);
const CHECK_OUT: (u32, u32) = (11, 0);

/// A location, as far as bookings follow from it.
#[derive(Clone, Debug)]
pub struct Place {
    /// The location.
    pub location_id: Uuid,
    /// Its time zone.
    pub zone: Tz,
    /// Its currency.
    pub currency: String,
    /// When its business days begin.
    pub cutoff: NaiveTime,
    /// After which local time nothing more is booked for the same day.
    pub booking_cutoff: Option<NaiveTime>,
    /// When stays begin: `check_in_time` of its attributes, such as `"14:00"`, or 15:00.
    pub check_in_time: NaiveTime,
    /// When stays end: `check_out_time` of its attributes, or 11:00.
    pub check_out_time: NaiveTime,
    /// Whether it is open for bookings.
    pub is_active: bool,
}

/// A unit type of the location, with the pool its nights are sold from.
#[derive(Clone, Debug)]
pub struct Room {
    /// The unit type.
    pub unit_type_id: Uuid,
    /// Its name.
    pub name: String,
    /// The pool.
    pub pool_id: Uuid,
}

/// What is sold.
#[derive(Clone, Debug)]
pub struct Sellable {
    /// The sellable.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its tax category.
    pub tax_category: Option<String>,
    /// The version of the offer that it stands for.
    pub offer_version_id: Option<Uuid>,
}

/// A cancellation policy.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The policy.
    pub policy_id: Uuid,
    /// What it says.
    pub policy: Policy,
    /// The same, as orders keep it.
    pub snapshot: serde_json::Value,
}

/// What a booking names.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// The location.
    pub location_id: Uuid,
    /// The unit type of a stay.
    pub unit_type_id: Option<Uuid>,
    /// What is sold; of a stay, the unit type's own sellable if not given.
    pub sellable_id: Option<Uuid>,
    /// Who books.
    pub customer_id: Option<Uuid>,
    /// The policy; that of the offer if not given.
    pub policy_id: Option<Uuid>,
    /// The resource to be used.
    pub resource_id: Option<Uuid>,
}

/// What there is of it. What was named and is not here does not exist, for this tenant.
#[derive(Clone, Debug)]
pub struct Found {
    /// The location.
    pub place: Place,
    /// The unit type: id, name, whether it is sold, and its pool.
    pub unit_type: Option<(Uuid, String, bool, Option<Uuid>)>,
    /// What is sold, and whether it is.
    pub sellable: Option<(Sellable, bool)>,
    /// Who books: id, name, status.
    pub customer: Option<(Uuid, String, String)>,
    /// The policy.
    pub terms: Option<Terms>,
    /// The resource: whether it is used by one at a time, and its lifecycle status.
    pub resource: Option<(bool, String)>,
    /// Of an offer: whether this version of it is on sale.
    pub is_published: bool,
    /// What is due in advance, by the offer.
    pub deposit: Deposit,
}

const FIND: &str = "select l.timezone, l.currency::text, l.business_day_cutoff, l.booking_cutoff_time, \
      l.attributes ->> 'check_in_time', l.attributes ->> 'check_out_time', l.status = 'active', \
      u.id, u.name, u.sellable, p.id, s.id, s.name, s.tax_category, s.active, \
      case when s.ref_type = 'OfferVersion' then s.ref_id end, c.id, c.full_name, c.status::text, \
      y.id, y.snapshot, r.exclusive, r.lifecycle_status::text, coalesce(v.status = 'published', true), \
      v.deposit_kind::text, v.deposit_minor, v.deposit_bps \
    from core.locations l \
    left join resources.unit_types u on u.biz_id = $1 and u.id = $3 and u.location_id = l.id and u.deleted_at is null \
    left join availability.capacity_pools p on p.biz_id = $1 and p.unit_type_id = u.id and p.deleted_at is null \
    left join catalog.sellables s on s.biz_id = $1 and s.deleted_at is null and s.id = coalesce($4, ( \
      select x.id from catalog.sellables x \
      where x.biz_id = $1 and x.ref_type = 'UnitType' and x.ref_id = $3 and x.deleted_at is null)) \
    left join catalog.offer_versions v on v.biz_id = $1 and s.ref_type = 'OfferVersion' and v.id = s.ref_id \
    left join crm.customers c on c.biz_id = $1 and c.id = $5 and c.deleted_at is null \
    left join resources.resources r on r.biz_id = $1 and r.id = $7 and r.location_id = l.id and r.deleted_at is null \
    left join lateral ( \
      select y.id, jsonb_build_object('code', y.code, 'name', y.name, 'no_show_fee_kind', y.no_show_fee_kind, \
        'no_show_fee_minor', y.no_show_fee_minor, 'no_show_fee_bps', y.no_show_fee_bps, 'currency', y.currency, \
        'tiers', coalesce(( \
          select jsonb_agg(jsonb_build_object('id', t.id, 'hours_before_start', t.hours_before_start, \
            'local_cutoff_time', t.local_cutoff_time, 'fee_kind', t.fee_kind, 'fee_minor', t.fee_minor, \
            'fee_bps', t.fee_bps, 'currency', t.currency) order by t.hours_before_start desc) \
          from pricing.cancellation_policy_tiers t \
          where t.biz_id = $1 and t.policy_id = y.id and t.deleted_at is null), '[]')) as snapshot \
      from pricing.cancellation_policies y \
      where y.biz_id = $1 and y.deleted_at is null and y.id = coalesce($6, ( \
        select z.id from catalog.offer_versions v \
        join pricing.cancellation_policies z on z.biz_id = $1 and z.code = v.cancellation_policy_code and z.deleted_at is null \
        where v.biz_id = $1 and s.ref_type = 'OfferVersion' and v.id = s.ref_id))) y on true \
    where l.biz_id = $1 and l.id = $2 and l.deleted_at is null";

/// Reads what a booking names, in one statement. None where there is no such location.
pub async fn find(scope: &Scope, asked: Asked) -> Result<Option<Found>, Error> {
    let values = [
        scope.biz_id().into(),
        asked.location_id.into(),
        asked.unit_type_id.into(),
        asked.sellable_id.into(),
        asked.customer_id.into(),
        asked.policy_id.into(),
        asked.resource_id.into(),
    ];
    let Some(row) = scope.query_opt(FIND, &values).await? else {
        return Ok(None);
    };
    let place = place(asked.location_id, &row)?;
    let unit_type = match row.try_get::<_, Option<Uuid>>(7)? {
        Some(id) => Some((id, row.try_get(8)?, row.try_get(9)?, row.try_get(10)?)),
        None => None,
    };
    let sellable = sellable(&row)?;
    let customer = match row.try_get::<_, Option<Uuid>>(16)? {
        Some(id) => Some((id, row.try_get(17)?, row.try_get(18)?)),
        None => None,
    };
    let terms = match row.try_get::<_, Option<Uuid>>(19)? {
        Some(policy_id) => {
            let snapshot: serde_json::Value = row.try_get(20)?;
            Some(Terms {
                policy_id,
                policy: policy(&snapshot)?,
                snapshot,
            })
        }
        None => None,
    };
    let resource = match row.try_get::<_, Option<bool>>(21)? {
        Some(is_exclusive) => Some((is_exclusive, row.try_get(22)?)),
        None => None,
    };
    Ok(Some(Found {
        place,
        unit_type,
        sellable,
        customer,
        terms,
        resource,
        is_published: row.try_get(23)?,
        deposit: deposit(&row)?,
    }))
}

/// What is sold, and whether it is.
fn sellable(row: &tokio_postgres::Row) -> Result<Option<(Sellable, bool)>, Error> {
    let Some(id) = row.try_get(11)? else {
        return Ok(None);
    };
    let sellable = Sellable {
        id,
        name: row.try_get(12)?,
        tax_category: row.try_get(13)?,
        offer_version_id: row.try_get(15)?,
    };
    Ok(Some((sellable, row.try_get(14)?)))
}

fn deposit(row: &tokio_postgres::Row) -> Result<Deposit, Error> {
    let kind: Option<&str> = row.try_get(24)?;
    let (minor, bps): (Option<i64>, Option<i32>) = (row.try_get(25)?, row.try_get(26)?);
    Ok(match (kind, minor, bps) {
        (Some("amount"), Some(minor), _) => Deposit::Amount(minor),
        (Some("percent"), _, Some(bps)) => Deposit::Part(bps),
        (Some("first_unit"), ..) => Deposit::FirstUnit,
        _ => Deposit::None,
    })
}

fn place(location_id: Uuid, row: &tokio_postgres::Row) -> Result<Place, Error> {
    let time = |index: usize, (hour, minute): (u32, u32)| {
        let text: Option<&str> = row.try_get(index)?;
        let parsed = text.and_then(|text| {
            NaiveTime::parse_from_str(text, "%H:%M")
                .or_else(|_| text.parse())
                .ok()
        });
        Ok::<_, Error>(
            parsed
                .or(NaiveTime::from_hms_opt(hour, minute, 0))
                .unwrap_or_default(),
        )
    };
    Ok(Place {
        location_id,
        zone: zone(row.try_get(0)?)?,
        currency: row.try_get(1)?,
        cutoff: row.try_get(2)?,
        booking_cutoff: row.try_get(3)?,
        check_in_time: time(4, CHECK_IN)?,
        check_out_time: time(5, CHECK_OUT)?,
        is_active: row.try_get(6)?,
    })
}

/// A time zone by its IANA name.
pub fn zone(name: &str) -> Result<Tz, Error> {
    name.parse()
        .map_err(|_| Error::Internal(format!("the time zone {name} is not known")))
}

/// A policy from the form in which orders keep it.
pub(super) fn policy(snapshot: &serde_json::Value) -> Result<Policy, Error> {
    serde::Deserialize::deserialize(snapshot)
        .map_err(|error| Error::Internal(format!("a cancellation policy cannot be read: {error}")))
}

/// Whether all of these are customers of the tenant.
pub async fn are_customers(scope: &Scope, mut ids: Vec<Uuid>) -> Result<bool, Error> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(true);
    }
    let wanted = ids.len();
    let sql = "select count(*) from crm.customers c \
               where c.biz_id = $1 and c.id = any ($2::uuid[]) and c.deleted_at is null";
    let row = scope
        .query_opt(sql, &[scope.biz_id().into(), ids.into()])
        .await?;
    let found: i64 = row
        .map(|row| row.try_get(0))
        .transpose()?
        .unwrap_or_default();
    Ok(usize::try_from(found) == Ok(wanted))
}

/// The constraint under which a session, or a booking, refuses more seats of a kind than there are.
pub const SEATS: &str = "booking_participants_seats_check";

const SELL_UNIT_TYPE: &str = "insert into catalog.sellables (biz_id, id, kind, ref_type, ref_id, name) \
    values ($1, $2, 'unit_type', 'UnitType', $3, $4) \
    on conflict (biz_id, ref_type, ref_id) where deleted_at is null and ref_id is not null do nothing";

/// The sellable of a unit type that had none until now: its first night to be sold makes it.
pub async fn sell_unit_type(
    scope: &Scope,
    unit_type_id: Uuid,
    name: &str,
) -> Result<Sellable, Error> {
    let values = [
        scope.biz_id().into(),
        new_id().into(),
        unit_type_id.into(),
        name.into(),
    ];
    scope.execute(SELL_UNIT_TYPE, &values).await?;
    let sql = "select s.id, s.name, s.tax_category from catalog.sellables s \
               where s.biz_id = $1 and s.ref_type = 'UnitType' and s.ref_id = $2 and s.deleted_at is null";
    let row = scope
        .query_opt(sql, &[scope.biz_id().into(), unit_type_id.into()])
        .await?;
    let row = row.ok_or_else(|| Error::Internal("a sellable vanished".to_owned()))?;
    let (id, name, tax_category) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    Ok(Sellable {
        id,
        name,
        tax_category,
        offer_version_id: None,
    })
}

// Step by step from the orders on, which the planner would not do by itself: in a tenant that has
// grown since it was last analysed it takes all its rows for a handful, and begins with them.
const PLAN_WORK: &str = "with lines as materialized ( \
      select l.* from unnest($2::uuid[]) as w (id) cross join lateral ( \
        select l.id, o.id as order_id, o.location_id, row_number() over (order by l.line_no) = 1 as is_main, \
          case when o.kind = 'stay' and l.line_no = 1 then 'stay_night' else 'service' end as kind, \
          coalesce(l.starts_at, o.starts_at) as starts_at, coalesce(l.ends_at, o.ends_at) as ends_at \
        from booking.booking_orders o \
        join booking.booking_order_lines l on l.biz_id = $1 and l.order_id = o.id and l.voided_at is null \
        where o.biz_id = $1 and o.id = w.id offset 0) l), \
    taken as materialized ( \
      select a.* from unnest($2::uuid[]) as w (id) cross join lateral ( \
        select a.id, a.source_id as order_id, a.resource_id, t.kind, \
          row_number() over (partition by t.kind order by a.service_starts_at, a.id) as position \
        from availability.allocations a \
        join resources.resources r on r.biz_id = $1 and r.id = a.resource_id \
        join resources.resource_types t on t.biz_id = $1 and t.id = r.type_id \
        where a.biz_id = $1 and a.source_type = 'BookingOrder' and a.source_id = w.id \
          and a.status in ('hold', 'firm') and a.resource_id is not null offset 0) a), \
    units as ( \
      insert into booking.fulfillment_units (biz_id, id, order_line_id, location_id, kind, status, \
        planned_starts_at, planned_ends_at) \
      select $1, core.uuid_v7(), l.id, l.location_id, l.kind, 'assigned', l.starts_at, l.ends_at from lines l \
      returning id, order_line_id) \
    insert into booking.fulfillment_assignments (biz_id, id, unit_id, resource_id, allocation_id, role, position, status, accepted_at) \
    select $1, core.uuid_v7(), u.id, t.resource_id, t.id, t.kind, t.position, 'accepted', $3 \
    from taken t \
    join lines l on l.order_id = t.order_id and l.is_main \
    join units u on u.order_line_id = l.id";

/// Plans the work that orders ask for, now that they are firm: one piece a line, and whoever was
/// booked does it. A held order plans none, so that one that expires leaves none behind.
pub async fn plan_work(scope: &Scope, order_ids: Vec<Uuid>) -> Result<(), Error> {
    if order_ids.is_empty() {
        return Ok(());
    }
    let values = [scope.biz_id().into(), order_ids.into(), scope.now().into()];
    scope.query(PLAN_WORK, &values).await.map(drop)
}

const PAID_BY_SHARES: &str = "select coalesce(sum(b.paid_minor), 0)::bigint from booking.participant_obligations b \
    where b.biz_id = $1 and b.order_id = $2";

/// What was paid for an order, in minor units: taken by payments less what goes back, and by the
/// shares of those who take part.
pub async fn paid(scope: &Scope, order_id: Uuid) -> Result<i64, Error> {
    let values = [scope.biz_id().into(), order_id.into()];
    let (directly, row) = futures_util::try_join!(
        paid_for(scope, "BookingOrder", order_id),
        scope.query_opt(PAID_BY_SHARES, &values),
    )?;
    let shares: Option<i64> = row.map(|row| row.try_get(0)).transpose()?;
    Ok(directly + shares.unwrap_or_default())
}

//! An order that is locked to be moved: what all verbs do first that change a booking.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::bill::Amounts;
use super::policy::{Policy, Price};
use super::rules::Move;
use super::store::{policy, zone};
use foundation::database::{Error, Scope};
use foundation::graph::failure::Failure;
use foundation::graph::verb::{Act, Fault};
use scheduling::availability::rules::local_day;

/// An order that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Locked {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// Its version.
    pub version: i32,
    /// What kind of order it is, a value of `booking.order_kind`.
    pub kind: String,
    /// Whether it is a stay.
    pub is_stay: bool,
    /// Who booked, if known as a customer.
    pub customer_id: Option<Uuid>,
    /// Currency of its amounts.
    pub currency: String,
    /// How many people come.
    pub party_size: i32,
    /// Where it takes place.
    pub location_id: Uuid,
    /// The time zone it was booked in.
    pub zone: Tz,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// The day of arrival of a stay.
    pub check_in_on: Option<NaiveDate>,
    /// The day of departure of a stay.
    pub check_out_on: Option<NaiveDate>,
    /// Its hold, if it has one.
    pub hold_id: Option<Uuid>,
    /// Whether that hold still keeps what it kept.
    pub is_kept: bool,
    /// The series it is a booking of, and which time of it.
    pub series: Option<(Uuid, DateTime<Utc>)>,
    /// What it costs.
    pub amounts: Amounts,
    /// What whoever booked it pays, where it is split.
    pub organiser_share: Option<i64>,
    /// What fees are parts of.
    pub price: Price,
    /// The policy it was booked under, as it was then.
    pub policy: Option<Policy>,
}

impl Locked {
    /// The local day on which it begins.
    pub fn first_day(&self) -> NaiveDate {
        self.check_in_on
            .unwrap_or_else(|| local_day(self.zone, self.starts_at))
    }

    /// Whether its hold has run out before it was confirmed or approved.
    pub fn has_expired(&self) -> bool {
        self.status == "expired"
            || (matches!(self.status.as_str(), "held" | "pending_approval")
                && self.hold_id.is_some()
                && !self.is_kept)
    }

    /// Refuses a move that its status does not allow, under the verb's own code.
    pub fn allow<P>(&self, step: Move, code: P) -> Result<(), Fault<P>> {
        if step.is_allowed(&self.status) {
            return Ok(());
        }
        Err(Fault::at(code, "id", step.refusal(&self.status)))
    }
}

/// What is read of an order, whether it is locked for it or not.
macro_rules! read_order {
    () => {
        "select o.status::text, o.version, o.kind = 'stay', o.location_id, o.timezone, o.starts_at, o.ends_at, \
      o.check_in_on, o.check_out_on, o.hold_id, o.total_minor, coalesce( \
        (select n.rate_minor from hospitality.reservation_nights n \
         where n.biz_id = o.biz_id and n.booking_order_id = o.id and n.released_at is null order by n.stay_date limit 1), \
        (select round(b.total_minor / b.quantity)::bigint from booking.booking_order_lines b \
         where b.biz_id = o.biz_id and b.order_id = o.id and b.voided_at is null order by b.line_no limit 1), \
        0), o.cancellation_policy, o.kind::text, o.customer_id, o.currency::text, o.party_size, \
      coalesce(h.status = 'held' and h.held_until > clock_timestamp(), false), o.series_id, o.series_starts_at, \
      o.base_minor, o.features_minor, o.discount_minor, o.tax_minor, o.organiser_share_minor, o.id \
    from booking.booking_orders o \
    left join availability.booking_holds h on h.biz_id = o.biz_id and h.id = o.hold_id \
    where o.biz_id = $1 and"
    };
}

const READ: &str = concat!(read_order!(), " o.id = $2");
const LOCK: &str = concat!(read_order!(), " o.id = $2 for no key update of o");
const LOCK_SERIES: &str = concat!(
    read_order!(),
    " o.series_id = $2 and o.starts_at > $3 and o.status in ('held', 'pending_approval', 'confirmed') \
     and o.series_starts_at >= $4 order by o.id for no key update of o"
);
/// Locks an order that the caller's permission reaches. A version that is not the present one is a
/// conflict: the caller has seen an older state.
pub async fn lock<P>(
    act: &Act<'_>,
    permission: &str,
    id: Uuid,
    expected_version: Option<i32>,
) -> Result<Locked, Fault<P>> {
    let row = act
        .scope
        .query_opt(LOCK, &[act.scope.biz_id().into(), id.into()])
        .await?;
    let row = row.ok_or_else(|| Fault::not_found("booking"))?;
    let location_id = row.try_get(3)?;
    act.permit_at(permission, location_id, "booking")?;
    let version: i32 = row.try_get(1)?;
    Failure::unless_current("booking", version, expected_version)?;
    Ok(of(id, &row)?)
}

/// An order as it is, without locking it: for questions.
pub async fn read(scope: &Scope, id: Uuid) -> Result<Option<Locked>, Error> {
    let row = scope
        .query_opt(READ, &[scope.biz_id().into(), id.into()])
        .await?;
    row.map(|row| of(id, &row)).transpose()
}

/// Locks the bookings of a series that have not begun, from one of its times on, in one order.
pub async fn lock_series(
    scope: &Scope,
    series_id: Uuid,
    from: DateTime<Utc>,
) -> Result<Vec<Locked>, Error> {
    let values = [
        scope.biz_id().into(),
        series_id.into(),
        scope.now().into(),
        from.into(),
    ];
    let rows = scope.query(LOCK_SERIES, &values).await?;
    rows.iter().map(|row| of(row.try_get(25)?, row)).collect()
}

fn of(id: Uuid, row: &tokio_postgres::Row) -> Result<Locked, Error> {
    let snapshot: Option<serde_json::Value> = row.try_get(12)?;
    let series_id: Option<Uuid> = row.try_get(18)?;
    Ok(Locked {
        id,
        location_id: row.try_get(3)?,
        version: row.try_get(1)?,
        status: row.try_get(0)?,
        kind: row.try_get(13)?,
        customer_id: row.try_get(14)?,
        currency: row.try_get(15)?,
        party_size: row.try_get(16)?,
        is_stay: row.try_get(2)?,
        zone: zone(row.try_get(4)?)?,
        starts_at: row.try_get(5)?,
        ends_at: row.try_get(6)?,
        check_in_on: row.try_get(7)?,
        check_out_on: row.try_get(8)?,
        hold_id: row.try_get(9)?,
        is_kept: row.try_get(17)?,
        series: series_id.zip(row.try_get(19)?),
        amounts: Amounts {
            base: row.try_get(20)?,
            features: row.try_get(21)?,
            discount: row.try_get(22)?,
            tax: row.try_get(23)?,
        },
        organiser_share: row.try_get(24)?,
        price: Price {
            total_minor: row.try_get(10)?,
            first_unit_minor: row.try_get(11)?,
        },
        policy: snapshot.as_ref().map(policy).transpose()?,
    })
}

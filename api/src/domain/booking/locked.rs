//! An order that is locked to be moved: what all verbs do first that change a booking.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::policy::{Policy, Price};
use super::rules::Move;
use super::store::{policy, zone};
use crate::domain::availability::rules::local_day;
use crate::graph::failure::{Code, Failure};
use crate::graph::verb::{Act, Fault};

/// An order that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Locked {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// Whether it is a stay.
    pub is_stay: bool,
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

    /// Refuses a move that its status does not allow, under the verb's own code.
    pub fn allow<P>(&self, step: Move, code: P) -> Result<(), Fault<P>> {
        if step.is_allowed(&self.status) {
            return Ok(());
        }
        Err(Fault::at(code, "id", step.refusal(&self.status)))
    }
}

const LOCK: &str = "select o.status::text, o.version, o.kind = 'stay', o.location_id, o.timezone, o.starts_at, o.ends_at, \
      o.check_in_on, o.check_out_on, o.hold_id, o.total_minor, coalesce( \
        (select n.rate_minor from hospitality.reservation_nights n \
         where n.biz_id = o.biz_id and n.booking_order_id = o.id and n.released_at is null order by n.stay_date limit 1), \
        (select round(b.total_minor / b.quantity)::bigint from booking.booking_order_lines b \
         where b.biz_id = o.biz_id and b.order_id = o.id and b.voided_at is null order by b.line_no limit 1), \
        0), o.cancellation_policy \
    from booking.booking_orders o \
    where o.biz_id = $1 and o.id = $2 \
    for no key update of o";

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
    if expected_version.is_some_and(|expected| expected != version) {
        let message = format!(
            "The booking has changed since it was read: it is at version {version} now. Read it again."
        );
        return Err(Failure::new(Code::Conflict, message)
            .with("currentVersion", version)
            .into());
    }
    let snapshot: Option<serde_json::Value> = row.try_get(12)?;
    Ok(Locked {
        id,
        status: row.try_get(0)?,
        is_stay: row.try_get(2)?,
        location_id,
        zone: zone(row.try_get(4)?)?,
        starts_at: row.try_get(5)?,
        ends_at: row.try_get(6)?,
        check_in_on: row.try_get(7)?,
        check_out_on: row.try_get(8)?,
        hold_id: row.try_get(9)?,
        price: Price {
            total_minor: row.try_get(10)?,
            first_unit_minor: row.try_get(11)?,
        },
        policy: snapshot.as_ref().map(policy).transpose()?,
    })
}

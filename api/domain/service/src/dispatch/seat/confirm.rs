//! `tripSeatConfirm`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;
use entities::dispatch::trip_manifest;
use sea_orm::Value;
use uuid::Uuid;

use crate::dispatch::BOARD;
use crate::dispatch::store::lock_trip;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::token::{Secret, digest};

/// Sells the seats that were kept for a passenger, while they are kept.
#[derive(InputObject)]
pub struct TripSeatConfirmInput {
    /// The passenger's place on the trip, on hold.
    pub id: Id<trip_manifest::Entity>,
    /// The booking with which it was sold.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
}

/// Why the seats were not sold.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TripSeatConfirmErrorCode")]
pub enum TripSeatConfirmProblem {
    /// The seats are kept no more, and may be taken by others: reserve anew.
    HoldExpired,
    /// They were sold or given back before.
    WrongStatus,
    /// The trip, or the stop at which they get in, is over or does not take place.
    TripClosed,
}

/// The verb.
pub struct TripSeatConfirm;

const TRIP: &str = "select trip_id from dispatch.trip_manifests where biz_id = $1 and id = $2";

// What was given back because the hold had expired is told as expired.
const PLACE: &str = "select case when m.status = 'cancelled' and h.status = 'expired' then 'expired' else m.status end::text, \
      s.status in ('planned', 'arrived') \
    from dispatch.trip_manifests m \
    join dispatch.trip_stops s on s.biz_id = m.biz_id and s.trip_id = m.trip_id and s.seq = m.from_seq \
    left join availability.booking_holds h on h.biz_id = m.biz_id and h.id = m.booking_hold_id \
    where m.biz_id = $1 and m.id = $2";

// The hold is compared and set by the clock of this moment; what is not held any more sells nothing.
const SELL: &str = "with place as ( \
      select m.id, m.from_seq, m.to_seq, m.seats, m.booking_hold_id from dispatch.trip_manifests m \
      where m.biz_id = $1 and m.id = $2 and m.status = 'held'), \
    hold as ( \
      update availability.booking_holds h set status = 'confirmed' from place p \
      where h.biz_id = $1 and h.id = p.booking_hold_id and h.status = 'held' and h.held_until > clock_timestamp() \
      returning h.id), \
    legs as materialized ( \
      select i.id from dispatch.trip_stop_inventory i, place p \
      where i.biz_id = $1 and i.trip_id = $3 and i.from_seq >= p.from_seq and i.from_seq < p.to_seq \
      order by i.from_seq for no key update of i), \
    sold as ( \
      update dispatch.trip_stop_inventory i set held = i.held - p.seats, sold = i.sold + p.seats \
      from legs l, place p, hold h where i.biz_id = $1 and i.id = l.id and h.id = p.booking_hold_id) \
    update dispatch.trip_manifests m set status = 'reserved', ticket_hash = $5, \
      booking_order_id = coalesce($4, m.booking_order_id) \
    from place p, hold h where m.biz_id = $1 and m.id = p.id and h.id = p.booking_hold_id";

impl Verb for TripSeatConfirm {
    type Input = TripSeatConfirmInput;
    type Problem = TripSeatConfirmProblem;

    const NAME: &'static str = "tripSeatConfirm";
    const PERMISSION: Permission = Permission::Holds(BOARD);
    const EVENT: Option<&'static str> = Some("dispatch.seat_confirmed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "tripManifest",
            "TripManifest",
            "The passenger's place on the trip.",
        ),
        Part::Secret(
            "ticketCode",
            "String",
            "The code on the ticket, shown once.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, id) = (act.scope, input.id.uuid());
        let key = [scope.biz_id().into(), id.into()];
        let row = scope.query_opt(TRIP, &key).await?;
        let row = row.ok_or_else(|| Fault::not_found("passenger"))?;
        let trip_id: Uuid = row.try_get(0)?;
        let trip = lock_trip(act, BOARD, trip_id, None).await?;
        let row = scope.query_opt(PLACE, &key).await?;
        let row = row.ok_or_else(|| Fault::not_found("passenger"))?;
        check(&trip.status, &row.try_get::<_, String>(0)?, row.try_get(1)?)?;
        let ticket = Secret::random()?.text;
        let [biz_id, place_id] = key;
        let values: [Value; 5] = [
            biz_id,
            place_id,
            trip_id.into(),
            input.booking_order_id.map(|id| id.uuid()).into(),
            digest(&ticket).into(),
        ];
        if scope.execute(SELL, &values).await? == 0 {
            return Err(expired());
        }
        let outcome = Outcome::row("tripManifest", id).and_value("ticketCode", ticket);
        Ok(outcome
            .detail("location_id", trip.location_id.to_string())
            .detail("trip_id", trip_id.to_string()))
    }
}

/// Whether a passenger's place may be sold, as trip, place and stop stand.
fn check(trip: &str, place: &str, is_ahead: bool) -> Result<(), Fault<TripSeatConfirmProblem>> {
    match place {
        "held" => {}
        "expired" => return Err(expired()),
        _ => {
            let text = format!("The passenger is {}.", place.replace('_', " "));
            return Err(Fault::at(TripSeatConfirmProblem::WrongStatus, "id", text));
        }
    }
    if !matches!(trip, "scheduled" | "boarding" | "departed") || !is_ahead {
        let text = "Nobody gets in there any more.";
        return Err(Fault::at(TripSeatConfirmProblem::TripClosed, "id", text));
    }
    Ok(())
}

fn expired() -> Fault<TripSeatConfirmProblem> {
    let text = "The seats are not kept any more, and may be taken by others: reserve anew.";
    Fault::at(TripSeatConfirmProblem::HoldExpired, "id", text)
}

//! `tripSeatReserve`.

use async_graphql::{Enum, InputObject};
use entities::booking::{booking_order, booking_participant};
use entities::dispatch::transport_trip;
use sea_orm::Value;

use crate::dispatch::BOARD;
use crate::dispatch::store::lock_trip;
use foundation::database::new_id;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::token::{Secret, digest};

/// How many seats one reservation takes.
const MOST_SEATS: i32 = 100;

/// Takes seats on a trip from one stop to another: on every leg between, or on none.
#[derive(InputObject)]
pub struct TripSeatReserveInput {
    /// The trip.
    pub trip_id: Id<transport_trip::Entity>,
    /// The stop at which they get in.
    pub from_seq: i32,
    /// The stop at which they get out.
    pub to_seq: i32,
    /// How many seats; 1 if not given, 100 at most.
    pub seats: Option<i32>,
    /// A certain seat, for one.
    pub seat: Option<String>,
    /// The booking with which it was sold.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
    /// The participant of the booking who travels.
    pub participant_id: Option<Id<booking_participant::Entity>>,
    /// The name of the passenger, where it is none of the participants.
    pub passenger_name: Option<String>,
}

/// Why no seat was taken.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TripSeatReserveErrorCode")]
pub enum TripSeatReserveProblem {
    /// No seat is left on one of the legs.
    SoldOut,
    /// That seat is taken on one of the legs.
    SeatTaken,
    /// The trip has departed or does not take place.
    TripClosed,
    /// The stops are not of the trip, or not in this order, or nobody gets in or out there.
    InvalidStops,
    /// The participant is on the trip already.
    AlreadyOnTrip,
}

/// The verb.
pub struct TripSeatReserve;

// Which legs there are, locked in ascending order; and whether one may get in and out at these stops.
const TAKE: &str = "with legs as materialized ( \
      select i.id from dispatch.trip_stop_inventory i \
      where i.biz_id = $1 and i.trip_id = $2 and i.from_seq >= $3 and i.from_seq < $4 \
        and exists (select from dispatch.trip_stops s where s.biz_id = $1 and s.trip_id = $2 and s.seq = $3 \
          and s.allows_pickup and s.status in ('planned', 'arrived')) \
        and exists (select from dispatch.trip_stops s where s.biz_id = $1 and s.trip_id = $2 and s.seq = $4 \
          and s.allows_dropoff and s.status <> 'skipped') \
      order by i.from_seq for no key update) \
    update dispatch.trip_stop_inventory i set sold = i.sold + $5 from legs l \
    where i.biz_id = $1 and i.id = l.id";

const PASSENGER: &str = "insert into dispatch.trip_manifests (biz_id, id, trip_id, booking_order_id, \
      participant_id, passenger_name_enc, from_seq, to_seq, seats, seat, status, ticket_hash) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'reserved', $11)";

impl Verb for TripSeatReserve {
    type Input = TripSeatReserveInput;
    type Problem = TripSeatReserveProblem;

    const NAME: &'static str = "tripSeatReserve";
    const PERMISSION: Permission = Permission::Holds(BOARD);
    const EVENT: Option<&'static str> = Some("dispatch.seat_reserved");
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
    const CONSTRAINTS: &'static [(&'static str, TripSeatReserveProblem)] = &[
        (
            "trip_stop_inventory_capacity_check",
            TripSeatReserveProblem::SoldOut,
        ),
        (
            "trip_manifests_seat_no_overlap_excl",
            TripSeatReserveProblem::SeatTaken,
        ),
        (
            "trip_manifests_stops_check",
            TripSeatReserveProblem::InvalidStops,
        ),
        (
            "trip_manifests_trip_id_participant_id_key",
            TripSeatReserveProblem::AlreadyOnTrip,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, id, trip_id) = (act.scope, new_id(), input.trip_id.uuid());
        let seats = input.seats.unwrap_or(1);
        if !(1..=MOST_SEATS).contains(&seats) {
            return Err(Failure::input(format!("seats must be 1 to {MOST_SEATS}.")).into());
        }
        let trip = lock_trip(act, BOARD, trip_id, None).await?;
        if !matches!(trip.status.as_str(), "scheduled" | "boarding" | "departed") {
            let text = format!("The trip is {}.", trip.status);
            return Err(Fault::at(
                TripSeatReserveProblem::TripClosed,
                "tripId",
                text,
            ));
        }
        let values: [Value; 5] = [
            scope.biz_id().into(),
            trip_id.into(),
            input.from_seq.into(),
            input.to_seq.into(),
            seats.into(),
        ];
        let legs = scope.execute(TAKE, &values).await?;
        if i64::try_from(legs).ok() != Some(i64::from(input.to_seq) - i64::from(input.from_seq))
            || legs == 0
        {
            return Err(Fault::at(
                TripSeatReserveProblem::InvalidStops,
                "fromSeq",
                "Nobody gets in at the first and out at the second of these stops of the trip.",
            ));
        }
        let name = input.passenger_name.as_deref().map(str::trim);
        let sealer = &act.session.shared.sealer;
        let name = name
            .map(|name| sealer.seal(scope.biz_id(), name))
            .transpose()?;
        let ticket = Secret::random()?.text;
        let values: [Value; 11] = [
            scope.biz_id().into(),
            id.into(),
            trip_id.into(),
            input.booking_order_id.map(|id| id.uuid()).into(),
            input.participant_id.map(|id| id.uuid()).into(),
            name.into(),
            input.from_seq.into(),
            input.to_seq.into(),
            seats.into(),
            input.seat.into(),
            digest(&ticket).into(),
        ];
        scope.execute(PASSENGER, &values).await?;
        let outcome = Outcome::row("tripManifest", id).and_value("ticketCode", ticket);
        Ok(outcome
            .detail("location_id", trip.location_id.to_string())
            .detail("trip_id", trip_id.to_string()))
    }
}

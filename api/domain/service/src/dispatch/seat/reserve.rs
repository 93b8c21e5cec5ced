//! `tripSeatReserve`.

use async_graphql::{Enum, InputObject};
use entities::booking::{booking_order, booking_participant};
use entities::dispatch::transport_trip;
use sea_orm::Value;
use uuid::Uuid;

use super::give_back_expired;
use crate::dispatch::BOARD;
use crate::dispatch::store::{Trip, lock_trip};
use foundation::database::{Error, new_id};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::token::{Secret, digest};
use scheduling::availability::hold::store::{HOLD_NUMBERS, NewHold, Shopper, insert};

/// How many seats one reservation takes.
const MOST_SEATS: i32 = 100;
/// For how long seats are kept before they are sold, in minutes: a day.
const LONGEST_HOLD: i32 = 1_440;

/// Takes seats on a trip from one stop to another: on every leg between, or on none. They are sold, or
/// kept for a while until `tripSeatConfirm` sells them; `tripSeatCancel` gives them back.
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
    /// Keeps the seats for so many minutes, 1 to 1440, without selling them: after that others may
    /// have them. They are sold at once if not given.
    pub hold_minutes: Option<i32>,
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
    update dispatch.trip_stop_inventory i set sold = i.sold + $5, held = i.held + $6 from legs l \
    where i.biz_id = $1 and i.id = l.id";

const PASSENGER: &str = "insert into dispatch.trip_manifests (biz_id, id, trip_id, booking_order_id, \
      participant_id, passenger_name_enc, from_seq, to_seq, seats, seat, ticket_hash, booking_hold_id, status) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
      case when $12::uuid is null then 'reserved' else 'held' end)";

// The passenger decides about the hold from then on: no verb on holds confirms or releases it.
const HAND_OVER: &str = "select availability.hand_over_hold($1, 'TripManifest', $2)";

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
            "The code on the ticket, shown once; none while the seats are only kept.",
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
        let seats = seats_of(&input)?;
        let trip = lock_trip(act, BOARD, input.trip_id.uuid(), None).await?;
        if !matches!(trip.status.as_str(), "scheduled" | "boarding" | "departed") {
            let text = format!("The trip is {}.", trip.status);
            return Err(Fault::at(
                TripSeatReserveProblem::TripClosed,
                "tripId",
                text,
            ));
        }
        give_back_expired(act.scope, trip.id).await?;
        take(act, &input, &trip, seats).await?;
        let hold_id = match input.hold_minutes {
            Some(minutes) => Some(hold(act, seats, minutes).await?),
            None => None,
        };
        let ticket = match hold_id {
            Some(_) => None,
            None => Some(Secret::random()?.text),
        };
        let id = new_id();
        let place = Place {
            id,
            seats,
            hold_id,
            ticket: ticket.as_deref(),
        };
        write(act, input, &place).await?;
        let outcome = Outcome::row("tripManifest", id)
            .detail("location_id", trip.location_id.to_string())
            .detail("trip_id", trip.id.to_string())
            .detail("is_held", hold_id.is_some());
        Ok(match ticket {
            Some(ticket) => outcome.and_value("ticketCode", ticket),
            None => outcome,
        })
    }
}

/// How many seats are wanted, if that and the time they are kept for can be.
fn seats_of(input: &TripSeatReserveInput) -> Result<i32, Failure> {
    let seats = input.seats.unwrap_or(1);
    if !(1..=MOST_SEATS).contains(&seats) {
        return Err(Failure::input(format!("seats must be 1 to {MOST_SEATS}.")));
    }
    let minutes = input.hold_minutes.unwrap_or(1);
    if !(1..=LONGEST_HOLD).contains(&minutes) {
        return Err(Failure::input(format!(
            "holdMinutes must be 1 to {LONGEST_HOLD}."
        )));
    }
    Ok(seats)
}

/// Takes the seats of every leg between.
async fn take(
    act: &Act<'_>,
    input: &TripSeatReserveInput,
    trip: &Trip,
    seats: i32,
) -> Result<(), Fault<TripSeatReserveProblem>> {
    let (sold, held) = match input.hold_minutes {
        None => (seats, 0),
        Some(_) => (0, seats),
    };
    let values: [Value; 6] = [
        act.scope.biz_id().into(),
        trip.id.into(),
        input.from_seq.into(),
        input.to_seq.into(),
        sold.into(),
        held.into(),
    ];
    let legs = act.scope.execute(TAKE, &values).await?;
    let wanted = i64::from(input.to_seq) - i64::from(input.from_seq);
    if legs == 0 || i64::try_from(legs).ok() != Some(wanted) {
        return Err(Fault::at(
            TripSeatReserveProblem::InvalidStops,
            "fromSeq",
            "Nobody gets in at the first and out at the second of these stops of the trip.",
        ));
    }
    Ok(())
}

/// Makes the hold that says until when the seats are kept.
async fn hold(act: &Act<'_>, seats: i32, minutes: i32) -> Result<Uuid, Error> {
    let database = &act.session.shared.database;
    let hold = NewHold {
        id: new_id(),
        number: database.number(act.scope, HOLD_NUMBERS).await?,
        shopper: &Shopper::default(),
        units: seats,
        minutes,
        reason: None,
    };
    insert(act.scope, &hold).await?;
    Ok(hold.id)
}

/// A new place on a trip.
struct Place<'a> {
    id: Uuid,
    seats: i32,
    hold_id: Option<Uuid>,
    ticket: Option<&'a str>,
}

async fn write(
    act: &Act<'_>,
    input: TripSeatReserveInput,
    place: &Place<'_>,
) -> Result<(), Fault<TripSeatReserveProblem>> {
    let (scope, sealer) = (act.scope, &act.session.shared.sealer);
    let name = input.passenger_name.as_deref().map(str::trim);
    let name = name
        .map(|name| sealer.seal(scope.biz_id(), name))
        .transpose()?;
    let values: [Value; 12] = [
        scope.biz_id().into(),
        place.id.into(),
        input.trip_id.uuid().into(),
        input.booking_order_id.map(|id| id.uuid()).into(),
        input.participant_id.map(|id| id.uuid()).into(),
        name.into(),
        input.from_seq.into(),
        input.to_seq.into(),
        place.seats.into(),
        input.seat.into(),
        place.ticket.map(digest).into(),
        place.hold_id.into(),
    ];
    scope.execute(PASSENGER, &values).await?;
    if let Some(hold_id) = place.hold_id {
        let values = [hold_id.into(), place.id.into()];
        scope.query(HAND_OVER, &values).await?;
    }
    Ok(())
}

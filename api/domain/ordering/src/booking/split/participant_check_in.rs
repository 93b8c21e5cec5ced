//! `bookingParticipantCheckIn`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_participant;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::booking::choices::CheckInMethod;
use crate::booking::locked::lock;
use foundation::database::new_id;
use foundation::graph::scalars::{Choice, Id, Number};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::rules::local_day;

const PERMISSION: &str = "booking.check_in";

type Problem = BookingParticipantCheckInProblem;

/// Notes that one of those who take part came, by desk, kiosk, code or place. The first who comes to
/// a confirmed booking does not begin it: `bookingCheckIn` does that.
#[derive(InputObject)]
pub struct BookingParticipantCheckInInput {
    /// The participant.
    pub id: Id<booking_participant::Entity>,
    /// How; DESK if not given.
    pub method: Option<Choice<CheckInMethod>>,
    /// Latitude of the phone, of a check-in by being near.
    pub lat: Option<Number>,
    /// Longitude of the phone.
    pub lng: Option<Number>,
    /// The terminal or phone it was done on.
    pub device_ref: Option<String>,
}

/// Why a participant cannot check in.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BookingParticipantCheckInErrorCode")]
pub enum BookingParticipantCheckInProblem {
    /// The booking is neither confirmed nor in progress.
    WrongStatus,
    /// The day of the booking has not begun at the location.
    TooEarly,
    /// The participant has dropped out.
    DroppedOut,
}

/// The verb.
pub struct BookingParticipantCheckIn;

impl Verb for BookingParticipantCheckIn {
    type Input = BookingParticipantCheckInInput;
    type Problem = BookingParticipantCheckInProblem;

    const NAME: &'static str = "bookingParticipantCheckIn";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.participant_checked_in");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "participant",
            "BookingParticipant",
            "The participant as it now is.",
        ),
        Part::Row(
            "checkIn",
            "CheckIn",
            "The entry of the journal of who came.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (biz, person) = (act.scope.biz_id(), input.id.uuid());
        let sql = "select p.order_id, p.cancelled_at is not null from booking.booking_participants p where p.biz_id = $1 and p.id = $2";
        let row = act
            .scope
            .query_opt(sql, &[biz.into(), person.into()])
            .await?;
        let row = row.ok_or_else(|| Fault::not_found("participant"))?;
        let order_id: Uuid = row.try_get(0)?;
        let order = lock(act, PERMISSION, order_id, None).await?;
        if !matches!(order.status.as_str(), "confirmed" | "in_progress") {
            let message = format!(
                "The booking is {}; only one that is confirmed or in progress has guests.",
                order.status
            );
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        if row.try_get(1)? {
            let message = "The participant has dropped out.";
            return Err(Fault::at(Problem::DroppedOut, "id", message));
        }
        let (today, day) = (local_day(order.zone, act.scope.now()), order.first_day());
        if today < day {
            let message = format!("The booking begins on {day}; at the location it is {today}.");
            return Err(Fault::at(Problem::TooEarly, "id", message));
        }
        let id = new_id();
        let decimal = |number: Option<Number>| number.map(|number| number.0.round_dp(6));
        let (lat, lng): (Option<Decimal>, Option<Decimal>) =
            (decimal(input.lat), decimal(input.lng));
        let values = [
            biz.into(),
            id.into(),
            order_id.into(),
            person.into(),
            order.location_id.into(),
            input.method.map_or("desk", |method| method.0).into(),
            act.scope.now().into(),
            lat.into(),
            lng.into(),
            input.device_ref.into(),
        ];
        let note = "insert into booking.check_ins (biz_id, id, order_id, participant_id, location_id, method, occurred_at, lat, lng, device_ref) \
                    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let came = "update booking.booking_participants p set checked_in_at = coalesce(p.checked_in_at, $3) where p.biz_id = $1 and p.id = $2";
        let at = [biz.into(), person.into(), act.scope.now().into()];
        futures_util::try_join!(
            act.scope.execute(note, &values),
            act.scope.execute(came, &at)
        )?;
        Ok(Outcome::row("participant", person)
            .and_row("checkIn", id)
            .detail("location_id", order.location_id.to_string()))
    }
}

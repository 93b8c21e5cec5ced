//! `bookingRebook`.

use async_graphql::{Enum, InputObject, InputType as _};
use entities::availability::slot;
use entities::booking::booking_order;
use entities::resources::resource;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

use super::create::{BookingCreateInput, BookingCreateProblem, book};
use super::days;
use super::locked::{Locked, read};
use foundation::database::Error;
use foundation::graph::scalars::{Day, Id, Instant, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Problem as Told, Verb};
use foundation::money::exponent;

const PERMISSION: &str = "booking.create";

type Problem = BookingRebookProblem;

/// Books again what was booked before, at another time: the same customer, the same thing, at the
/// same price if no other is given. The new booking names the one it was booked again from.
#[derive(InputObject)]
pub struct BookingRebookInput {
    /// The booking of before, in whatever status.
    pub id: Id<booking_order::Entity>,
    /// Of a stay: the local day of arrival.
    pub starts_on: Option<Day>,
    /// Of a stay: the local day of departure.
    pub ends_on: Option<Day>,
    /// Of a stay: the price of each night for one room; the first of before if not given.
    pub rate: Option<MoneyInput>,
    /// Otherwise: when it begins.
    pub starts_at: Option<Instant>,
    /// Otherwise: when it ends; as long as before if not given.
    pub ends_at: Option<Instant>,
    /// Otherwise: the resource, if it is to be another.
    pub resource_id: Option<Id<resource::Entity>>,
    /// Of a class: the session.
    pub slot_id: Option<Id<slot::Entity>>,
    /// Otherwise: what it costs; as before if not given.
    pub price: Option<MoneyInput>,
    /// Otherwise: why it is booked although it is taken or closed, by somebody who holds
    /// availability.override: it opens an item in the queue of conflicts.
    #[graphql(validator(max_length = 2000))]
    pub override_reason: Option<String>,
    /// Whether it is firm from the beginning.
    #[graphql(default = false)]
    pub confirm: bool,
}

/// Why it cannot be booked again.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BookingRebookErrorCode")]
pub enum BookingRebookProblem {
    /// The new time is missing, or this kind of booking is booked again by `bookingCreate`.
    Incomplete,
    /// The end must be after the start, and neither in the past nor too far away.
    InvalidDates,
    /// Nothing is left at that time.
    SoldOut,
    /// The resource is taken at that time.
    SlotTaken,
    /// It cannot be booked; the message says why.
    NotBookable,
}

/// The verb.
pub struct BookingRebook;

impl Verb for BookingRebook {
    type Input = BookingRebookInput;
    type Problem = BookingRebookProblem;

    const NAME: &'static str = "bookingRebook";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.rebooked");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "bookingOrder",
        "BookingOrder",
        "The new booking.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let old = read(act.scope, input.id.uuid()).await?;
        let old = old.ok_or_else(|| Fault::not_found("booking"))?;
        act.permit_at(PERMISSION, old.location_id, "booking")?;
        let wanted = wanted(act, &old, &input).await?;
        let id = book(act, wanted).await.map_err(refused)?;
        let sql = "update booking.booking_orders o set rebooked_from_id = $3 where o.biz_id = $1 and o.id = $2";
        let values = [act.scope.biz_id().into(), id.into(), old.id.into()];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("bookingOrder", id)
            .detail("location_id", old.location_id.to_string())
            .detail("rebooked_from_id", old.id.to_string()))
    }
}

const SOLD: &str = "select l.sellable_id, l.total_minor, (select a.resource_id from availability.allocations a \
        where a.biz_id = $1 and a.source_type = 'BookingOrder' and a.source_id = $2 and a.resource_id is not null \
        order by a.service_starts_at, a.id limit 1), d.adults, d.children, d.babies, o.cancellation_policy_id \
    from booking.booking_orders o \
    join booking.booking_order_lines l on l.biz_id = $1 and l.order_id = o.id \
    left join hospitality.reservation_details d on d.biz_id = $1 and d.booking_order_id = o.id \
    where o.biz_id = $1 and o.id = $2 order by l.line_no limit 1";

/// The booking, as `bookingCreate` takes it.
async fn wanted(
    act: &Act<'_>,
    old: &Locked,
    input: &BookingRebookInput,
) -> Result<BookingCreateInput, Fault<Problem>> {
    let values = [act.scope.biz_id().into(), old.id.into()];
    let row = act.scope.query_opt(SOLD, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("booking"))?;
    let money = |minor: i64| {
        let amount = Decimal::from_i128_with_scale(minor.into(), exponent(&old.currency));
        json!({"amount": amount.to_string(), "currency": old.currency})
    };
    let given = |money: &MoneyInput| {
        async_graphql::InputType::to_value(money)
            .into_json()
            .unwrap_or_default()
    };
    let policy: Option<Uuid> = row.try_get(6)?;
    let mut wanted = json!({
        "locationId": Id::<entities::core::location::Entity>::new(old.location_id),
        "kind": old.kind.to_uppercase(),
        "customerId": old.customer_id.map(Id::<entities::crm::customer::Entity>::new),
        "sellableId": Id::<entities::catalog::sellable::Entity>::new(row.try_get(0)?),
        "cancellationPolicyId": policy.map(Id::<entities::pricing::cancellation_policy::Entity>::new),
        "confirm": input.confirm, "overrideReason": input.override_reason,
    });
    let price = input.price.as_ref().map_or(money(row.try_get(1)?), given);
    let more = match (old.kind.as_str(), input.slot_id) {
        ("storage", _) => {
            let message = "Storage is booked again by bookingCreate, with what is stored then.";
            return Err(Fault::at(Problem::Incomplete, "id", message));
        }
        ("stay", _) => {
            let days = days::read(act.scope, old.id).await?;
            let Some(days) = days else {
                return Err(Fault::not_found("booking"));
            };
            let first = days
                .rates
                .first()
                .map_or(0, |rate| rate.minor / i64::from(days.units.max(1)));
            let (adults, children, babies): (i32, i32, i32) =
                (row.try_get(3)?, row.try_get(4)?, row.try_get(5)?);
            json!({
                "unitTypeId": days.unit_type_id.map(Id::<entities::resources::unit_type::Entity>::new),
                "checkInOn": input.starts_on.map(|day| day.0), "checkOutOn": input.ends_on.map(|day| day.0),
                "units": days.units, "nightlyRate": input.rate.as_ref().map_or(money(first), given),
                "adults": adults, "children": children, "babies": babies,
            })
        }
        (_, Some(slot)) => {
            json!({"slotId": Id::<slot::Entity>::new(slot.uuid()), "partySize": old.party_size, "price": price})
        }
        (_, None) => of_resource(old, input, row.try_get(2)?, &price),
    };
    if let (Some(all), Value::Object(more)) = (wanted.as_object_mut(), more) {
        all.extend(more);
    }
    parsed(wanted)
}

/// A resource for a time: the one it had, and for as long, where nothing else is given.
fn of_resource(
    old: &Locked,
    input: &BookingRebookInput,
    own: Option<Uuid>,
    price: &Value,
) -> Value {
    let resource = input.resource_id.map(|id| id.uuid()).or(own);
    let length = old.ends_at - old.starts_at;
    let ends_at = input
        .ends_at
        .map(|end| end.0)
        .or(input.starts_at.map(|start| start.0 + length));
    json!({
        "resourceId": resource.map(Id::<resource::Entity>::new), "startsAt": input.starts_at.map(|start| start.0),
        "endsAt": ends_at, "partySize": old.party_size, "price": price,
    })
}

fn parsed(wanted: Value) -> Result<BookingCreateInput, Fault<Problem>> {
    let value = async_graphql::Value::from_json(wanted);
    let value = value.map_err(|error| Error::Internal(error.to_string()))?;
    BookingCreateInput::parse(Some(value)).map_err(|error| {
        let told = error
            .into_server_error(async_graphql::Pos::default())
            .message;
        Error::Internal(format!("a booking that cannot be booked again: {told}")).into()
    })
}

fn refused(fault: Fault<BookingCreateProblem>) -> Fault<Problem> {
    match fault {
        Fault::Problem(told) | Fault::Kept(told) => Fault::Problem(Told {
            code: match told.code {
                BookingCreateProblem::SoldOut => Problem::SoldOut,
                BookingCreateProblem::SlotTaken => Problem::SlotTaken,
                BookingCreateProblem::Incomplete => Problem::Incomplete,
                BookingCreateProblem::InvalidDates | BookingCreateProblem::InThePast => {
                    Problem::InvalidDates
                }
                _ => Problem::NotBookable,
            },
            message: told.message,
            field: told.field,
            retryable: told.retryable,
            values: told.values,
        }),
        Fault::Failure(failure) => Fault::Failure(failure),
        Fault::Database(error) => Fault::Database(error),
    }
}

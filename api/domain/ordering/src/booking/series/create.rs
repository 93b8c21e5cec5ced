//! `seriesCreate`.

use std::sync::Arc;

use async_graphql::registry::Registry;
use async_graphql::{InputType as _, OutputType};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use entities::catalog::sellable;
use entities::core::location;
use entities::crm::customer;
use entities::pricing::cancellation_policy;
use entities::resources::resource;
use serde_json::json;
use uuid::Uuid;

pub use super::input::{SeriesCreateInput, SeriesCreateProblem};
use super::rules::{free, window};
use super::store::{Exception, booked, conflict, except, told};
use super::when::{days_of, time_of_day, zone_of};
use super::{SeriesConflicts, SeriesOccurrence, SeriesOutcome};
use crate::booking::create::{BookingCreateInput, BookingCreateProblem, Prepared, prepared, price};
use crate::booking::judged::is_staff;
use crate::booking::moves::Window;
use crate::booking::record::{NewOrder, NewUse, record_uses};
use crate::booking::store::ORDER_NUMBERS;
use foundation::database::{Error, new_id};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Problem as Told, Verb};
use scheduling::availability::search::Shopper;
use scheduling::availability::search::direct::{Asked, Direct, Use};
use scheduling::availability::store::lock_resources;
use scheduling::pricing::refusal::Unpriced;
use scheduling::pricing::request::{Item, PriceRequest, Time};
use scheduling::pricing::store::price_each;

const PERMISSION: &str = "booking.create";

type Problem = SeriesCreateProblem;
pub(super) type Checked<T> = Result<T, Fault<Problem>>;

/// The verb.
pub struct SeriesCreate;

impl Verb for SeriesCreate {
    type Input = SeriesCreateInput;
    type Problem = SeriesCreateProblem;

    const NAME: &'static str = "seriesCreate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("series.created");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("recurrenceSeries", "RecurrenceSeries", "The series."),
        Part::Value(
            "occurrences",
            "[SeriesOccurrence!]",
            "What became of each time, in order.",
        ),
        Part::Value("bookedCount", "Int", "How many were booked."),
        Part::Value("conflictCount", "Int", "How many were not."),
    ];
    const CONSTRAINTS: &'static [(&'static str, SeriesCreateProblem)] = &[
        ("recurrence_rule_check", Problem::InvalidRule),
        ("recurrence_series_rule_check", Problem::InvalidRule),
        ("recurrence_series_end_check", Problem::InvalidDates),
    ];

    fn types(registry: &mut Registry) {
        <SeriesOccurrence as OutputType>::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let location_id = input.location_id.uuid();
        act.permit_at(PERMISSION, location_id, "location")?;
        let start = time_of_day(&input)?;
        let zone = zone_of(act, location_id).await?;
        let days = days_of(&input, zone)?;
        let times: Vec<Window> = days
            .iter()
            .map(|day| window(zone, *day, start, input.duration_minutes))
            .collect();
        let Some(Prepared {
            new: first,
            request,
        }) = Box::pin(prepared(act, wanted(&input, times[0])?))
            .await
            .map_err(refused)?
        else {
            let message = "A series is of a resource at a time.";
            return Err(Fault::at(Problem::NotBookable, "resourceId", message));
        };
        lock_resources(act.scope, &[first.resource_id]).await?;
        let (direct, wanted) = Box::pin(judged(act, &input, &first, &times)).await?;
        let blocked: Vec<Window> = wanted.iter().map(|usage| usage.blocked).collect();
        let free = free(&[], &blocked, |index| direct.is_free(&wanted[index]));
        agreed(&input, &times, &free, zone)?;
        let series_id = write(act, &input, zone, start, (&days, &first)).await?;
        let mut uses = uses(act, &first, &times, &blocked, &free).await?;
        if let Some(request) = request {
            Box::pin(price_all(act, &request, &mut uses)).await?;
        }
        record_uses(act.scope, &uses).await?;
        attach(act, series_id, &uses).await?;
        let occurrences = occurrences((&direct, &wanted), &uses, &free, (zone, act.scope.now()));
        let skipped: Vec<Exception> = times
            .iter()
            .zip(&free)
            .filter(|(_, free)| !**free)
            .map(|(time, _)| Exception {
                original: time.0,
                kind: "skipped",
                moved_to: None,
                order_id: None,
            })
            .collect();
        except(act.scope, series_id, &skipped).await?;
        Ok(Outcome::row("recurrenceSeries", series_id)
            .and_value("occurrences", told(&occurrences)?)
            .and_value("bookedCount", uses.len())
            .and_value("conflictCount", skipped.len())
            .detail("location_id", location_id.to_string())
            .detail("booked", uses.len()))
    }
}

/// What is known of the resource at all these times, and each of them with its buffers.
async fn judged(
    act: &Act<'_>,
    input: &SeriesCreateInput,
    first: &NewUse,
    times: &[Window],
) -> Checked<(Direct, Vec<Use>)> {
    let first_use = Use {
        resource_id: first.resource_id,
        service: first.service,
        blocked: first.blocked,
    };
    let each = times.iter().map(|time| first_use.starting(time.0));
    let wanted: Vec<Use> = each.collect();
    let asked = Asked {
        location_id: input.location_id.uuid(),
        sellable_id: Some(input.sellable_id.uuid()),
        party_size: input.party_size,
        shopper: Shopper::default(),
        by_staff: is_staff(act)?,
    };
    let direct = Direct::load(act.scope, asked, &wanted).await?;
    let wanted = wanted.into_iter().map(|one| direct.with_buffers(one));
    let wanted = wanted.collect();
    Ok((direct, wanted))
}

/// What became of each time: `uses` are those that are free.
fn occurrences(
    (direct, wanted): (&Direct, &[Use]),
    uses: &[NewUse],
    free: &[bool],
    (zone, now): (chrono_tz::Tz, DateTime<Utc>),
) -> Vec<SeriesOccurrence> {
    let taken: Vec<Window> = uses.iter().map(|new| new.blocked).collect();
    let mut uses = uses.iter();
    let each = wanted.iter().zip(free);
    each.map(
        |(usage, free)| match if *free { uses.next() } else { None } {
            Some(new) => booked(usage.service, new.order.id, SeriesOutcome::Booked),
            None => conflict((usage, None), (direct, &taken), zone, now),
        },
    )
    .collect()
}

/// The first time, as `bookingCreate` takes it: so that all that it refuses is refused here.
fn wanted(input: &SeriesCreateInput, time: Window) -> Checked<BookingCreateInput> {
    let wanted = json!({
        "locationId": Id::<location::Entity>::new(input.location_id.uuid()),
        "customerId": input.customer_id.map(|id| Id::<customer::Entity>::new(id.uuid())),
        "sellableId": Id::<sellable::Entity>::new(input.sellable_id.uuid()),
        "resourceId": Id::<resource::Entity>::new(input.resource_id.uuid()),
        "cancellationPolicyId": input.cancellation_policy_id.map(|id| Id::<cancellation_policy::Entity>::new(id.uuid())),
        "startsAt": time.0, "endsAt": time.1, "bufferBeforeMinutes": input.buffer_before_minutes,
        "bufferAfterMinutes": input.buffer_after_minutes, "partySize": input.party_size, "confirm": true,
        "price": input.price.as_ref().map(|price| price.to_value().into_json().unwrap_or_default()),
    });
    let value = async_graphql::Value::from_json(wanted);
    let value = value.map_err(|error| Error::Internal(error.to_string()))?;
    BookingCreateInput::parse(Some(value)).map_err(|error| {
        let told = error
            .into_server_error(async_graphql::Pos::default())
            .message;
        Error::Internal(format!("a series that cannot be booked: {told}")).into()
    })
}

/// Refuses conflicts, unless they are to be skipped.
fn agreed(
    input: &SeriesCreateInput,
    times: &[Window],
    free: &[bool],
    zone: chrono_tz::Tz,
) -> Checked<()> {
    let conflicts: Vec<&Window> = times
        .iter()
        .zip(free)
        .filter(|(_, free)| !**free)
        .map(|(time, _)| time)
        .collect();
    let Some(first) = conflicts.first() else {
        return Ok(());
    };
    let all_taken = conflicts.len() == times.len();
    if input.on_conflict == Some(SeriesConflicts::Skip) && !all_taken {
        return Ok(());
    }
    let at = scheduling::availability::rules::wall_time(zone, first.0).format("%F %R");
    let message = format!(
        "{} of {} times are taken, the first at {at}; nothing was booked.",
        conflicts.len(),
        times.len()
    );
    Err(Fault::at(Problem::Conflicts, "resourceId", message))
}

const INSERT: &str = "insert into availability.recurrence_series (biz_id, id, customer_id, location_id, rrule, timezone, starts_on, \
      ends_on, max_occurrences, local_start, duration_minutes, template, booked_until) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text::jsonb, $13)";

async fn write(
    act: &Act<'_>,
    input: &SeriesCreateInput,
    zone: chrono_tz::Tz,
    start: NaiveTime,
    (days, first): (&[NaiveDate], &NewUse),
) -> Checked<Uuid> {
    let id = new_id();
    let template = json!({
        "resource_id": input.resource_id.uuid(), "sellable_id": input.sellable_id.uuid(), "party_size": input.party_size,
        "price_minor": first.total_minor, "currency": first.order.place.currency,
    });
    let until = days
        .last()
        .map_or(input.starts_on.0, |day| *day + TimeDelta::days(1));
    let values = [
        act.scope.biz_id().into(),
        id.into(),
        input.customer_id.map(|id| id.uuid()).into(),
        input.location_id.uuid().into(),
        input.rrule.clone().into(),
        zone.name().into(),
        input.starts_on.0.into(),
        input.ends_on.map(|day| day.0).into(),
        input.count.into(),
        start.into(),
        input.duration_minutes.into(),
        template.to_string().into(),
        until.into(),
    ];
    act.scope.execute(INSERT, &values).await?;
    Ok(id)
}

/// One use for each time that is free, like the first of them.
async fn uses(
    act: &Act<'_>,
    first: &NewUse,
    times: &[Window],
    blocked: &[Window],
    free: &[bool],
) -> Checked<Vec<NewUse>> {
    let windows: Vec<(Window, Window)> = times
        .iter()
        .zip(blocked)
        .zip(free)
        .filter(|(_, free)| **free)
        .map(|((time, blocked), _)| (*time, *blocked))
        .collect();
    let database = &act.session.shared.database;
    let numbers = database
        .numbers(act.scope, ORDER_NUMBERS, windows.len())
        .await?;
    Ok(windows
        .into_iter()
        .zip(numbers)
        .map(|((service, blocked), number)| NewUse {
            order: NewOrder {
                id: new_id(),
                number,
                ..first.order.clone()
            },
            service,
            blocked,
            ..first.clone()
        })
        .collect())
}

/// Gives each use the price that the price lists have for its own time.
async fn price_all(act: &Act<'_>, request: &PriceRequest, uses: &mut [NewUse]) -> Checked<()> {
    let documents = uses.iter().map(|new| {
        let items = request.items.iter().cloned().map(|item| Item {
            time: Time::Window {
                starts_at: new.service.0,
                ends_at: new.service.1,
            },
            ..item
        });
        items.collect()
    });
    let priced = price_each(act.scope, request, documents.collect()).await;
    let priced = priced.map_err(|unpriced| match unpriced {
        Unpriced::Refused(refusal) => refused(price::refused(&refusal)),
        Unpriced::Failed(error) => error.into(),
    })?;
    for (new, priced) in uses.iter_mut().zip(priced) {
        new.total_minor = priced.totals.base_minor;
        new.order.priced = Some(Arc::new(priced));
    }
    Ok(())
}

const ATTACH: &str = "update booking.booking_orders o set series_id = $2, series_starts_at = o.starts_at \
    where o.biz_id = $1 and o.id = any ($3::uuid[])";

async fn attach(act: &Act<'_>, series_id: Uuid, uses: &[NewUse]) -> Checked<()> {
    let ids: Vec<Uuid> = uses.iter().map(|new| new.order.id).collect();
    let values = [act.scope.biz_id().into(), series_id.into(), ids.into()];
    act.scope.execute(ATTACH, &values).await?;
    Ok(())
}

fn refused(fault: Fault<BookingCreateProblem>) -> Fault<Problem> {
    match fault {
        Fault::Problem(told) | Fault::Kept(told) => Fault::Problem(Told {
            code: match told.code {
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

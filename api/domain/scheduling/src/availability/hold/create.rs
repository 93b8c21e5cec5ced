//! `holdCreate`.

use async_graphql::OutputType;
use async_graphql::registry::Registry;
use chrono::NaiveDate;
use chrono_tz::Tz;
use uuid::Uuid;

pub use super::input::{HoldCreateInput, HoldCreateProblem};
use super::store::{self, HOLD_NUMBERS, NO_SLOT, NOT_ENOUGH, NewHold, Shopper, Target, Window};
use super::wish::{Pool, Wish, wish};
use super::{PERMISSION, judged, offered};
use crate::availability::claims::attempt;
use crate::availability::rules::{local_day, nights};
use crate::availability::search::alternatives::BookingAlternative;
use crate::availability::search::nights::handed;
use crate::availability::search::other_nights::OfPool;
use crate::availability::store::{CLOSED, SOLD_OUT, TAKEN};
use foundation::database::{Error, new_id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

type Problem = HoldCreateProblem;
type Checked<T> = Result<T, Fault<Problem>>;

/// The verb.
pub struct HoldCreate;

impl Verb for HoldCreate {
    type Input = HoldCreateInput;
    type Problem = HoldCreateProblem;

    const NAME: &'static str = "holdCreate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("hold.created");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "bookingHold",
            "BookingHold",
            "The hold, with its allocations.",
        ),
        Part::Rows(
            "replaced",
            "BookingHold",
            "Holds of the same customer or session that gave way to it.",
        ),
        Part::Value(
            "alternatives",
            "[BookingAlternative!]",
            "Where it is taken: other times at which it could be had, the nearest first.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, HoldCreateProblem)] = &[
        (SOLD_OUT, Problem::SoldOut),
        (NOT_ENOUGH, Problem::SoldOut),
        (CLOSED, Problem::Closed),
        (NO_SLOT, Problem::NoSlot),
        (TAKEN, Problem::SlotTaken),
    ];

    fn types(registry: &mut Registry) {
        <BookingAlternative as OutputType>::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let wish = wish(&input, act.scope.now())?;
        let shopper = Shopper {
            customer_id: input.customer_id.map(|id| id.uuid()),
            session_ref: input.session_ref.clone(),
        };
        check_customer(act, shopper.customer_id).await?;
        if let Wish::Offer(offer_id, at) = wish {
            return Box::pin(offered::hold(act, &input, (offer_id, at), &shopper)).await;
        }
        store::lock_shopper(act.scope, &shopper).await?;
        let found = find(act, &wish, input.units).await?;
        act.permit_at(PERMISSION, found.location_id, "place")?;
        if let Some((target, _)) = found.window {
            store::lock_target(act.scope, target).await?;
        }
        let replaced = store::give_way(act.scope, &shopper, &found.slot_ids, found.window).await?;
        if let Some(wanted) = found.window {
            let by = (&shopper, input.units);
            judged::of_window(act, found.location_id, wanted, by).await?;
        }
        let id = new_id();
        let number = act.session.shared.database.number(act.scope, HOLD_NUMBERS);
        let hold = NewHold {
            id,
            number: number.await?,
            shopper: &shopper,
            units: input.units,
            minutes: input.minutes,
            reason: input.reason.as_deref(),
        };
        store::insert(act.scope, &hold).await?;
        if let Some((target, window)) = found.window {
            store::claim_window(act.scope, id, target, window).await?;
        } else {
            let claim = store::claim_places(act.scope, id, &found.slot_ids);
            if let Err(error) = attempt(act.scope, claim).await? {
                let of = (found.days.as_ref(), found.slot_ids.as_slice());
                let fault = refused(error);
                return Err(judged::of_places(act, of, input.units, fault).await?);
            }
        }
        let outcome =
            Outcome::row("bookingHold", id).detail("location_id", found.location_id.to_string());
        let outcome = replaced
            .into_iter()
            .fold(outcome, |outcome, id| outcome.and_row("replaced", id));
        Ok(outcome)
    }
}

/// Says when there is nothing left.
fn refused(error: Error) -> Fault<Problem> {
    let Error::Violation(violation) = &error else {
        return error.into();
    };
    let (Some(dates), code) = (&violation.detail, violation.constraint.as_str()) else {
        return error.into();
    };
    let dates = dates.replace(',', ", ");
    match code {
        SOLD_OUT => Fault::problem(Problem::SoldOut, format!("Too little is left on {dates}.")),
        CLOSED => Fault::problem(Problem::Closed, format!("Bookings are closed on {dates}.")),
        _ => error.into(),
    }
}

async fn check_customer(act: &Act<'_>, customer_id: Option<Uuid>) -> Checked<()> {
    let Some(id) = customer_id else {
        return Ok(());
    };
    let sql = "select c.status::text from crm.customers c \
               where c.biz_id = $1 and c.id = $2 and c.deleted_at is null";
    let row = act
        .scope
        .query_opt(sql, &[act.scope.biz_id().into(), id.into()])
        .await?;
    let status: String = row
        .ok_or_else(|| Fault::not_found("customer"))?
        .try_get(0)?;
    if matches!(status.as_str(), "blocked" | "merged" | "anonymised") {
        let message = format!("The customer is {status}, and cannot book.");
        return Err(Fault::at(Problem::NotBookable, "customerId", message));
    }
    Ok(())
}

/// What there is of what is wanted, and where.
struct Found {
    location_id: Uuid,
    slot_ids: Vec<Uuid>,
    window: Option<(Target, Window)>,
    /// Of days: what is wanted of the pool.
    days: Option<OfPool>,
}

async fn find(act: &Act<'_>, wish: &Wish, units: i32) -> Checked<Found> {
    match wish {
        Wish::Days {
            pool,
            from_on,
            until_on,
        } => find_days(act, *pool, (*from_on, *until_on), units).await,
        Wish::Slots(ids) => find_slots(act, ids).await,
        Wish::Offer(..) => Err(Fault::not_found("place")),
        Wish::Window { target, time } => find_window(act, *target, *time, units).await,
    }
}

const POOL: &str = "select p.id, p.location_id, p.mode::text, p.unit_type_id is not null, l.timezone, \
      coalesce(u.sellable, true), p.name \
    from availability.capacity_pools p \
    join core.locations l on l.biz_id = p.biz_id and l.id = p.location_id \
    left join resources.unit_types u on u.biz_id = p.biz_id and u.id = p.unit_type_id \
    where p.biz_id = $1 and p.deleted_at is null and (p.id = $2 or p.unit_type_id = $3)";

async fn find_days(
    act: &Act<'_>,
    pool: Pool,
    (from_on, until_on): (NaiveDate, NaiveDate),
    units: i32,
) -> Checked<Found> {
    let (id, unit_type) = match pool {
        Pool::ById(id) => (Some(id), None),
        Pool::OfUnitType(id) => (None, Some(id)),
    };
    let values = [act.scope.biz_id().into(), id.into(), unit_type.into()];
    let row = act.scope.query_opt(POOL, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("pool"))?;
    let (id, location_id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
    act.permit_at(PERMISSION, location_id, "pool")?;
    let (is_sold, name): (bool, String) = (row.try_get(5)?, row.try_get(6)?);
    if row.try_get::<_, String>(2)? != "slot" || !is_sold {
        let message = format!("{name} is not kept by days.");
        return Err(Fault::at(Problem::NotBookable, "poolId", message));
    }
    let zone: Tz = zone(row.try_get(4)?)?;
    if from_on < local_day(zone, act.scope.now()) {
        return Err(Fault::at(Problem::InThePast, "fromOn", "This has passed."));
    }
    let days = nights(zone, from_on, until_on).map_err(|missing| {
        Fault::at(
            Problem::InvalidDates,
            "fromOn",
            format!("At the location {missing}."),
        )
    })?;
    let is_stay: bool = row.try_get(3)?;
    let received = if is_stay {
        vec![from_on]
    } else {
        handed(&days)
    };
    let wanted = OfPool {
        pool_id: id,
        days: (from_on, until_on),
        units,
        is_stay,
        makes_slots: is_stay,
        order_ids: Vec::new(),
    };
    judged::of_nights(act, location_id, &wanted, &days, &received).await?;
    // Rooms are sold by the night, so that a night without a slot only has not been asked for yet.
    let slot_ids = store::slots_of_days(act.scope, id, &days, is_stay).await?;
    if slot_ids.len() != days.len() {
        let message = "On some of these days there is no slot, or there are several.";
        return Err(Fault::at(Problem::NoSlot, "fromOn", message));
    }
    Ok(Found {
        location_id,
        slot_ids,
        window: None,
        days: Some(wanted),
    })
}

fn zone(name: &str) -> Result<Tz, Error> {
    name.parse()
        .map_err(|_| Error::Internal(format!("the time zone {name} is not known")))
}

async fn find_slots(act: &Act<'_>, ids: &[Uuid]) -> Checked<Found> {
    let sql = "select s.location_id, s.starts_at from availability.slots s \
               where s.biz_id = $1 and s.id = any ($2::uuid[])";
    let values = [act.scope.biz_id().into(), ids.to_vec().into()];
    let rows = act.scope.query(sql, &values).await?;
    let Some(first) = rows.first().filter(|_| rows.len() == ids.len()) else {
        return Err(Fault::not_found("slot"));
    };
    let location_id: Uuid = first.try_get(0)?;
    for row in &rows {
        act.permit_at(PERMISSION, row.try_get(0)?, "slot")?;
        if row.try_get::<_, chrono::DateTime<chrono::Utc>>(1)? < act.scope.now() {
            return Err(Fault::at(Problem::InThePast, "slotIds", "This has begun."));
        }
    }
    Ok(Found {
        location_id,
        slot_ids: ids.to_vec(),
        window: None,
        days: None,
    })
}

const TARGET: &str = "select r.location_id, r.lifecycle_status = 'active', r.capacity from resources.resources r \
    where r.biz_id = $1 and r.id = $2 and r.deleted_at is null \
    union all \
    select p.location_id, p.mode = 'concurrent', p.capacity + p.overbook_limit from availability.capacity_pools p \
    where p.biz_id = $1 and p.id = $3 and p.deleted_at is null";

async fn find_window(act: &Act<'_>, target: Target, time: Window, units: i32) -> Checked<Found> {
    let (resource, pool, field) = match target {
        Target::Resource(id) => (Some(id), None, "resourceId"),
        Target::Pool(id) => (None, Some(id), "poolId"),
    };
    let what = if pool.is_some() { "pool" } else { "resource" };
    let values = [act.scope.biz_id().into(), resource.into(), pool.into()];
    let row = act.scope.query_opt(TARGET, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found(what))?;
    let location_id = row.try_get(0)?;
    act.permit_at(PERMISSION, location_id, what)?;
    if !row.try_get::<_, bool>(1)? {
        let message = match target {
            Target::Resource(_) => "The resource is not in use.",
            Target::Pool(_) => {
                "The pool is not shared by time, but in slots: give fromOn and untilOn, or slotIds."
            }
        };
        return Err(Fault::at(Problem::NotBookable, field, message));
    }
    if units > row.try_get(2)? {
        let message = "There never are so many units at once.";
        return Err(Fault::at(Problem::SoldOut, "units", message));
    }
    Ok(Found {
        location_id,
        slot_ids: Vec::new(),
        window: Some((target, time)),
        days: None,
    })
}

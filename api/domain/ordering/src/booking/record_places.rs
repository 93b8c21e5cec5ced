//! New orders of places: in a session, and of space over days.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::new_order::{Keep, NewOrder, Outline};
use super::places::{Place, claim_places};
use super::record::settle;
use super::rows::{self, Rows};
use super::rules::{Rate, periods, total};
use super::store::plan_work;
use foundation::database::{Error, Scope, new_id};
use foundation::money::{exponent, major};
use scheduling::availability::rules::Night;
use scheduling::availability::store::{Claim, claim};

/// Places in a session.
#[derive(Clone, Debug)]
pub struct NewPlace {
    /// What all orders have.
    pub order: NewOrder,
    /// The session's slot, which is locked.
    pub slot_id: Uuid,
    /// When it begins and ends.
    pub time: (DateTime<Utc>, DateTime<Utc>),
    /// How many people come, each to a place.
    pub party_size: i32,
    /// What it costs, in minor units; of an order that was priced, its lines.
    pub total_minor: i64,
}

/// Units of a pool of space, over days.
#[derive(Clone, Debug)]
pub struct NewStorage {
    /// What all orders have.
    pub order: NewOrder,
    /// The pool.
    pub pool_id: Uuid,
    /// How many units on each day.
    pub units: i32,
    /// How many people come.
    pub party_size: i32,
    /// Its days; at least one.
    pub days: Vec<Night>,
    /// What each of them costs for one unit, in minor units; as many as days.
    pub rates: Vec<i64>,
    /// What is stored.
    pub details: Goods,
}

/// What is stored.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Goods {
    /// What it is, in words.
    pub goods: String,
    /// Length of the largest unit, in millimetres.
    pub unit_length_mm: Option<i32>,
    /// Width of the widest unit, in millimetres.
    pub unit_width_mm: Option<i32>,
    /// Height of the highest unit, in millimetres.
    pub unit_height_mm: Option<i32>,
    /// Whether others may be put on top.
    pub is_stackable: bool,
    /// Whether the goods are dangerous.
    pub is_hazardous: bool,
    /// Class of the danger.
    pub hazard_class: Option<String>,
}

/// Writes an order of places in a session, and takes them.
pub async fn record_place(scope: &Scope, new: &NewPlace) -> Result<(), Error> {
    let mut rows = Rows::default();
    let order = &new.order;
    let hold_id = order.write(
        &Outline {
            kind: "class",
            time: new.time,
            days: None,
            units: new.party_size,
            party_size: new.party_size,
            total_minor: new.total_minor,
            first_unit_minor: new.total_minor / i64::from(new.party_size.max(1)),
            role: "attendee",
        },
        &mut rows,
    );
    match &order.priced {
        Some(priced) => order.write_priced(priced, Some(new.time), &mut rows),
        None => rows.lines.push(rows::Line {
            starts_at: Some(new.time.0),
            ends_at: Some(new.time.1),
            ..order.line("person", new.party_size.into(), new.total_minor)
        }),
    }
    rows.insert(scope).await?;
    let place = Place {
        slot_id: new.slot_id,
        units: new.party_size,
        order_id: order.id,
        hold_id,
    };
    if order.keep.is_claimed() {
        claim_places(scope, place).await?;
    }
    plan_work(scope, firm(order)).await?;
    settle(scope, std::iter::once(order)).await
}

const GOODS: &str = "insert into booking.storage_details (biz_id, id, booking_order_id, units, goods, unit_length_mm, \
      unit_width_mm, unit_height_mm, is_stackable, is_hazardous, hazard_class) \
    select $1, $2, $3, $4, w.goods, w.unit_length_mm, w.unit_width_mm, w.unit_height_mm, w.is_stackable, \
      w.is_hazardous, w.hazard_class \
    from json_to_record($5::json) as w (goods text, unit_length_mm integer, unit_width_mm integer, \
      unit_height_mm integer, is_stackable boolean, is_hazardous boolean, hazard_class text)";

/// Writes an order of storage, and takes its units on each of its days: all or none.
pub async fn record_storage(scope: &Scope, new: &NewStorage) -> Result<(), Error> {
    let mut rows = Rows::default();
    let hold_id = new.write(&mut rows)?;
    let order = &new.order;
    rows.insert(scope).await?;
    write_goods(scope, new).await?;
    let claims = [Claim {
        order_id: order.id,
        hold_id,
        pool_id: new.pool_id,
        units: new.units,
        nights: &new.days,
    }];
    if order.keep.is_claimed() {
        claim(scope, &claims).await?;
    }
    plan_work(scope, firm(order)).await?;
    settle(scope, std::iter::once(order)).await
}

impl NewStorage {
    fn write(&self, rows: &mut Rows) -> Result<Option<Uuid>, Error> {
        let (Some(first), Some(last)) = (self.days.first(), self.days.last()) else {
            return Err(Error::Internal("storage without days".to_owned()));
        };
        let order = &self.order;
        let outline = |total_minor, first_unit_minor| Outline {
            kind: "storage",
            time: (first.starts_at, last.ends_at),
            days: None,
            units: self.units,
            party_size: self.party_size,
            total_minor,
            first_unit_minor,
            role: "guest",
        };
        if let Some(priced) = &order.priced {
            let of = outline(priced.totals.base_minor, priced.first_day_minor());
            let hold_id = order.write(&of, rows);
            order.write_priced(priced, None, rows);
            return Ok(hold_id);
        }
        let too_much = || Error::Data("the price of the storage is too large".to_owned());
        let rates: Vec<Rate> = self
            .days
            .iter()
            .zip(&self.rates)
            .map(|(day, minor)| Rate {
                on: day.on,
                minor: *minor,
            })
            .collect();
        let periods = periods(&rates, self.units.into()).ok_or_else(too_much)?;
        let total_minor = total(&periods).ok_or_else(too_much)?;
        let units = i64::from(self.units);
        let first_minor = self.rates.first().map_or(0, |rate| rate * units);
        let hold_id = order.write(&outline(total_minor, first_minor), rows);
        let quantity = units * i64::try_from(self.days.len()).unwrap_or(i64::MAX);
        let line = rows::Line {
            starts_on: Some(first.on),
            ends_on: Some(last.on.succ_opt().unwrap_or(last.on)),
            ..order.line("unit_day", quantity, total_minor)
        };
        let currency = &order.place.currency;
        let periods = periods.iter().map(|period| rows::Period {
            id: new_id(),
            line_id: line.id,
            rate_name: None,
            price_rule_id: None,
            storage_base_rate_id: None,
            starts_on: period.starts_on,
            ends_on: period.ends_on,
            rate: major(period.rate_minor, exponent(currency)),
            units: self.units,
            subtotal_minor: period.subtotal_minor,
            currency: currency.clone(),
        });
        rows.periods.extend(periods);
        rows.lines.push(line);
        Ok(hold_id)
    }
}

async fn write_goods(scope: &Scope, new: &NewStorage) -> Result<(), Error> {
    let goods = serde_json::to_string(&new.details);
    let goods = goods.map_err(|error| Error::Internal(error.to_string()))?;
    let values = [
        scope.biz_id().into(),
        new_id().into(),
        new.order.id.into(),
        new.units.into(),
        goods.into(),
    ];
    scope.execute(GOODS, &values).await.map(drop)
}

fn firm(order: &NewOrder) -> Vec<Uuid> {
    match order.keep {
        Keep::Firm => vec![order.id],
        Keep::For(_) | Keep::Approval(_) | Keep::Handed(_) | Keep::Nothing => Vec::new(),
    }
}

/// Whether a pool is one of space at a location: shared out day by day, and not of rooms.
pub async fn is_space(scope: &Scope, location_id: Uuid, pool_id: Uuid) -> Result<bool, Error> {
    let sql = "select p.id from availability.capacity_pools p where p.biz_id = $1 and p.id = $2 \
               and p.location_id = $3 and p.unit_type_id is null and p.mode = 'slot' and p.deleted_at is null";
    let values = [scope.biz_id().into(), pool_id.into(), location_id.into()];
    Ok(scope.query_opt(sql, &values).await?.is_some())
}

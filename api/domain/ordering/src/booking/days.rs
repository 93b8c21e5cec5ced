//! Orders that are sold by nights or days: stays, and storage. What each of their days costs, and
//! how they are written when days, units or prices change.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rules::{Period, Rate, periods, total};
use foundation::database::{Error, Scope, new_id};
use foundation::money::{exponent, major, split, unit_price};

/// The days of an order, and what each costs.
#[derive(Clone, Debug)]
pub struct Days {
    /// The line that sells them.
    pub line_id: Uuid,
    /// How many units on each day.
    pub units: i32,
    /// What each day costs for all units together.
    pub rates: Vec<Rate>,
    /// What the line costs.
    pub total_minor: i64,
    /// The room type, of a stay.
    pub unit_type_id: Option<Uuid>,
}

const READ: &str = "select l.id, l.total_minor, p.starts_on, p.ends_on, p.subtotal_minor, p.units, d.unit_type_id \
    from booking.booking_order_lines l \
    join booking.booking_pricing_periods p on p.biz_id = $1 and p.order_line_id = l.id and p.voided_at is null \
    left join hospitality.reservation_details d on d.biz_id = $1 and d.booking_order_id = $2 \
    where l.biz_id = $1 and l.order_id = $2 and l.voided_at is null and l.starts_on is not null \
    order by l.line_no, p.starts_on";

/// The days of an order; none where it is not sold by days.
pub async fn read(scope: &Scope, order_id: Uuid) -> Result<Option<Days>, Error> {
    let rows = scope
        .query(READ, &[scope.biz_id().into(), order_id.into()])
        .await?;
    let mut days: Option<Days> = None;
    for row in &rows {
        let line_id: Uuid = row.try_get(0)?;
        let days = match &mut days {
            Some(days) if days.line_id != line_id => break,
            Some(days) => days,
            none => none.insert(Days {
                line_id,
                units: row.try_get(5)?,
                rates: Vec::new(),
                total_minor: row.try_get(1)?,
                unit_type_id: row.try_get(6)?,
            }),
        };
        let (from, to): (NaiveDate, NaiveDate) = (row.try_get(2)?, row.try_get(3)?);
        let days_of: Vec<NaiveDate> = from.iter_days().take_while(|day| *day < to).collect();
        // What a discount left of them is shared out again, so that no cent is lost or found.
        let parts = split(row.try_get(4)?, &vec![1; days_of.len()]);
        let rates = days_of.into_iter().zip(parts);
        days.rates
            .extend(rates.map(|(on, minor)| Rate { on, minor }));
    }
    Ok(days)
}

const LINE: &str = "update booking.booking_order_lines l set starts_on = $3, ends_on = $4, quantity = $5, unit_price = $6, \
      total_minor = $7 where l.biz_id = $1 and l.id = $2";
const VOID: &str = "update booking.booking_pricing_periods p set voided_at = $3 \
    where p.biz_id = $1 and p.order_line_id = $2 and p.voided_at is null";
const PERIODS: &str = "insert into booking.booking_pricing_periods (biz_id, id, order_line_id, starts_on, ends_on, rate, \
      units, subtotal_minor, currency) \
    select $1, w.id, $2, w.starts_on, w.ends_on, w.rate, $8, w.subtotal, $9 \
    from unnest($3::uuid[], $4::date[], $5::date[], $6::numeric[], $7::bigint[]) \
      as w (id, starts_on, ends_on, rate, subtotal)";
const NIGHTS_LEFT: &str = "update hospitality.reservation_nights n set released_at = $3 \
    where n.biz_id = $1 and n.booking_order_id = $2 and n.released_at is null and n.stay_date <> all ($4::date[])";
const NIGHTS: &str = "insert into hospitality.reservation_nights (biz_id, id, booking_order_id, stay_date, unit_type_id, \
      rate_minor, currency) \
    select $1, w.id, $2, w.on_day, $3, w.rate, $4 from unnest($5::uuid[], $6::date[], $7::bigint[]) as w (id, on_day, rate) \
    on conflict (biz_id, booking_order_id, stay_date) do update set released_at = null, \
      unit_type_id = excluded.unit_type_id, rate_minor = excluded.rate_minor";
const ROOMS: &str = "update hospitality.reservation_details d set rooms = $3, changes_count = d.changes_count + 1 \
    where d.biz_id = $1 and d.booking_order_id = $2";

impl Days {
    /// What these days cost together; none where that is beyond 64 bits.
    pub fn price(&self) -> Option<i64> {
        total(&periods(&self.rates, 1)?)
    }

    /// How many units, over how many days.
    pub fn size(&self) -> (i32, i32) {
        let days = i32::try_from(self.rates.len()).unwrap_or(i32::MAX);
        (self.units, days)
    }

    /// The same days in so many units, each at the price that one had; none beyond 64 bits.
    pub fn in_units(&self, units: i32) -> Option<Self> {
        let (new, old) = (i128::from(units), i128::from(self.units.max(1)));
        let scaled = self.rates.iter().map(|rate| {
            let whole = i128::from(rate.minor).checked_mul(new)?;
            // To the nearest minor unit; prices of whole units are exact.
            let minor = i64::try_from((whole * 2 + old).div_euclid(old * 2)).ok()?;
            Some(Rate { on: rate.on, minor })
        });
        Some(Self {
            units,
            rates: scaled.collect::<Option<_>>()?,
            ..self.clone()
        })
    }

    /// The first day, and the first after the last.
    pub fn range(&self) -> Option<(NaiveDate, NaiveDate)> {
        let (first, last) = (self.rates.first()?, self.rates.last()?);
        Some((first.on, last.on.succ_opt()?))
    }

    /// Writes them: the line, its pricing periods, and of a stay its nights. The order itself has
    /// these days already.
    pub async fn write(&self, scope: &Scope, order_id: Uuid, currency: &str) -> Result<(), Error> {
        let too_much = || Error::Data("the price of the days is too large".to_owned());
        let periods = periods(&self.rates, 1).ok_or_else(too_much)?;
        let total_minor = total(&periods).ok_or_else(too_much)?;
        let (from, to) = self
            .range()
            .ok_or_else(|| Error::Internal("an order of no days".to_owned()))?;
        let count = i64::try_from(self.rates.len()).unwrap_or(i64::MAX);
        let quantity = count.saturating_mul(self.units.into());
        let line = [
            scope.biz_id().into(),
            self.line_id.into(),
            from.into(),
            to.into(),
            Decimal::from(quantity).into(),
            unit_price(total_minor, quantity, exponent(currency)).into(),
            total_minor.into(),
        ];
        let now = scope.now();
        let void = [scope.biz_id().into(), self.line_id.into(), now.into()];
        let periods = self.periods(scope, &periods, currency);
        futures_util::try_join!(
            scope.execute(LINE, &line),
            scope.execute(VOID, &void),
            scope.execute(PERIODS, &periods)
        )?;
        match self.unit_type_id {
            Some(unit_type_id) => {
                self.write_nights(scope, order_id, unit_type_id, currency, now)
                    .await
            }
            None => Ok(()),
        }
    }

    fn periods(&self, scope: &Scope, periods: &[Period], currency: &str) -> [sea_orm::Value; 9] {
        let units = Decimal::from(self.units.max(1));
        let rate =
            |period: &Period| (major(period.rate_minor, exponent(currency)) / units).round_dp(6);
        [
            scope.biz_id().into(),
            self.line_id.into(),
            periods.iter().map(|_| new_id()).collect::<Vec<_>>().into(),
            periods
                .iter()
                .map(|period| period.starts_on)
                .collect::<Vec<_>>()
                .into(),
            periods
                .iter()
                .map(|period| period.ends_on)
                .collect::<Vec<_>>()
                .into(),
            periods.iter().map(rate).collect::<Vec<_>>().into(),
            periods
                .iter()
                .map(|period| period.subtotal_minor)
                .collect::<Vec<_>>()
                .into(),
            self.units.into(),
            currency.into(),
        ]
    }

    async fn write_nights(
        &self,
        scope: &Scope,
        order_id: Uuid,
        unit_type_id: Uuid,
        currency: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let biz = scope.biz_id();
        let dates: Vec<NaiveDate> = self.rates.iter().map(|rate| rate.on).collect();
        let prices: Vec<i64> = self.rates.iter().map(|rate| rate.minor).collect();
        let left = [
            biz.into(),
            order_id.into(),
            now.into(),
            dates.clone().into(),
        ];
        let nights = [
            biz.into(),
            order_id.into(),
            unit_type_id.into(),
            currency.into(),
            dates.iter().map(|_| new_id()).collect::<Vec<_>>().into(),
            dates.clone().into(),
            prices.into(),
        ];
        let rooms = [biz.into(), order_id.into(), self.units.into()];
        futures_util::try_join!(
            scope.execute(NIGHTS_LEFT, &left),
            scope.execute(NIGHTS, &nights),
            scope.execute(ROOMS, &rooms)
        )?;
        Ok(())
    }
}

/// What days cost that take the place of others: each what the one in its place cost, and those
/// beyond what the last did.
pub fn in_place_of(old: &[Rate], days: impl Iterator<Item = NaiveDate>) -> Vec<Rate> {
    let last = old.last().map_or(0, |rate| rate.minor);
    days.enumerate()
        .map(|(index, on)| Rate {
            on,
            minor: old.get(index).map_or(last, |rate| rate.minor),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_more_units_cost_what_each_unit_did() {
        let day: NaiveDate = "2026-05-01".parse().unwrap();
        let days = Days {
            line_id: Uuid::nil(),
            units: 2,
            rates: vec![Rate {
                on: day,
                minor: 20_001,
            }],
            total_minor: 20_001,
            unit_type_id: None,
        };
        let minor = |units| days.in_units(units).unwrap().rates[0].minor;
        assert_eq!((minor(1), minor(2), minor(4)), (10_001, 20_001, 40_002));
    }

    #[test]
    fn days_that_are_moved_keep_their_prices_in_order() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let old: Vec<Rate> = day("2026-05-01")
            .iter_days()
            .zip([100, 120])
            .map(|(on, minor)| Rate { on, minor })
            .collect();
        let new = in_place_of(&old, day("2026-06-01").iter_days().take(3));
        let prices: Vec<i64> = new.iter().map(|rate| rate.minor).collect();
        assert_eq!(prices, [100, 120, 120]);
        assert_eq!(new[2].on, day("2026-06-03"));
    }
}

//! `rateEndAndReplace`.

use async_graphql::{Enum, InputObject};
use chrono::NaiveDate;
use entities::pricing::{feature_price, price_rule, storage_base_rate, tax_rate};
use sea_orm::Value;
use uuid::Uuid;

use crate::availability::rules::day_start;
use foundation::database::{Error, new_id};
use foundation::graph::scalars::{Day, Id, Number};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "pricing.write";

/// Lets a price or tax rate end on a day, and another follow it from that day on, at once: there is no
/// day without a price, and none with two. What was sold at the old price keeps it.
#[derive(InputObject)]
pub struct RateEndAndReplaceInput {
    /// The price rule to be replaced; or one of the other three.
    pub price_rule_id: Option<Id<price_rule::Entity>>,
    /// The price of a feature to be replaced.
    pub feature_price_id: Option<Id<feature_price::Entity>>,
    /// The base rate for storage to be replaced.
    pub storage_base_rate_id: Option<Id<storage_base_rate::Entity>>,
    /// The tax rate to be replaced.
    pub tax_rate_id: Option<Id<tax_rate::Entity>>,
    /// The first local day of the new price.
    pub from: Day,
    /// The new price in major units, percentage, or tax rate as a fraction.
    pub value: Number,
    /// The name of the new one; that of the old one if not given.
    pub name: Option<String>,
}

/// Why a price cannot be replaced.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "RateEndAndReplaceErrorCode")]
pub enum RateEndAndReplaceProblem {
    /// Exactly one price or rate must be named.
    NotOne,
    /// The day is not within the time that the old one holds, after its first day.
    OutsidePeriod,
    /// The new price or rate is below zero, or a rate above 10.
    InvalidValue,
    /// Another price holds in that time already.
    Overlapping,
}

/// The verb.
pub struct RateEndAndReplace;

use RateEndAndReplaceProblem as Problem;

/// A table of prices with a time in which they hold.
struct Table {
    /// The field of the payload.
    field: &'static str,
    /// What it is called in messages.
    what: &'static str,
    name: &'static str,
    /// The column of the price.
    value: &'static str,
    /// What ends the validity: columns of first and last, which are days or instants.
    span: (&'static str, &'static str),
    is_by_instant: bool,
    /// What the new row keeps.
    kept: &'static str,
    /// Where the location of a row is found.
    location: &'static str,
}

const RULES: Table = Table {
    field: "priceRule",
    what: "price rule",
    name: "price_rules",
    value: "unit_price",
    span: ("starts_on", "ends_on"),
    is_by_instant: false,
    kept: "price_book_id, sellable_id, seat_type_id, resource_id, unit, min_quantity, weekday_mask, local_start_time, \
           local_end_time, priority",
    location: "(select b.location_id from pricing.price_books b where b.biz_id = r.biz_id and b.id = r.price_book_id)",
};
const FEATURES: Table = Table {
    field: "featurePrice",
    what: "feature price",
    name: "feature_prices",
    value: "value",
    span: ("starts_at", "ends_at"),
    is_by_instant: true,
    kept: "feature_id, location_id, calculation, currency, is_promotional",
    location: "r.location_id",
};
const STORAGE: Table = Table {
    field: "storageBaseRate",
    what: "base rate for storage",
    name: "storage_base_rates",
    value: "rate_per_unit",
    span: ("starts_on", "ends_on"),
    is_by_instant: false,
    kept: "location_id, currency",
    location: "r.location_id",
};
const TAXES: Table = Table {
    field: "taxRate",
    what: "tax rate",
    name: "tax_rates",
    value: "rate",
    span: ("starts_on", "ends_on"),
    is_by_instant: false,
    kept: "profile_id, tax_category, treatment, compound_order, is_compound, country_code, region_code",
    location: "(select p.location_id from pricing.tax_profiles p where p.biz_id = r.biz_id and p.id = r.profile_id)",
};

impl Verb for RateEndAndReplace {
    type Input = RateEndAndReplaceInput;
    type Problem = RateEndAndReplaceProblem;

    const NAME: &'static str = "rateEndAndReplace";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("pricing.rate_replaced");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "priceRule",
            "PriceRule",
            "The new price rule, where one was replaced.",
        ),
        Part::Row(
            "featurePrice",
            "FeaturePrice",
            "The new price of the feature, where one was replaced.",
        ),
        Part::Row(
            "storageBaseRate",
            "StorageBaseRate",
            "The new base rate for storage, where one was replaced.",
        ),
        Part::Row(
            "taxRate",
            "TaxRate",
            "The new tax rate, where one was replaced.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("price_rules_unit_price_check", Problem::InvalidValue),
        ("feature_prices_value_check", Problem::InvalidValue),
        ("storage_base_rates_rate_check", Problem::InvalidValue),
        ("tax_rates_rate_check", Problem::InvalidValue),
        ("tax_rates_treatment_check", Problem::InvalidValue),
        ("price_rules_no_overlap_excl", Problem::Overlapping),
        ("feature_prices_no_overlap_excl", Problem::Overlapping),
        ("storage_base_rates_no_overlap_excl", Problem::Overlapping),
        ("tax_rates_no_overlap_excl", Problem::Overlapping),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let named = [
            (RULES, input.price_rule_id.map(|id| id.uuid())),
            (FEATURES, input.feature_price_id.map(|id| id.uuid())),
            (STORAGE, input.storage_base_rate_id.map(|id| id.uuid())),
            (TAXES, input.tax_rate_id.map(|id| id.uuid())),
        ];
        let mut named = named
            .into_iter()
            .filter_map(|(table, id)| Some((table, id?)));
        let (Some((table, id)), None) = (named.next(), named.next()) else {
            let message = "Name one price rule, feature price, base rate or tax rate.";
            return Err(Fault::problem(Problem::NotOne, message));
        };
        let from = table.lock(act, id, input.from.0).await?;
        let new = table.replace(act, id, from, &input).await?;
        let outcome = Outcome::row(table.field, new);
        Ok(outcome
            .detail("replaced_id", id.to_string())
            .detail("from", input.from.0.to_string()))
    }
}

impl Table {
    /// Locks the row and gives the beginning of the new one, if it is within the time of the old.
    async fn lock(
        &self,
        act: &Act<'_>,
        id: Uuid,
        from: NaiveDate,
    ) -> Result<Value, Fault<Problem>> {
        let (first, last) = self.span;
        let sql = format!(
            "select l.id, coalesce(l.timezone, b.default_timezone), ($3::date - r.{first}::date) <= 0, \
               case when r.{last} is null then false else $3::date >= r.{last}::date end, r.{first}::text, r.{last}::text \
             from pricing.{} r \
             join core.bizes b on b.id = r.biz_id \
             left join core.locations l on l.biz_id = r.biz_id and l.id = {} \
             where r.biz_id = $1 and r.id = $2 and r.deleted_at is null for no key update of r",
            self.name, self.location
        );
        let values = [act.scope.biz_id().into(), id.into(), from.into()];
        let row = act.scope.query_opt(&sql, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found(self.what))?;
        if let Some(location) = row.try_get::<_, Option<Uuid>>(0)? {
            act.permit_at(PERMISSION, location, self.what)?;
        }
        let (is_early, is_late): (Option<bool>, bool) = (row.try_get(2)?, row.try_get(3)?);
        if is_early.unwrap_or(false) || is_late {
            let (first, last): (Option<String>, Option<String>) =
                (row.try_get(4)?, row.try_get(5)?);
            let message = format!(
                "The old {} holds from {} to {}: the new one must begin after its first day and before its end.",
                self.what,
                first.as_deref().unwrap_or("ever"),
                last.as_deref().unwrap_or("ever")
            );
            return Err(Fault::at(Problem::OutsidePeriod, "from", message));
        }
        if !self.is_by_instant {
            return Ok(from.into());
        }
        let zone: String = row.try_get(1)?;
        let zone = zone
            .parse()
            .map_err(|_| Error::Internal(format!("the time zone {zone} is not known")))?;
        Ok(day_start(zone, from).into())
    }

    /// Ends the old row, and writes the new one up to where the old one ended. Two statements, as
    /// no two prices may hold at a time, not even within one.
    async fn replace(
        &self,
        act: &Act<'_>,
        id: Uuid,
        from: Value,
        input: &RateEndAndReplaceInput,
    ) -> Result<Uuid, Fault<Problem>> {
        let (
            Self {
                name, value, kept, ..
            },
            (first, last),
        ) = (self, self.span);
        let (type_of, new) = (
            if self.is_by_instant {
                "timestamptz"
            } else {
                "date"
            },
            new_id(),
        );
        let find =
            format!("select r.{last} from pricing.{name} r where r.biz_id = $1 and r.id = $2");
        let ended = act
            .scope
            .query_opt(&find, &[act.scope.biz_id().into(), id.into()])
            .await?;
        let end: Value = match ended {
            Some(row) if self.is_by_instant => row
                .try_get::<_, Option<chrono::DateTime<chrono::Utc>>>(0)?
                .into(),
            Some(row) => row.try_get::<_, Option<NaiveDate>>(0)?.into(),
            None => return Err(Fault::not_found(self.what)),
        };
        let cut = format!(
            "update pricing.{name} r set {last} = $3::{type_of} where r.biz_id = $1 and r.id = $2"
        );
        act.scope
            .execute(&cut, &[act.scope.biz_id().into(), id.into(), from.clone()])
            .await?;
        let add = format!(
            "insert into pricing.{name} (biz_id, id, name, {value}, {first}, {last}, {kept}) \
             select r.biz_id, $3, coalesce($4, r.name), $5, $6::{type_of}, $7::{type_of}, {kept} \
             from pricing.{name} r where r.biz_id = $1 and r.id = $2"
        );
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            new.into(),
            input.name.clone().into(),
            input.value.0.into(),
            from,
            end,
        ];
        act.scope.execute(&add, &values).await?;
        Ok(new)
    }
}

//! The question `strategySimulate`.

use async_graphql::{InputObject, SimpleObject};
use chrono::{Days, NaiveDate};
use entities::pricing::rate_plan;
use entities::resources::unit_type;
use rust_decimal::Decimal;

use super::load::tariff;
use super::rate_plan::Stay;
use super::reckoning::{Frame, Notes, Subject};
use super::request::{Item, PriceRequest, Time, What};
use super::rounding::{major, round};
use super::tariff::Tariff;
use foundation::graph::failure::{Code, Failure};
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Day, Id, Money, Number};
use foundation::graph::verb::Permission;
use foundation::money::exponent;

/// The most nights that are simulated at once.
const MOST_NIGHTS: i64 = 400;

/// What each night would cost under a plan, before and after the strategies that move its price, each
/// night as if booked today by itself. Nothing is changed.
#[derive(InputObject)]
pub struct StrategySimulateInput {
    /// The unit type.
    pub unit_type_id: Id<unit_type::Entity>,
    /// The rate plan; the price books alone if not given.
    pub rate_plan_id: Option<Id<rate_plan::Entity>>,
    /// The first night.
    pub starts_on: Day,
    /// The day after the last night, 400 days later at most.
    pub ends_on: Day,
    /// How full each night is taken to be, in hundredths of a percent; as it is if not given.
    pub occupancy_bps: Option<i32>,
}

/// What one night would cost.
#[derive(SimpleObject)]
pub struct SimulatedNight {
    /// The night.
    pub on: Day,
    /// How full it is taken to be, in hundredths of a percent.
    pub occupancy_bps: i32,
    /// The price before any strategy; none where no price is entered.
    pub before: Option<Money>,
    /// The price after all of them; none where no price is entered.
    pub after: Option<Money>,
    /// The strategies that moved it, in order.
    pub moves: Vec<SimulatedMove>,
}

/// A strategy that moved the price of a night.
#[derive(SimpleObject)]
pub struct SimulatedMove {
    /// Its name.
    pub strategy: String,
    /// The price before it, in major units, not rounded.
    pub before: Number,
    /// The price after it.
    pub after: Number,
}

/// The question.
#[derive(Debug)]
pub struct AskStrategySimulate;

impl Question for AskStrategySimulate {
    type Input = StrategySimulateInput;
    type Answer = Vec<SimulatedNight>;

    const NAME: &'static str = "strategySimulate";
    const PERMISSION: Permission = Permission::Holds("pricing.read");

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let (starts_on, ends_on) = (input.starts_on.0, input.ends_on.0);
        if !(1..=MOST_NIGHTS).contains(&(ends_on - starts_on).num_days()) {
            let message = format!("endsOn must be 1 to {MOST_NIGHTS} days after startsOn.");
            return Err(Failure::input(message));
        }
        if input
            .occupancy_bps
            .is_some_and(|bps| !(0..=20_000).contains(&bps))
        {
            return Err(Failure::input("occupancyBps must be between 0 and 20000."));
        }
        let missing = || Failure::new(Code::NotFound, "There is no such unit type.");
        let sql = "select u.location_id from resources.unit_types u \
                   where u.biz_id = $1 and u.id = $2 and u.deleted_at is null";
        let values = [look.scope.biz_id().into(), input.unit_type_id.uuid().into()];
        let row = look
            .scope
            .query_opt(sql, &values)
            .await?
            .ok_or_else(missing)?;
        let location_id = row.try_get(0).map_err(foundation::database::Error::from)?;
        look.permit_at("pricing.read", location_id, "unit type")?;
        let item = Item {
            reference: "night".to_owned(),
            what: What::UnitType(input.unit_type_id.uuid()),
            quantity: Decimal::ONE,
            time: Time::Days { starts_on, ends_on },
            rate_plan_id: input.rate_plan_id.map(|id| id.uuid()),
            ..Item::default()
        };
        let request = PriceRequest {
            location_id,
            items: vec![item.clone()],
            ..PriceRequest::default()
        };
        let tariff = tariff(look.scope, &request).await?.ok_or_else(missing)?;
        simulate(
            &tariff,
            &request,
            &item,
            look.scope.now(),
            input.occupancy_bps,
        )
        .ok_or_else(|| Failure::new(Code::NotFound, "There is no such rate plan."))
    }
}

/// Each night by itself. None where the plan does not exist.
fn simulate(
    tariff: &Tariff,
    request: &PriceRequest,
    item: &Item,
    at: chrono::DateTime<chrono::Utc>,
    occupancy_bps: Option<i32>,
) -> Option<Vec<SimulatedNight>> {
    let Time::Days { starts_on, ends_on } = item.time else {
        return None;
    };
    let good = tariff.goods.get(&item.what)?;
    let unit_type = good.unit_type?;
    let plan = match item.rate_plan_id {
        Some(id) => Some(tariff.plans.get(&id)?.id),
        None => None,
    };
    let mut assumed = tariff.clone();
    let days = starts_on.iter_days().take_while(|on| *on < ends_on);
    if let Some(bps) = occupancy_bps {
        let all = days.clone().map(|on| ((unit_type.id, on), bps));
        assumed.occupancy = all.collect();
    }
    let frame = Frame {
        tariff: &assumed,
        request,
        currency: &assumed.currency,
        exponent: exponent(&assumed.currency),
        at,
    };
    let subject = Subject { frame, item, good };
    let night = |on: NaiveDate| {
        let stay = Stay {
            subject,
            unit_type,
            plan: plan.and_then(|id| assumed.plans.get(&id)),
            starts_on: on,
            ends_on: on.checked_add_days(Days::new(1)).unwrap_or(on),
        };
        let occupancy = assumed.occupancy.get(&(unit_type.id, on)).copied();
        simulated(&stay, on, occupancy.unwrap_or(0))
    };
    Some(days.map(night).collect())
}

fn simulated(stay: &Stay<'_>, on: NaiveDate, occupancy_bps: i32) -> SimulatedNight {
    let mut notes = Notes::default();
    let Ok(rate) = stay.night(on, &mut notes) else {
        return SimulatedNight {
            on: Day(on),
            occupancy_bps,
            before: None,
            after: None,
            moves: Vec::new(),
        };
    };
    let money = |exact: Decimal| {
        round(exact).ok().map(|minor| Money {
            minor,
            currency: rate.currency.clone(),
        })
    };
    let digits = exponent(&rate.currency);
    let shown = |exact: Decimal| Number(major(exact, digits).normalize());
    let steps = notes.steps.iter().filter(|step| step.kind == "strategy");
    let first = steps.clone().next().map_or(rate.minor, |step| step.before);
    let moves = steps.map(|step| SimulatedMove {
        strategy: step.rule.clone(),
        before: shown(step.before),
        after: shown(step.after),
    });
    SimulatedNight {
        on: Day(on),
        occupancy_bps,
        before: money(first),
        after: money(rate.minor),
        moves: moves.collect(),
    }
}

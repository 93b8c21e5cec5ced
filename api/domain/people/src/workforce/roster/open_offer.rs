//! `openShiftOffer` and `openShiftCancel`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::resources::capability_template;
use entities::workforce::{department, open_shift};
use sea_orm::Value;
use uuid::Uuid;

use super::ROSTER;
use super::rules::planned;
use super::store::zone_at;
use foundation::database::new_id;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Day, Id, WallTime};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Offers a time for which somebody is still wanted; the first who has the skills and takes it has
/// it. The same time may be offered several times at once, for as many people.
#[derive(InputObject)]
pub struct OpenShiftOfferInput {
    /// Where the work is.
    pub location_id: Id<location::Entity>,
    /// The department that offers it.
    pub department_id: Option<Id<department::Entity>>,
    /// The day on which it begins.
    pub day: Day,
    /// When it begins, by the location's clocks.
    pub starts_at: WallTime,
    /// When it ends; a time that is not after the start is one of the next day.
    pub ends_at: WallTime,
    /// Minutes of unpaid breaks; none if not given.
    pub break_minutes: Option<i32>,
    /// As what, such as bar.
    pub role: Option<String>,
    /// What those should know who may take it.
    pub note: Option<String>,
    /// The skills and licences that whoever takes it must have, 20 at most.
    pub skill_ids: Option<Vec<Id<capability_template::Entity>>>,
    /// How many people are wanted, 50 at most; one if not given.
    pub people: Option<i32>,
}

/// Why nothing is offered.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "OpenShiftOfferErrorCode")]
pub enum OpenShiftOfferProblem {
    /// The time has begun already.
    InPast,
    /// The times are none that a shift can have.
    InvalidTimes,
}

/// The verb.
pub struct OpenShiftOffer;

const OFFER: &str = "with offered as ( \
      insert into workforce.open_shifts (biz_id, id, location_id, department_id, business_date, role, starts_at, ends_at, \
        break_minutes, note) \
      select $1, o.id, $3, $4, core.business_date($1, $3, $6), $5, $6, $7, $8, $9 from unnest($2::uuid[]) as o (id) \
      returning id) \
    insert into workforce.open_shift_skills (biz_id, open_shift_id, capability_template_id) \
    select $1, o.id, s.id from offered o cross join (select distinct id from unnest($10::uuid[]) as k (id)) s";

impl Verb for OpenShiftOffer {
    type Input = OpenShiftOfferInput;
    type Problem = OpenShiftOfferProblem;

    const NAME: &'static str = "openShiftOffer";
    const PERMISSION: Permission = Permission::Holds(ROSTER);
    const EVENT: Option<&'static str> = Some("workforce.open_shift_offered");
    const PAYLOAD: &'static [Part] = &[Part::Rows("openShifts", "OpenShift", "What is offered.")];
    const CONSTRAINTS: &'static [(&'static str, OpenShiftOfferProblem)] = &[(
        "open_shifts_times_check",
        OpenShiftOfferProblem::InvalidTimes,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let wanted = usize::try_from(input.people.unwrap_or(1)).unwrap_or_default();
        if !(1..=50).contains(&wanted) {
            return Err(Failure::input("people is between 1 and 50.").into());
        }
        let skills = input.skill_ids.unwrap_or_default();
        if skills.len() > 20 {
            return Err(Failure::input("skillIds has 20 entries at most.").into());
        }
        let location_id = input.location_id.uuid();
        let zone = zone_at(act, ROSTER, location_id).await?;
        let (starts_at, ends_at) = planned(zone, input.day.0, input.starts_at.0, input.ends_at.0);
        if starts_at <= scope.now() {
            let text = "The time has begun already.";
            return Err(Fault::at(OpenShiftOfferProblem::InPast, "startsAt", text));
        }
        let ids: Vec<Uuid> = std::iter::repeat_with(new_id).take(wanted).collect();
        let skills: Vec<Uuid> = skills.iter().map(Id::uuid).collect();
        let values: [Value; 10] = [
            scope.biz_id().into(),
            ids.clone().into(),
            location_id.into(),
            input.department_id.map(|id| id.uuid()).into(),
            input.role.unwrap_or_default().into(),
            starts_at.into(),
            ends_at.into(),
            input.break_minutes.unwrap_or_default().into(),
            input.note.unwrap_or_default().into(),
            skills.into(),
        ];
        scope.execute(OFFER, &values).await?;
        let mut outcome = Outcome::default();
        for id in &ids {
            outcome = outcome.and_row("openShifts", *id);
        }
        outcome.subject = ids.first().map(|id| ("OpenShift", *id));
        Ok(outcome.detail("location_id", location_id.to_string()))
    }
}

/// Takes back an open shift that nobody has taken.
#[derive(InputObject)]
pub struct OpenShiftCancelInput {
    /// The open shift.
    pub id: Id<open_shift::Entity>,
    /// Why.
    pub reason: Option<String>,
}

/// Why it cannot be taken back.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "OpenShiftCancelErrorCode")]
pub enum OpenShiftCancelProblem {
    /// Somebody has it, or it is over.
    WrongStatus,
}

/// The verb.
pub struct OpenShiftCancel;

impl Verb for OpenShiftCancel {
    type Input = OpenShiftCancelInput;
    type Problem = OpenShiftCancelProblem;

    const NAME: &'static str = "openShiftCancel";
    const PERMISSION: Permission = Permission::Holds(ROSTER);
    const EVENT: Option<&'static str> = Some("workforce.open_shift_cancelled");
    const PAYLOAD: &'static [Part] = super::OPEN_SHIFT;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let open = super::open_claim::lock_open(scope, input.id.uuid()).await?;
        act.permit_at(ROSTER, open.location_id, "open shift")?;
        if open.status != "open" {
            let text = format!("The open shift is {}.", open.status);
            return Err(Fault::at(OpenShiftCancelProblem::WrongStatus, "id", text));
        }
        if let Some(reason) = &input.reason {
            scope.set_reason(reason).await?;
        }
        let sql =
            "update workforce.open_shifts set status = 'cancelled' where biz_id = $1 and id = $2";
        scope
            .execute(sql, &[scope.biz_id().into(), open.id.into()])
            .await?;
        let outcome = Outcome::row("openShift", open.id);
        Ok(outcome.detail("location_id", open.location_id.to_string()))
    }
}

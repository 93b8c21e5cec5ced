//! `trainingEnroll`.

use async_graphql::{Enum, InputObject};
use chrono::Days;
use entities::workforce::{staff, training_module};
use sea_orm::Value;
use uuid::Uuid;

use super::TRAIN;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::item::MOST_ITEMS;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::Reach;

/// Enrols people in a module: these, or everyone of whom it is required. Who is enrolled already, or
/// has passed it and it holds for another month, is left out. 500 people at most; it can be done
/// again.
#[derive(InputObject)]
pub struct TrainingEnrollInput {
    /// The module.
    pub module_id: Id<training_module::Entity>,
    /// The people, 500 at most; everyone of whom the module is required, if not given.
    pub staff_ids: Option<Vec<Id<staff::Entity>>>,
    /// The day by which it must be passed; as the requirement says, if not given.
    pub due_on: Option<Day>,
}

/// Why nobody is enrolled.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TrainingEnrollErrorCode")]
pub enum TrainingEnrollProblem {
    /// Nobody is enrolled in this version any more.
    Inactive,
}

/// The verb.
pub struct TrainingEnroll;

const MODULE: &str = "select is_active from workforce.training_modules where biz_id = $1 and id = $2 and deleted_at is null for share";

// Whoever is named but out of reach is left out as if there were no such person.
const ENROLL: &str = "with wanted as ( \
      select s.id, min(q.due_days) as due_days, s.hired_on, min(q.created_at)::date as since \
      from workforce.staff s \
      left join workforce.training_requirements q on q.biz_id = $1 and q.module_id = $2 and q.deleted_at is null \
        and (q.department_id is null or q.department_id = s.department_id) and (q.position is null or q.position = s.position) \
      where s.biz_id = $1 and s.deleted_at is null and coalesce(s.terminated_on, 'infinity') > $5 \
        and ($6::uuid[] is null or s.home_location_id is null or s.home_location_id = any ($6::uuid[])) \
        and case when $3::uuid[] is null then q.id is not null else s.id = any ($3::uuid[]) end \
      group by s.id, s.hired_on) \
    insert into workforce.training_enrollments (biz_id, id, module_id, staff_id, due_on) \
    select $1, core.uuid_v7(), $2, w.id, coalesce($4, greatest(w.hired_on, w.since, $5) + w.due_days::integer) from wanted w \
    where not exists (select from workforce.training_enrollments e where e.biz_id = $1 and e.module_id = $2 and e.staff_id = w.id \
      and (e.status in ('assigned', 'in_progress', 'failed') or (e.status = 'passed' and (e.expires_on is null or e.expires_on > $7)))) \
    order by w.id limit 500 on conflict do nothing returning id";

impl Verb for TrainingEnroll {
    type Input = TrainingEnrollInput;
    type Problem = TrainingEnrollProblem;

    const NAME: &'static str = "trainingEnroll";
    const PERMISSION: Permission = Permission::Holds(TRAIN);
    const EVENT: Option<&'static str> = Some("workforce.training_enrolled");
    const PAYLOAD: &'static [Part] = &[Part::Rows(
        "trainingEnrollments",
        "TrainingEnrollment",
        "Those who were enrolled.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let module_id = input.module_id.uuid();
        let row = scope
            .query_opt(MODULE, &[scope.biz_id().into(), module_id.into()])
            .await?;
        let row = row.ok_or_else(|| Fault::not_found("training module"))?;
        if !row.try_get::<_, bool>(0)? {
            let text = "Nobody is enrolled in this version any more.";
            return Err(Fault::at(TrainingEnrollProblem::Inactive, "moduleId", text));
        }
        let people: Option<Vec<Uuid>> = input
            .staff_ids
            .map(|ids| ids.iter().map(Id::uuid).collect());
        if people
            .as_ref()
            .is_some_and(|ids| ids.is_empty() || ids.len() > MOST_ITEMS)
        {
            let text = format!("staffIds has 1 to {MOST_ITEMS} entries.");
            return Err(Failure::input(text).into());
        }
        let places = match act.principal()?.reach(TRAIN) {
            Reach::All => None,
            Reach::Locations(places) => Some(places.to_vec()),
        };
        let today = scope.now().date_naive();
        let soon = today.checked_add_days(Days::new(30)).unwrap_or(today);
        let values: [Value; 7] = [
            scope.biz_id().into(),
            module_id.into(),
            people.into(),
            input.due_on.map(|day| day.0).into(),
            today.into(),
            places.into(),
            soon.into(),
        ];
        let mut outcome = Outcome::default();
        for row in scope.query(ENROLL, &values).await? {
            outcome = outcome.and_row("trainingEnrollments", row.try_get(0)?);
        }
        outcome.subject = Some(("TrainingModule", module_id));
        let count = outcome.rows.len();
        Ok(outcome.detail("people", count))
    }
}

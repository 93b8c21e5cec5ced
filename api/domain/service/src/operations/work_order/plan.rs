//! `maintenancePlanRun`, and the clock work that runs all plans.

use std::sync::Arc;

use async_graphql::{Enum, InputObject};
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use entities::resources::maintenance_policy;
use serde_json::json;
use uuid::Uuid;

use super::open::{NewWork, open};
use crate::operations::MAINTAIN;
use foundation::database::{Error, new_id};
use foundation::graph::scalars::Id;
use foundation::graph::session::Shared;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::worker::tenants::use_once;
use scheduling::availability::calendar::recurrence::{Recurrences, Unreadable};

/// Looks what of a maintenance policy is due, and opens a work order for each such resource: so many
/// days after it was last done, after so much use, or on the policy's day, which then moves on.
/// What is under way is not opened twice. The clock does it every hour.
#[derive(InputObject)]
pub struct MaintenancePlanRunInput {
    /// The policy.
    pub policy_id: Id<maintenance_policy::Entity>,
}

/// Why nothing was looked for.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MaintenancePlanRunErrorCode")]
pub enum MaintenancePlanRunProblem {
    /// The policy is not active: no work orders are made from it.
    NotActive,
    /// The policy's recurrence rule cannot be followed, such as one of the 30th of February.
    UnreadableRule,
}

use MaintenancePlanRunProblem as Problem;

/// The verb.
pub struct MaintenancePlanRun;

impl Verb for MaintenancePlanRun {
    type Input = MaintenancePlanRunInput;
    type Problem = Problem;

    const NAME: &'static str = "maintenancePlanRun";
    const PERMISSION: Permission = Permission::Holds(MAINTAIN);
    const EVENT: Option<&'static str> = Some("maintenance.planned");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "maintenancePolicy",
            "MaintenancePolicy",
            "The policy as it now is.",
        ),
        Part::Rows(
            "maintenanceWorkOrders",
            "MaintenanceWorkOrder",
            "The new work orders, 500 at most.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (scope, id) = (act.scope, input.policy_id.uuid());
        let values = [scope.biz_id().into(), id.into()];
        let row = scope.query_opt(POLICY, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("maintenance policy"))?;
        if !row.try_get::<_, bool>(1)? {
            let text = "The policy is not active.";
            return Err(Fault::at(Problem::NotActive, "policyId", text));
        }
        let (name, priority): (String, String) = (row.try_get(0)?, row.try_get(2)?);
        let blocks: bool = row.try_get(3)?;
        let values = [scope.biz_id().into(), id.into(), scope.now().into()];
        let due = scope.query(DUE, &values).await?;
        let mut outcome = Outcome::row("maintenancePolicy", id);
        let mut count = 0;
        for resource in &due {
            let location: Uuid = resource.try_get(1)?;
            if !act.principal()?.may_at(MAINTAIN, location) {
                continue;
            }
            let work = NewWork {
                resource_id: resource.try_get(0)?,
                policy_id: Some(id),
                request: None,
                priority: &priority,
                title: name.clone(),
                description: String::new(),
                blocks_resource: blocks,
                due_on: resource.try_get::<_, Option<NaiveDate>>(2)?,
                assignee_id: None,
                vendor_name: None,
            };
            outcome = outcome.and_row("maintenanceWorkOrders", open(act, work).await?);
            count += 1;
        }
        if count > 0 {
            let next = next_day(&row)?;
            let values = [scope.biz_id().into(), id.into(), next.into()];
            scope.execute(MOVE_ON, &values).await?;
        }
        Ok(outcome.detail("count", count))
    }
}

const POLICY: &str = "select p.name, p.is_active, p.priority::text, p.block_minutes > 0, p.due_on, p.rrule, b.default_timezone \
    from resources.maintenance_policies p join core.bizes b on b.id = p.biz_id \
    where p.biz_id = $1 and p.id = $2 and p.deleted_at is null for no key update of p";

/// How far ahead the next day of a rule is looked for: first a little, then more. What does not come by
/// then never comes.
const HORIZONS: [u64; 3] = [40, 400, 36_600];

/// On which day a policy's day comes again by its rule; none where it has no rule, or the rule has ended.
fn next_day(policy: &tokio_postgres::Row) -> Result<Option<NaiveDate>, Fault<Problem>> {
    let (day, rule): (Option<NaiveDate>, Option<String>) = (policy.try_get(4)?, policy.try_get(5)?);
    let (Some(day), Some(rule)) = (day, rule) else {
        return Ok(None);
    };
    let zone: Tz = policy.try_get::<_, &str>(6)?.parse().unwrap_or(Tz::UTC);
    let wrong =
        |error: Unreadable| Fault::at(Problem::UnreadableRule, "policyId", error.to_string());
    for days in HORIZONS {
        let (from, to) = (day + Days::new(1), day + Days::new(days));
        let mut recurrences = Recurrences::between(from, to);
        let found = recurrences.days(&rule, Some(day), zone).map_err(wrong)?;
        if let Some(next) = found.first() {
            return Ok(Some(*next));
        }
    }
    Ok(None)
}

// Of each resource: when it was last done by this policy, and what its counter showed then.
const DUE: &str = "select r.id, r.location_id, d.due_on from resources.maintenance_policies p \
    join resources.resources r on r.biz_id = p.biz_id and r.deleted_at is null and r.lifecycle_status <> 'retired' \
      and (r.id = p.resource_id or r.type_id = p.resource_type_id or r.category_id = p.category_id) \
    left join lateral (select w.completed_at, w.usage_value from resources.maintenance_work_orders w \
      where w.biz_id = p.biz_id and w.resource_id = r.id and w.policy_id = p.id and w.status in ('completed', 'verified') \
      order by w.completed_at desc limit 1) l on true \
    left join resources.usage_counters u on u.biz_id = p.biz_id and u.resource_id = r.id and u.metric = p.usage_metric \
    cross join lateral (select core.business_date($1, r.location_id, $3) as today) t \
    cross join lateral (select case p.trigger_kind \
        when 'interval' then core.business_date($1, r.location_id, coalesce(l.completed_at, r.created_at)) + p.interval_days \
        when 'usage' then case when coalesce(u.value, 0) - coalesce(case when u.reset_at is null or l.completed_at > u.reset_at \
          then l.usage_value end, 0) >= p.usage_threshold then t.today end \
        else p.due_on end as due_on) d \
    where p.biz_id = $1 and p.id = $2 and d.due_on - p.lead_days <= t.today \
      and not exists (select from resources.maintenance_work_orders w \
        where w.biz_id = p.biz_id and w.resource_id = r.id and w.policy_id = p.id \
          and (w.status not in ('completed', 'verified', 'cancelled') or p.trigger_kind = 'date' and w.due_on = p.due_on)) \
    order by r.id limit 500";

// A day of the calendar comes again, or is over; it moves once all that are due have their order.
const MOVE_ON: &str = "update resources.maintenance_policies p set \
      due_on = case when p.rrule is not null then coalesce($3::date, p.due_on) when p.repeats_months is null then p.due_on \
        else (p.due_on + p.repeats_months * interval '1 month')::date end, \
      is_active = case when p.rrule is not null then $3::date is not null else p.repeats_months is not null end \
    where p.biz_id = $1 and p.id = $2 and p.trigger_kind = 'date' and not exists ( \
      select from resources.resources r \
      where r.biz_id = p.biz_id and r.deleted_at is null and r.lifecycle_status <> 'retired' \
        and (r.id = p.resource_id or r.type_id = p.resource_type_id or r.category_id = p.category_id) \
        and not exists (select from resources.maintenance_work_orders w \
          where w.biz_id = p.biz_id and w.resource_id = r.id and w.policy_id = p.id and w.due_on = p.due_on))";

// Days begin at other instants elsewhere: a day is given in advance, and the verb looks closely.
const CANDIDATES: &str = "select p.biz_id, p.id from resources.maintenance_policies p \
    where p.deleted_at is null and p.is_active \
      and (p.due_on is null or p.due_on - p.lead_days <= $1::timestamptz::date + 1) \
    order by p.biz_id, p.id";

/// Runs the plans of all tenants. Says how many work orders were opened.
pub async fn run_all(shared: Arc<Shared>) -> Result<u64, Error> {
    let scope = shared.database.platform(new_id()).await?;
    let rows = scope.query(CANDIDATES, &[scope.now().into()]).await?;
    let hour = scope.now().timestamp() / 3600;
    scope.rollback().await?;
    let mut opened = 0;
    for row in &rows {
        let (biz_id, id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        let policy: Id<maintenance_policy::Entity> = Id::new(id);
        let input = json!({ "policyId": policy.text() });
        let key = format!("plan/{id}/{hour}");
        let run = use_once::<MaintenancePlanRun>(&shared, biz_id, MAINTAIN, input, &key).await;
        let count = run.as_ref().and_then(|run| run.details.get("count"));
        opened += count.and_then(serde_json::Value::as_u64).unwrap_or(0);
    }
    Ok(opened)
}

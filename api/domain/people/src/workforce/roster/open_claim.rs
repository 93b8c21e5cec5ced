//! `openShiftClaim`.

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputObject, OutputType};
use chrono::{DateTime, Utc};
use entities::workforce::{open_shift, staff};
use uuid::Uuid;

use super::ROSTER;
use super::store::{Draft, RosterWarning, insert_confirmed, told};
use crate::workforce::staff::{SELF, whose};
use foundation::database::{Scope, new_id};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Takes an open shift, for oneself or (as a planner) for somebody. Of many who want it, one has it.
#[derive(InputObject)]
pub struct OpenShiftClaimInput {
    /// The open shift.
    pub id: Id<open_shift::Entity>,
    /// Who works; the caller if not given.
    pub staff_id: Option<Id<staff::Entity>>,
}

/// Why it cannot be taken.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "OpenShiftClaimErrorCode")]
pub enum OpenShiftClaimProblem {
    /// Somebody else was faster.
    AlreadyTaken,
    /// It was taken back, or has begun.
    NotOpen,
    /// A skill or licence is missing, or has lapsed by then.
    SkillMissing,
    /// The person has another shift at that time.
    ShiftOverlaps,
    /// The person does not work here on that day.
    NotEmployed,
}

/// The verb.
pub struct OpenShiftClaim;

/// An open shift that is locked until the transaction ends.
pub(super) struct Open {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// Where the work is.
    pub location_id: Uuid,
    role: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    break_minutes: i32,
    note: String,
}

const LOCK: &str = "select status::text, location_id, role, starts_at, ends_at, break_minutes, note \
    from workforce.open_shifts where biz_id = $1 and id = $2 for no key update";

/// Locks an open shift.
pub(super) async fn lock_open<P>(scope: &Scope, id: Uuid) -> Result<Open, Fault<P>> {
    let row = scope
        .query_opt(LOCK, &[scope.biz_id().into(), id.into()])
        .await?;
    let row = row.ok_or_else(|| Failure::new(Code::NotFound, "There is no such open shift."))?;
    Ok(Open {
        id,
        status: row.try_get(0)?,
        location_id: row.try_get(1)?,
        role: row.try_get(2)?,
        starts_at: row.try_get(3)?,
        ends_at: row.try_get(4)?,
        break_minutes: row.try_get(5)?,
        note: row.try_get(6)?,
    })
}

const MISSING: &str = "select t.name from workforce.open_shift_skills k \
    join resources.capability_templates t on t.biz_id = k.biz_id and t.id = k.capability_template_id \
    where k.biz_id = $1 and k.open_shift_id = $2 \
      and not workforce.has_skill($1, $3, k.capability_template_id, $4, $5) order by t.name";

const FILL: &str = "update workforce.open_shifts set status = 'filled', filled_shift_id = $3, filled_by_id = $4 \
    where biz_id = $1 and id = $2";

impl Verb for OpenShiftClaim {
    type Input = OpenShiftClaimInput;
    type Problem = OpenShiftClaimProblem;

    const NAME: &'static str = "openShiftClaim";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.open_shift_claimed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("openShift", "OpenShift", "The open shift as it now is."),
        Part::Row("staffShift", "StaffShift", "The shift that was made of it."),
        Part::Value(
            "warnings",
            "[RosterWarning!]",
            "What should be known of it, such as short rests.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, OpenShiftClaimProblem)] = &[(
        "staff_shifts_no_overlap_excl",
        OpenShiftClaimProblem::ShiftOverlaps,
    )];

    fn types(registry: &mut Registry) {
        RosterWarning::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let open = lock_open(scope, input.id.uuid()).await?;
        let who = whose(act, input.staff_id, ROSTER).await?;
        if open.status == "filled" {
            let text = "Somebody else already has this shift.";
            return Err(Fault::at(OpenShiftClaimProblem::AlreadyTaken, "id", text));
        }
        if open.status != "open" || open.starts_at <= scope.now() {
            let text = "This shift can no longer be taken.";
            return Err(Fault::at(OpenShiftClaimProblem::NotOpen, "id", text));
        }
        let (first, last) = (who.day(open.starts_at), who.day(open.ends_at));
        if !who.works_on(first) {
            let text = format!("The person does not work here on {first}.");
            return Err(Fault::at(
                OpenShiftClaimProblem::NotEmployed,
                "staffId",
                text,
            ));
        }
        let values = [
            scope.biz_id().into(),
            open.id.into(),
            who.id.into(),
            first.into(),
            last.into(),
        ];
        if let Some(row) = scope.query_opt(MISSING, &values).await? {
            let skill: String = row.try_get(0)?;
            let text = format!("The person does not have \"{skill}\" at that time.");
            return Err(Fault::at(
                OpenShiftClaimProblem::SkillMissing,
                "staffId",
                text,
            ));
        }
        let shift_id = new_id();
        let draft = Draft {
            staff_id: who.id,
            location_id: open.location_id,
            role: open.role,
            starts_at: open.starts_at,
            ends_at: open.ends_at,
            break_minutes: open.break_minutes,
            note: open.note,
        };
        insert_confirmed(scope, shift_id, &draft, None).await?;
        let values = [
            scope.biz_id().into(),
            open.id.into(),
            shift_id.into(),
            who.id.into(),
        ];
        scope.execute(FILL, &values).await?;
        let outcome = Outcome::row("openShift", open.id)
            .and_row("staffShift", shift_id)
            .and_value("warnings", told(scope, &[shift_id]).await?);
        Ok(outcome.detail("staff_id", who.id.to_string()))
    }
}

//! `substitutionAccept`.

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputObject, OutputType};
use entities::workforce::substitution_offer;
use uuid::Uuid;

use super::SUBSTITUTE;
use super::store::{Search, answer, lock_offer};
use crate::workforce::roster::store::{
    Draft, RosterWarning, Shift, call_off, insert_confirmed, lock_shift, told,
};
use crate::workforce::staff::{SELF, own_or_permitted};
use foundation::database::{Scope, new_id};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Stands in: whoever was asked takes the shift. Of several who were asked, one has it; the offers
/// of the others are withdrawn, and the absent person's shift is called off.
#[derive(InputObject)]
pub struct SubstitutionAcceptInput {
    /// The offer.
    pub id: Id<substitution_offer::Entity>,
    /// What they say to it.
    pub note: Option<String>,
}

/// Why somebody cannot stand in.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SubstitutionAcceptErrorCode")]
pub enum SubstitutionAcceptProblem {
    /// Somebody else was faster.
    AlreadyFilled,
    /// The offer was answered or withdrawn already.
    WrongStatus,
    /// The offer no longer stands.
    Expired,
    /// The person has another shift at that time by now.
    ShiftOverlaps,
    /// A skill or licence that the pool asks for has lapsed by then.
    SkillMissing,
}

/// The verb.
pub struct SubstitutionAccept;

const MISSING: &str = "select t.name from workforce.staff_shifts s \
    join core.locations l on l.biz_id = s.biz_id and l.id = s.location_id \
    join workforce.substitution_pool_skills k on k.biz_id = s.biz_id and k.pool_id = $3 \
    join resources.capability_templates t on t.biz_id = s.biz_id and t.id = k.capability_template_id \
    where s.biz_id = $1 and s.id = $2 and not workforce.has_skill($1, $4, t.id, \
      (s.planned_starts_at at time zone l.timezone)::date, (s.planned_ends_at at time zone l.timezone)::date) order by t.name";

const FILL: &str = "with others as ( \
      update workforce.substitution_offers set status = 'withdrawn' \
      where biz_id = $1 and request_id = $2 and status = 'sent') \
    update workforce.substitution_requests set status = 'filled', replacement_shift_id = $3 where biz_id = $1 and id = $2";

async fn replace(
    scope: &Scope,
    search: &Search,
    shift: &Shift,
    staff_id: Uuid,
) -> Result<Uuid, Fault<SubstitutionAcceptProblem>> {
    // More hands than planned: the person who was planned still works.
    let is_replaced = search.reason != "demand";
    if is_replaced && (shift.status == "draft" || shift.is_ahead()) {
        let why = format!("Somebody stands in: {}", search.reason);
        call_off(scope, vec![shift.id], &why).await?;
    }
    let id = new_id();
    let draft = Draft {
        staff_id,
        location_id: shift.location_id,
        role: shift.role.clone(),
        starts_at: shift.starts_at,
        ends_at: shift.ends_at,
        break_minutes: shift.break_minutes,
        note: shift.note.clone(),
    };
    insert_confirmed(scope, id, &draft, is_replaced.then_some(shift.id)).await?;
    let values = [scope.biz_id().into(), search.id.into(), id.into()];
    scope.execute(FILL, &values).await?;
    Ok(id)
}

impl Verb for SubstitutionAccept {
    type Input = SubstitutionAcceptInput;
    type Problem = SubstitutionAcceptProblem;

    const NAME: &'static str = "substitutionAccept";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.substitution_accepted");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "substitutionOffer",
            "SubstitutionOffer",
            "The offer as it now is.",
        ),
        Part::Row(
            "substitutionRequest",
            "SubstitutionRequest",
            "The search as it now is.",
        ),
        Part::Row(
            "staffShift",
            "StaffShift",
            "The shift of whoever stands in.",
        ),
        Part::Value(
            "warnings",
            "[RosterWarning!]",
            "What should be known of it, such as short rests.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, SubstitutionAcceptProblem)] = &[
        (
            "staff_shifts_no_overlap_excl",
            SubstitutionAcceptProblem::ShiftOverlaps,
        ),
        (
            "substitution_offers_accepted_key",
            SubstitutionAcceptProblem::AlreadyFilled,
        ),
        (
            "substitution_offers_in_time_check",
            SubstitutionAcceptProblem::Expired,
        ),
    ];

    fn types(registry: &mut Registry) {
        RosterWarning::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let (search, offer) = lock_offer(scope, input.id.uuid()).await?;
        own_or_permitted(act, offer.staff_id, SUBSTITUTE, search.location_id, "offer").await?;
        if search.status == "filled" && offer.status != "accepted" {
            let text = "Somebody else already stands in.";
            return Err(Fault::at(
                SubstitutionAcceptProblem::AlreadyFilled,
                "id",
                text,
            ));
        }
        if offer.status != "sent" || !search.is_open() {
            let text = format!("The offer is {}.", offer.status);
            return Err(Fault::at(
                SubstitutionAcceptProblem::WrongStatus,
                "id",
                text,
            ));
        }
        if offer.expires_at <= scope.now() {
            let text = format!("The offer stood until {}.", offer.expires_at);
            return Err(Fault::at(SubstitutionAcceptProblem::Expired, "id", text));
        }
        let values = [
            scope.biz_id().into(),
            search.shift_id.into(),
            search.pool_id.into(),
            offer.staff_id.into(),
        ];
        if let Some(row) = scope.query_opt(MISSING, &values).await? {
            let skill: String = row.try_get(0)?;
            let text = format!("The person does not have \"{skill}\" at that time.");
            return Err(Fault::at(
                SubstitutionAcceptProblem::SkillMissing,
                "id",
                text,
            ));
        }
        let shift = lock_shift(scope, search.shift_id, None).await?;
        answer(scope, &search, &offer, "accepted", input.note).await?;
        let made = replace(scope, &search, &shift, offer.staff_id).await?;
        let outcome = Outcome::row("substitutionOffer", offer.id)
            .and_row("substitutionRequest", search.id)
            .and_row("staffShift", made)
            .and_value("warnings", told(scope, &[made]).await?);
        Ok(outcome.detail("staff_id", offer.staff_id.to_string()))
    }
}

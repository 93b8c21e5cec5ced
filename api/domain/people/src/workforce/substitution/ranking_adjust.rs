//! `rankingAdjust`.

use async_graphql::{Enum, InputObject};
use entities::catalog::offer;
use entities::resources::resource;
use entities::workforce::{ranking_profile, staff};
use sea_orm::Value;

use super::RANK;
use super::ranking::profile;
use foundation::database::new_id;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Id, Number};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Moves somebody or something up or down by hand, with a reason; the next reckoning counts it.
#[derive(InputObject)]
pub struct RankingAdjustInput {
    /// The profile.
    pub id: Id<ranking_profile::Entity>,
    /// The person, where the profile ranks people.
    pub staff_id: Option<Id<staff::Entity>>,
    /// The resource, where it ranks resources.
    pub resource_id: Option<Id<resource::Entity>>,
    /// The offer, where it ranks offers.
    pub offer_id: Option<Id<offer::Entity>>,
    /// By how much; down if negative.
    pub delta: Number,
    /// Why.
    pub note: String,
}

/// Why nothing is moved.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "RankingAdjustErrorCode")]
pub enum RankingAdjustProblem {
    /// The profile ranks something else.
    WrongSubject,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb.
pub struct RankingAdjust;

const ADJUST: &str = "insert into workforce.ranking_events (biz_id, id, profile_id, subject_type, subject_id, kind, delta, note) \
    select $1, $2, $3, $4::text, $5, 'adjusted', $6, $7 \
    where exists (select from core.subject_registry r where r.biz_id = $1 and r.subject_type = $4::text and r.subject_id = $5)";

impl Verb for RankingAdjust {
    type Input = RankingAdjustInput;
    type Problem = RankingAdjustProblem;

    const NAME: &'static str = "rankingAdjust";
    const PERMISSION: Permission = Permission::Holds(RANK);
    const EVENT: Option<&'static str> = Some("workforce.ranking_adjusted");
    const PAYLOAD: &'static [Part] =
        &[Part::Row("rankingEvent", "RankingEvent", "What was noted.")];
    const CONSTRAINTS: &'static [(&'static str, RankingAdjustProblem)] = &[(
        "ranking_events_note_check",
        RankingAdjustProblem::ReasonRequired,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let profile_id = input.id.uuid();
        let (_, _, subject) = profile(act, profile_id).await?;
        let given = [
            ("staff", "Staff", input.staff_id.map(|id| id.uuid())),
            (
                "resource",
                "Resource",
                input.resource_id.map(|id| id.uuid()),
            ),
            ("offer", "Offer", input.offer_id.map(|id| id.uuid())),
        ];
        let mut named = given
            .into_iter()
            .filter_map(|(name, ty, id)| Some((name, ty, id?)));
        let (Some((name, ty, subject_id)), None) = (named.next(), named.next()) else {
            return Err(Failure::input("Give one of staffId, resourceId and offerId.").into());
        };
        if name != subject {
            let text = format!("The profile ranks {subject}.");
            return Err(Fault::at(RankingAdjustProblem::WrongSubject, "id", text));
        }
        let id = new_id();
        let values: [Value; 7] = [
            act.scope.biz_id().into(),
            id.into(),
            profile_id.into(),
            ty.into(),
            subject_id.into(),
            input.delta.0.into(),
            input.note.trim().into(),
        ];
        if act.scope.execute(ADJUST, &values).await? == 0 {
            return Err(Fault::not_found("subject of the ranking"));
        }
        Ok(Outcome::row("rankingEvent", id))
    }
}

//! `rankingRecompute`: what people, resources and offers come to, and why. Events of people come by
//! themselves, from their offers and shifts (`workforce.note_ranking`).

use async_graphql::{Enum, InputObject};
use entities::workforce::ranking_profile;
use uuid::Uuid;

use super::RANK;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Reckons the scores of a profile anew: of each factor that it weighs, how much there was in the
/// last 180 days, times its weight, and what was moved by hand. Factors are the kinds of ranking
/// events; those of people are counted where they happened: `completed` and `no_show` of shifts,
/// `accepted`, `declined` and `expired` of offers to stand in, `late` clock-ins, and `fairness`, which
/// counts offers of this quarter against them. A score says what each factor contributed. The clock does
/// it where something has happened.
#[derive(InputObject)]
pub struct RankingRecomputeInput {
    /// The profile.
    pub id: Id<ranking_profile::Entity>,
}

/// Why scores are not reckoned.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "RankingRecomputeErrorCode")]
pub enum RankingRecomputeProblem {
    /// The profile is not kept up to date any more.
    Inactive,
    /// A weight is no number.
    WrongWeight,
}

/// The verb.
pub struct RankingRecompute;

// Each row of `facts` is how much of a factor there was of a subject. Of people, rosters and offers are
// asked themselves: their events only tell of what has moved.
const RECOMPUTE: &str = "with profile as ( \
      select p.id, p.formula_version, case p.subject when 'staff' then 'Staff' when 'resource' then 'Resource' else 'Offer' end as type \
      from workforce.ranking_profiles p where p.biz_id = $1 and p.id = $2), \
    weights as ( \
      select w.key as factor, w.value::numeric as weight from workforce.ranking_profiles p \
      cross join lateral jsonb_each_text(p.weights) w where p.biz_id = $1 and p.id = $2), \
    facts as ( \
      select e.subject_id as id, e.kind::text as factor, sum(e.delta) as amount from workforce.ranking_events e, profile p \
      where e.biz_id = $1 and e.profile_id = $2 and e.subject_type = p.type \
        and (p.type <> 'Staff' or e.kind in ('rated', 'requested', 'adjusted')) and e.created_at > $3::timestamptz - interval '180 days' \
      group by e.subject_id, e.kind \
      union all \
      select s.staff_id, s.status::text, count(*) from workforce.staff_shifts s, profile p \
      where p.type = 'Staff' and s.biz_id = $1 and s.status in ('completed', 'no_show') and s.planned_starts_at > $3::timestamptz - interval '180 days' \
      group by s.staff_id, s.status \
      union all \
      select o.staff_id, o.status::text, count(*) from workforce.substitution_offers o, profile p \
      where p.type = 'Staff' and o.biz_id = $1 and o.status in ('accepted', 'declined', 'expired') \
        and o.offered_at > $3::timestamptz - interval '180 days' group by o.staff_id, o.status \
      union all \
      select s.staff_id, 'late', count(*) from workforce.staff_shifts s, profile p \
      where p.type = 'Staff' and s.biz_id = $1 and s.actual_starts_at > s.planned_starts_at + interval '5 minutes' \
        and s.planned_starts_at > $3::timestamptz - interval '180 days' group by s.staff_id \
      union all \
      select c.staff_id, 'fairness', -sum(c.offered) from workforce.substitution_fairness_counters c, profile p \
      where p.type = 'Staff' and c.biz_id = $1 and c.period @> ($3::timestamptz at time zone 'UTC')::date group by c.staff_id), \
    parts as ( \
      select f.id, f.factor, sum(f.amount) * case f.factor when 'adjusted' then coalesce(max(w.weight), 1) else max(w.weight) end as part \
      from facts f left join weights w on w.factor = f.factor where w.factor is not null or f.factor = 'adjusted' \
      group by f.id, f.factor), \
    subjects as ( \
      select s.id from workforce.staff s, profile p where p.type = 'Staff' and s.biz_id = $1 and s.deleted_at is null and s.terminated_on is null \
      union select id from parts), \
    sums as ( \
      select s.id, coalesce(sum(t.part), 0) as score, \
        coalesce(jsonb_object_agg(t.factor, round(t.part, 6)) filter (where t.factor is not null), '{}') as explained \
      from subjects s left join parts t on t.id = s.id group by s.id), \
    written as ( \
      insert into workforce.ranking_scores (biz_id, id, profile_id, subject_type, subject_id, score, formula_version, explained, computed_at) \
      select $1, core.uuid_v7(), p.id, p.type, s.id, round(s.score, 6), p.formula_version, s.explained, $3 from sums s, profile p \
      where exists (select from core.subject_registry r where r.biz_id = $1 and r.subject_type = p.type and r.subject_id = s.id) \
      on conflict (biz_id, profile_id, subject_type, subject_id) do update \
      set score = excluded.score, formula_version = excluded.formula_version, explained = excluded.explained, \
        computed_at = excluded.computed_at returning 1) \
    select count(*) from written";

const PROFILE: &str = "select is_active, not exists (select from jsonb_each(weights) w where jsonb_typeof(w.value) <> 'number'), \
      subject::text from workforce.ranking_profiles where biz_id = $1 and id = $2 and deleted_at is null for share";

/// Whether a profile is kept up to date, whether its weights are numbers, and what it ranks.
pub(super) async fn profile<P>(act: &Act<'_>, id: Uuid) -> Result<(bool, bool, String), Fault<P>> {
    let row = act
        .scope
        .query_opt(PROFILE, &[act.scope.biz_id().into(), id.into()])
        .await?;
    let row = row.ok_or_else(|| Fault::not_found("ranking profile"))?;
    Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
}

impl Verb for RankingRecompute {
    type Input = RankingRecomputeInput;
    type Problem = RankingRecomputeProblem;

    const NAME: &'static str = "rankingRecompute";
    const PERMISSION: Permission = Permission::Holds(RANK);
    const EVENT: Option<&'static str> = Some("workforce.ranking_recomputed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("rankingProfile", "RankingProfile", "The profile."),
        Part::Value("scores", "Int!", "How many scores were reckoned."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let (is_active, has_numbers, _) = profile(act, id).await?;
        if !is_active {
            let text = "The scores of this profile are not kept up to date any more.";
            return Err(Fault::at(RankingRecomputeProblem::Inactive, "id", text));
        }
        if !has_numbers {
            let text = "Every weight of the profile must be a number.";
            return Err(Fault::at(RankingRecomputeProblem::WrongWeight, "id", text));
        }
        let values = [act.scope.biz_id().into(), id.into(), act.scope.now().into()];
        let row = act.scope.query_opt(RECOMPUTE, &values).await?;
        let count: i64 = row
            .map(|row| row.try_get(0))
            .transpose()?
            .unwrap_or_default();
        Ok(Outcome::row("rankingProfile", id).and_value("scores", count))
    }
}

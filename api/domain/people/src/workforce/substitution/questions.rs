//! `substitutionCandidates` and `substitutionFairness`: who would be asked next and why, and how
//! evenly people were asked.

use async_graphql::{InputObject, SimpleObject};
use entities::workforce::{staff, substitution_pool, substitution_request};
use rust_decimal::Decimal;
use sea_orm::Value;
use uuid::Uuid;

use super::SUBSTITUTE;
use super::rules::{SubstitutionObstacle, reasons};
use super::store::{Search, candidates};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::query::Node;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Day, Id, Instant, Number};
use foundation::graph::verb::Permission;

/// The people of a pool in the order in which they are asked for a search, and why: those whom
/// something keeps from it come last.
#[derive(InputObject)]
pub struct SubstitutionCandidatesInput {
    /// The search.
    pub id: Id<substitution_request::Entity>,
    /// The pool; that of the search if not given.
    pub pool_id: Option<Id<substitution_pool::Entity>>,
}

/// Somebody who may stand in.
#[derive(SimpleObject)]
pub struct SubstitutionCandidate {
    /// Their place, from 1.
    pub rank: i32,
    /// Who.
    pub staff: Node<staff::Entity>,
    /// Who, by their id.
    pub staff_id: Id<staff::Entity>,
    /// What keeps them from it, if anything.
    pub obstacle: Option<SubstitutionObstacle>,
    /// Their priority in the pool; lower ones are asked first.
    pub priority: i32,
    /// How often they were asked in this quarter.
    pub offered: i32,
    /// How often they stood in.
    pub accepted: i32,
    /// Whether they would rest less than they should.
    pub is_short_of_rest: bool,
    /// What they come to by the ranking of stand-ins.
    pub score: Number,
    /// Why they have their place, in sentences.
    pub reasons: Vec<String>,
}

/// The question.
pub struct SubstitutionCandidates;

const SEARCH: &str = "select r.shift_id, r.absent_staff_id, r.pool_id, r.reason::text, r.needed_by, r.status::text, s.location_id \
    from workforce.substitution_requests r join workforce.staff_shifts s on s.biz_id = r.biz_id and s.id = r.shift_id \
    where r.biz_id = $1 and r.id = $2";

impl Question for SubstitutionCandidates {
    type Input = SubstitutionCandidatesInput;
    type Answer = Vec<SubstitutionCandidate>;

    const NAME: &'static str = "substitutionCandidates";
    const PERMISSION: Permission = Permission::Holds(SUBSTITUTE);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let id = input.id.uuid();
        let row = look
            .scope
            .query_opt(SEARCH, &[look.scope.biz_id().into(), id.into()])
            .await?;
        let none = || Failure::new(Code::NotFound, "There is no such search for a stand-in.");
        let row = row.ok_or_else(none)?;
        let read = || -> Result<Search, tokio_postgres::Error> {
            Ok(Search {
                id,
                shift_id: row.try_get(0)?,
                absent_staff_id: row.try_get(1)?,
                pool_id: row.try_get(2)?,
                reason: row.try_get(3)?,
                needed_by: row.try_get(4)?,
                status: row.try_get(5)?,
                location_id: row.try_get(6)?,
            })
        };
        let search = read().map_err(Failure::internal)?;
        look.permit_at(SUBSTITUTE, search.location_id, "search for a stand-in")?;
        let pool_id = input.pool_id.map(|id| id.uuid()).or(search.pool_id);
        let pool_id =
            pool_id.ok_or_else(|| Failure::input("Name the pool: the search has none."))?;
        let ranked = candidates(look.scope, &search, pool_id).await?;
        let told = ranked
            .iter()
            .zip(1..)
            .map(|(one, rank)| SubstitutionCandidate {
                rank,
                staff: Node::new(one.staff_id),
                staff_id: Id::new(one.staff_id),
                obstacle: one.obstacle,
                priority: one.priority,
                offered: one.offered,
                accepted: one.accepted,
                is_short_of_rest: one.is_short_of_rest,
                score: Number(one.score),
                reasons: reasons(one),
            });
        Ok(told.collect())
    }
}

/// How evenly the people of a pool were asked: by the counters of each quarter, over some of them.
#[derive(InputObject)]
pub struct SubstitutionFairnessInput {
    /// The pool.
    pub pool_id: Id<substitution_pool::Entity>,
    /// Only quarters that end after this day; all if not given.
    pub from: Option<Day>,
}

/// How often somebody was asked, beside the others.
#[derive(SimpleObject)]
pub struct SubstitutionFairnessRow {
    /// Who.
    pub staff: Node<staff::Entity>,
    /// Who, by their id.
    pub staff_id: Id<staff::Entity>,
    /// How often they were asked.
    pub offered: i32,
    /// How often they stood in.
    pub accepted: i32,
    /// How often they could not.
    pub declined: i32,
    /// How often they did not answer.
    pub expired: i32,
    /// When they were last asked.
    pub last_offered_at: Option<Instant>,
    /// Their share of all offers; an even one is one in as many as there are people.
    pub share: Number,
}

/// The question.
pub struct SubstitutionFairness;

const FAIRNESS: &str = "select c.staff_id, sum(c.offered)::integer, sum(c.accepted)::integer, sum(c.declined)::integer, \
      sum(c.expired)::integer, max(c.last_offered_at), \
      round(sum(c.offered)::numeric / greatest(sum(sum(c.offered)) over (), 1), 4) \
    from workforce.substitution_fairness_counters c \
    where c.biz_id = $1 and c.pool_id = $2 and ($3::date is null or c.ends_on > $3) \
    group by c.staff_id order by sum(c.offered) desc, c.staff_id limit 2000";

impl Question for SubstitutionFairness {
    type Input = SubstitutionFairnessInput;
    type Answer = Vec<SubstitutionFairnessRow>;

    const NAME: &'static str = "substitutionFairness";
    const PERMISSION: Permission = Permission::Holds("workforce.read");

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let sql = "select location_id from workforce.substitution_pools where biz_id = $1 and id = $2 and deleted_at is null";
        let key = [look.scope.biz_id().into(), input.pool_id.uuid().into()];
        let row = look.scope.query_opt(sql, &key).await?;
        let row = row.ok_or_else(|| Failure::new(Code::NotFound, "There is no such pool."))?;
        let location: Option<Uuid> = row.try_get(0).map_err(Failure::internal)?;
        if let Some(location) = location {
            look.permit_at("workforce.read", location, "pool")?;
        }
        let values: [Value; 3] = [
            look.scope.biz_id().into(),
            input.pool_id.uuid().into(),
            input.from.map(|day| day.0).into(),
        ];
        let rows = look.scope.query(FAIRNESS, &values).await?;
        let told = |row: &tokio_postgres::Row| -> Result<_, tokio_postgres::Error> {
            let staff_id: Uuid = row.try_get(0)?;
            Ok(SubstitutionFairnessRow {
                staff: Node::new(staff_id),
                staff_id: Id::new(staff_id),
                offered: row.try_get(1)?,
                accepted: row.try_get(2)?,
                declined: row.try_get(3)?,
                expired: row.try_get(4)?,
                last_offered_at: row.try_get::<_, Option<_>>(5)?.map(Instant),
                share: Number(row.try_get::<_, Decimal>(6)?),
            })
        };
        let told: Result<Vec<_>, _> = rows.iter().map(told).collect();
        told.map_err(Failure::internal)
    }
}

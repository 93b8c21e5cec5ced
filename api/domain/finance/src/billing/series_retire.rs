//! `fiscalSeriesRetire`.

use async_graphql::{Enum, InputObject};
use entities::billing::fiscal_sery;
use uuid::Uuid;

use foundation::graph::failure::Failure;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.manage";

/// Retires a series: new documents get no numbers of it any more. Its documents stay as they are.
#[derive(InputObject)]
pub struct FiscalSeriesRetireInput {
    /// The series.
    pub id: Id<fiscal_sery::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a series cannot be retired.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FiscalSeriesRetireErrorCode")]
pub enum FiscalSeriesRetireProblem {
    /// It was retired before.
    WrongStatus,
}

/// The verb.
pub struct FiscalSeriesRetire;

impl Verb for FiscalSeriesRetire {
    type Input = FiscalSeriesRetireInput;
    type Problem = FiscalSeriesRetireProblem;

    const NAME: &'static str = "fiscalSeriesRetire";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.series_retired");
    const PAYLOAD: &'static [Part] = &[Part::Row("fiscalSeries", "FiscalSery", "The series.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let sql = "select s.is_active, s.version, s.location_id from billing.fiscal_series s \
                   where s.biz_id = $1 and s.id = $2 and s.deleted_at is null for no key update";
        let values = [act.scope.biz_id().into(), input.id.uuid().into()];
        let row = act.scope.query_opt(sql, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("series"))?;
        if let Some(location_id) = row.try_get::<_, Option<Uuid>>(2)? {
            act.permit_at(PERMISSION, location_id, "series")?;
        }
        Failure::unless_current("series", row.try_get(1)?, input.expected_version)?;
        if !row.try_get::<_, bool>(0)? {
            return Err(Fault::problem(
                FiscalSeriesRetireProblem::WrongStatus,
                "The series was retired before.",
            ));
        }
        let sql =
            "update billing.fiscal_series set is_active = false where biz_id = $1 and id = $2";
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("fiscalSeries", input.id.uuid()))
    }
}

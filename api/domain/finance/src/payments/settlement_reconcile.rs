//! `settlementReconcile`.

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputObject, OutputType, SimpleObject};
use entities::payments::settlement_batch;
use serde::Serialize;

use foundation::database::{Error, Scope};
use foundation::graph::scalars::{Id, Long};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Compares a settlement with what was taken and given back here. Where every line has its movement
/// of the same amount, it is reconciled; else each difference is listed, and an explanation closes it.
#[derive(InputObject)]
pub struct SettlementReconcileInput {
    /// The settlement.
    pub id: Id<settlement_batch::Entity>,
    /// Why it differs, where it does and that is settled.
    pub explanation: Option<String>,
}

/// Something that does not agree.
#[derive(SimpleObject, Serialize, Clone)]
#[serde(rename_all = "camelCase")]
pub struct SettlementDifference {
    /// What it is: a line without a movement, a movement of another amount, or one that was not settled.
    what: String,
    /// Its id at the processor.
    external_id: Option<String>,
    /// What the settlement says, in minor units.
    settled_minor: Long,
    /// What happened here, in minor units.
    recorded_minor: Long,
}

/// Why a settlement is not compared.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SettlementReconcileErrorCode")]
pub enum SettlementReconcileProblem {
    /// It is not complete yet, or is reconciled already.
    WrongStatus,
}

use SettlementReconcileProblem as Problem;

/// The verb.
pub struct SettlementReconcile;

const DIFFERENCES: &str = "select 'line without movement', e.external_id, e.amount_minor, 0::bigint \
    from payments.settlement_entries e \
    where e.biz_id = $1 and e.batch_id = $2 and e.transaction_id is null \
      and e.kind in ('payment', 'refund', 'chargeback', 'chargeback_reversal', 'adjustment') \
    union all \
    select 'movement of another amount', e.external_id, e.amount_minor, \
      case when e.kind in ('refund', 'chargeback') then -x.amount_minor else x.amount_minor end \
    from payments.settlement_entries e join payments.payment_transactions x on x.biz_id = e.biz_id and x.id = e.transaction_id \
    where e.biz_id = $1 and e.batch_id = $2 \
      and e.amount_minor <> case when e.kind in ('refund', 'chargeback') then -x.amount_minor else x.amount_minor end \
    union all \
    select 'movement not settled', x.external_id, 0::bigint, case when x.kind in ('refund', 'chargeback') then -x.amount_minor else x.amount_minor end \
    from payments.settlement_batches b \
    join payments.payment_transactions x on x.biz_id = b.biz_id and x.processor_account_id = b.processor_account_id and x.currency = b.currency \
      and x.business_date >= b.starts_on and x.business_date < b.ends_on and x.outcome = 'succeeded' \
      and x.kind in ('capture', 'refund', 'chargeback', 'chargeback_reversal') \
    where b.biz_id = $1 and b.id = $2 \
      and not exists (select from payments.settlement_entries e where e.biz_id = x.biz_id and e.transaction_id = x.id) \
    order by 1, 2 limit 500";

async fn differences(scope: &Scope, id: uuid::Uuid) -> Result<Vec<SettlementDifference>, Error> {
    let mut found = Vec::new();
    for row in scope
        .query(DIFFERENCES, &[scope.biz_id().into(), id.into()])
        .await?
    {
        found.push(SettlementDifference {
            what: row.try_get(0)?,
            external_id: row.try_get(1)?,
            settled_minor: Long(row.try_get(2)?),
            recorded_minor: Long(row.try_get(3)?),
        });
    }
    Ok(found)
}

const MOVE: &str = "update payments.settlement_batches set status = $3::text, explanation = coalesce($4, explanation) \
    where biz_id = $1 and id = $2";

impl Verb for SettlementReconcile {
    type Input = SettlementReconcileInput;
    type Problem = Problem;

    const NAME: &'static str = "settlementReconcile";
    const PERMISSION: Permission = Permission::Holds("payments.settle");
    const EVENT: Option<&'static str> = Some("payments.settlement_reconciled");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "settlementBatch",
            "SettlementBatch",
            "The settlement as it now is.",
        ),
        Part::Value(
            "differences",
            "[SettlementDifference!]",
            "What does not agree, at most 500.",
        ),
    ];

    fn types(registry: &mut Registry) {
        <SettlementDifference as OutputType>::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (scope, id) = (act.scope, input.id.uuid());
        let sql = "select b.status::text from payments.settlement_batches b \
                   where b.biz_id = $1 and b.id = $2 for no key update";
        let row = scope
            .query_opt(sql, &[scope.biz_id().into(), id.into()])
            .await?;
        let status: String = row
            .ok_or_else(|| Fault::not_found("settlement"))?
            .try_get(0)?;
        if !matches!(status.as_str(), "closed" | "discrepancy") {
            let message = format!("The settlement is {status}.");
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        let differences = differences(scope, id).await?;
        let explanation = input
            .explanation
            .as_deref()
            .map(str::trim)
            .filter(|words| !words.is_empty());
        let agrees = differences.is_empty();
        let mut steps = Vec::new();
        if !agrees && status == "closed" {
            steps.push("discrepancy");
        }
        if agrees || explanation.is_some() {
            steps.push("reconciled");
        }
        let words = explanation.unwrap_or("All lines have been found since.");
        scope.set_reason(words).await?;
        for step in steps {
            let values = [
                scope.biz_id().into(),
                id.into(),
                step.into(),
                explanation.into(),
            ];
            scope.execute(MOVE, &values).await?;
        }
        let told = serde_json::to_value(&differences)
            .map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Outcome::row("settlementBatch", id)
            .detail("differences", differences.len())
            .and_value("differences", told))
    }
}

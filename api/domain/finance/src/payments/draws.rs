//! What payments draw from gift cards and wallets, before anybody else is asked for money.

use uuid::Uuid;

use super::attempts;
use super::counters::settle;
use super::locked::lock;
use super::movements::instrument;
use super::processors::Report;
use super::record::apply;
use super::tender_source::{Draw, Refused, source};
use super::tenders::PaymentProblem as Problem;
use foundation::graph::verb::item::item;
use foundation::graph::verb::{Act, Fault};

const DRAWS: &str = "select a.method_ref, a.amount_minor, t.currency::text, t.id, i.location_id \
    from payments.payment_attempts a \
    join payments.payment_intent_tenders t on t.biz_id = a.biz_id and t.id = a.tender_id \
    join payments.payment_intents i on i.biz_id = t.biz_id and i.id = t.intent_id \
    where a.biz_id = $1 and a.id = any ($2) and a.status = 'created' and t.kind in ('gift', 'wallet') order by a.method_ref, t.id";

/// Draws for those of these tries that are paid from gift cards and wallets.
pub async fn make(act: &Act<'_>, intent_id: Uuid, tries: &[Uuid]) -> Result<(), Fault<Problem>> {
    let values = [act.scope.biz_id().into(), tries.to_vec().into()];
    for row in act.scope.query(DRAWS, &values).await? {
        let method: Option<String> = row.try_get(0)?;
        let currency: String = row.try_get(2)?;
        let found = method.as_deref().and_then(instrument);
        let (Some(instrument), Some(source)) =
            (found, found.and_then(|(entity, _)| source(entity)))
        else {
            let message = "It cannot be paid from.";
            return Err(Fault::at(Problem::InstrumentUnusable, "tenders", message));
        };
        let draw = Draw {
            instrument,
            amount_minor: row.try_get(1)?,
            currency: &currency,
            intent_id,
            tender_id: row.try_get(3)?,
            refund_id: None,
            location_id: row.try_get(4)?,
        };
        source.charge(act.scope, &draw).await.map_err(refused)?;
    }
    Ok(())
}

/// The same, where what is refused declines the tries: whether it was drawn.
pub async fn make_or_decline(
    act: &Act<'_>,
    intent_id: Uuid,
    tries: &[Uuid],
) -> Result<bool, Fault<Problem>> {
    let Err(refused) = item(act, make(act, intent_id, tries)).await? else {
        return Ok(true);
    };
    let intent = lock(act.scope, intent_id).await?;
    let mut intent = intent.ok_or_else(|| Fault::not_found("payment"))?;
    for id in tries {
        if let Some(attempt) = attempts::find(act.scope, *id).await? {
            let report = Report::declined(&refused.code.to_lowercase(), refused.message.as_str());
            apply(act.scope, &mut intent, &attempt, report).await?;
        }
    }
    settle(act.scope, &mut intent).await?;
    Ok(false)
}

/// What a gift card or wallet refused, under the codes of payments.
pub fn refused(refused: Refused) -> Fault<Problem> {
    let (code, message) = match refused {
        Refused::Database(error) => return error.into(),
        Refused::Rule("INSUFFICIENT", message) => (Problem::Insufficient, message),
        Refused::Rule("HELD_ELSEWHERE", message) => (Problem::HeldElsewhere, message),
        Refused::Rule(_, message) => (Problem::InstrumentUnusable, message),
    };
    match Fault::at(code, "tenders", message) {
        Fault::Problem(mut problem) => {
            problem.retryable = code == Problem::HeldElsewhere;
            Fault::Problem(problem)
        }
        other => other,
    }
}

//! `slaBreachCompensate`.

use async_graphql::{Enum, InputObject};
use entities::operations::sla_breach_event;
use entities::payments::payment_intent;
use sea_orm::Value;

use crate::operations::COMPENSATE;
use crate::operations::choices::CompensationKind;
use crate::operations::sla::amends::{Asked, Case, give};
use finance::payments::refund_send::follow_up;
use finance::payments::store::limit;
use foundation::database::new_id;
use foundation::graph::scalars::{Choice, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Makes a broken promise good: credit in the wallet of whoever waited, money back of what they
/// paid, points, or an apology. All that is given for one breach together is never more than its
/// policy allows, however many give it at once.
#[derive(InputObject)]
pub struct SlaBreachCompensateInput {
    /// The breach.
    pub breach_id: Id<sla_breach_event::Entity>,
    /// How it is made good; as its policy says if not given.
    pub kind: Option<Choice<CompensationKind>>,
    /// How much credit or money back; what its policy usually gives if not given.
    pub amount: Option<MoneyInput>,
    /// How many points.
    pub points: Option<i32>,
    /// The payment that money goes back of; one of the booking if not given.
    pub payment_intent_id: Option<Id<payment_intent::Entity>>,
    /// What was said about it.
    pub note: Option<String>,
}

/// Why nothing was given.
#[derive(Enum, Copy, Debug, Clone, PartialEq, Eq)]
#[graphql(name = "SlaBreachCompensateErrorCode")]
pub enum SlaBreachCompensateProblem {
    /// The promise was waived: there is nothing to make good.
    NothingBroken,
    /// No more is given for a breach than its policy allows, in the currency of the policy.
    ExceedsCap,
    /// An amount above zero is given, or points.
    AmountRequired,
    /// Nobody is known to whom it could be given.
    NoCustomer,
    /// There is no payment of which so much can go back.
    NothingToRefund,
    /// It is more than the limit of your roles.
    NeedsApproval,
    /// The customer has no wallet of points.
    NoPointsWallet,
}

use SlaBreachCompensateProblem as Problem;

/// The verb.
pub struct SlaBreachCompensate;

impl Verb for SlaBreachCompensate {
    type Input = SlaBreachCompensateInput;
    type Problem = Problem;

    const NAME: &'static str = "slaBreachCompensate";
    const PERMISSION: Permission = Permission::Holds(COMPENSATE);
    const EVENT: Option<&'static str> = Some("sla.compensated");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "slaCompensationEvent",
            "SlaCompensationEvent",
            "What was given.",
        ),
        Part::Row("slaClock", "SlaClock", "The clock as it now is."),
        Part::Rows("refunds", "Refund", "The refunds, where money goes back."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("sla_compensation_events_cap_check", Problem::ExceedsCap)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (scope, breach) = (act.scope, input.breach_id.uuid());
        let case = Case::lock(act, breach).await?;
        let kind = input
            .kind
            .map_or_else(|| case.usual_kind.clone(), |kind| kind.0.to_owned());
        let asked = asked(&case, &kind, input.amount, input.points)?;
        if let Some(currency) = &asked.currency
            && limit(act, COMPENSATE, currency)
                .await?
                .is_some_and(|most| asked.minor > most)
        {
            let text = "It is more than the limit of your roles: somebody else has to give it.";
            return Err(Fault::at(Problem::NeedsApproval, "amount", text));
        }
        let id = new_id();
        let intent = input.payment_intent_id.map(|id| id.uuid());
        let given = give(act, &case, &kind, &asked, (id, intent)).await?;
        let (given_type, given_id) = given.row.unzip();
        let note = input.note.as_deref().map(str::trim);
        let values: [Value; 11] = [
            scope.biz_id().into(),
            id.into(),
            breach.into(),
            kind.as_str().into(),
            asked.minor.into(),
            asked.currency.into(),
            asked.points.into(),
            given_type.into(),
            given_id.into(),
            scope.user_id().into(),
            note.into(),
        ];
        scope.execute(INSERT, &values).await?;
        let sql = "update operations.sla_clocks set status = 'compensated' where biz_id = $1 and id = $2 and status = 'breached'";
        scope
            .execute(sql, &[scope.biz_id().into(), case.clock_id.into()])
            .await?;
        let mut outcome = Outcome::row("slaCompensationEvent", id)
            .and_row("slaClock", case.clock_id)
            .detail("kind", kind)
            .detail("amount_minor", asked.minor);
        for refund in &given.refunds {
            outcome = outcome.and_row("refunds", *refund);
        }
        if given.remote.is_empty() {
            return Ok(outcome);
        }
        let (biz_id, user_id, remote) = (scope.biz_id(), scope.user_id(), given.remote);
        Ok(outcome.then(move |shared| follow_up(shared, biz_id, user_id, remote)))
    }
}

const INSERT: &str = "insert into operations.sla_compensation_events (biz_id, id, breach_id, kind, amount_minor, currency, points, \
      given_type, given_id, approved_by_id, note) \
    values ($1, $2, $3, $4::text, $5, $6, $7, $8, $9, $10, $11)";

/// What is given, of what was asked and what the policy usually gives.
fn asked(
    case: &Case,
    kind: &str,
    amount: Option<MoneyInput>,
    points: Option<i32>,
) -> Result<Asked, Fault<Problem>> {
    let missing = |field: &str| {
        let text = "Say how much is given: above zero, and of what its kind is counted in.";
        Err(Fault::at(Problem::AmountRequired, field, text))
    };
    match (kind, amount, points) {
        ("none", None, None) => Ok(Asked::default()),
        ("points", None, Some(points)) if points > 0 => Ok(Asked {
            points,
            ..Asked::default()
        }),
        ("points", ..) => missing("points"),
        ("credit" | "refund", Some(amount), None) if amount.minor > 0 => Ok(Asked {
            minor: amount.minor,
            currency: Some(amount.currency),
            points: 0,
        }),
        ("credit" | "refund", None, None) => match (case.usual_minor, &case.currency) {
            (Some(minor), Some(currency)) if minor > 0 => Ok(Asked {
                minor,
                currency: Some(currency.clone()),
                points: 0,
            }),
            _ => missing("amount"),
        },
        _ => missing("amount"),
    }
}

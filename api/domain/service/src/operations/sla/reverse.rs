//! `slaCompensationReverse`.

use async_graphql::{Enum, InputObject};
use entities::entitlements::entitlement_grant;
use entities::operations::sla_compensation_event;
use sea_orm::Value;
use uuid::Uuid;

use crate::operations::COMPENSATE;
use finance::entitlements::wallet::revoke::{GrantRevoke, GrantRevokeInput};
use foundation::database::{Error, new_id};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Takes back what was given for a broken promise, as a whole: credit and points that nobody has used
/// yet, which needs `entitlements.adjust` too, or an apology. Money that went back to a card is gone. It
/// counts no more towards what the policy allows; once nothing is left of what was given, the clock is
/// breached as before, and can be waived.
#[derive(InputObject)]
pub struct SlaCompensationReverseInput {
    /// What was given.
    pub id: Id<sla_compensation_event::Entity>,
    /// Why it is taken back.
    pub reason: String,
}

/// Why nothing was taken back.
#[derive(Enum, Copy, Debug, Clone, PartialEq, Eq)]
#[graphql(name = "SlaCompensationReverseErrorCode")]
pub enum SlaCompensationReverseProblem {
    /// It was taken back already, or takes another back itself.
    AlreadyReversed,
    /// Some of the credit or points was used, is held or has expired.
    AlreadyUsed,
    /// Money that went back is not taken again.
    MoneyIsGone,
    /// A reason must be given.
    ReasonRequired,
}

use SlaCompensationReverseProblem as Problem;

/// The verb.
pub struct SlaCompensationReverse;

/// What was given.
struct Given {
    breach_id: Uuid,
    clock_id: Uuid,
    kind: String,
    minor: i64,
    currency: Option<String>,
    points: i32,
    row: Option<(String, Uuid)>,
}

const LOCK: &str = "select c.location_id, e.reverses_id is not null, e.breach_id, c.id, e.kind::text, e.amount_minor, e.currency::text, \
      e.points, e.given_type, e.given_id \
    from operations.sla_compensation_events e \
    join operations.sla_breach_events b on b.biz_id = e.biz_id and b.id = e.breach_id \
    join operations.sla_clocks c on c.biz_id = b.biz_id and c.id = b.clock_id \
    where e.biz_id = $1 and e.id = $2 for no key update of c";

const REVERSE: &str = "insert into operations.sla_compensation_events (biz_id, id, breach_id, kind, amount_minor, currency, points, \
      given_type, given_id, reverses_id, approved_by_id, note) \
    values ($1, $2, $3, $4::text, $5, $6, $7, $8, $9, $10, $11, $12)";

// Nothing is left of what was given once each was taken back by another.
const REOPEN: &str = "update operations.sla_clocks c set status = 'breached' \
    where c.biz_id = $1 and c.id = $2 and c.status = 'compensated' \
      and not exists (select from operations.sla_compensation_events e \
        where e.biz_id = $1 and e.breach_id = $3 and e.reverses_id is null \
          and not exists (select from operations.sla_compensation_events r where r.biz_id = $1 and r.reverses_id = e.id))";

impl Verb for SlaCompensationReverse {
    type Input = SlaCompensationReverseInput;
    type Problem = Problem;

    const NAME: &'static str = "slaCompensationReverse";
    const PERMISSION: Permission = Permission::Holds(COMPENSATE);
    const EVENT: Option<&'static str> = Some("sla.compensation_reversed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "slaCompensationEvent",
            "SlaCompensationEvent",
            "What takes it back, below zero.",
        ),
        Part::Row("slaClock", "SlaClock", "The clock as it now is."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[(
        "sla_compensation_events_reverses_id_key",
        Problem::AlreadyReversed,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (scope, id) = (act.scope, input.id.uuid());
        let given = lock(act, id).await?;
        let reason = input.reason.trim();
        if reason.is_empty() {
            let text = "A reason is required.";
            return Err(Fault::at(Problem::ReasonRequired, "reason", text));
        }
        let reversal = new_id();
        let (given_type, given_id) = given.row.clone().unzip();
        let values: [Value; 12] = [
            scope.biz_id().into(),
            reversal.into(),
            given.breach_id.into(),
            given.kind.as_str().into(),
            (-given.minor).into(),
            given.currency.clone().into(),
            (-given.points).into(),
            given_type.into(),
            given_id.into(),
            id.into(),
            scope.user_id().into(),
            reason.into(),
        ];
        // First, as whoever reverses it as well is refused by it.
        scope.execute(REVERSE, &values).await?;
        take_back(act, &given, reason).await?;
        scope.set_reason(reason).await?;
        let key = [
            scope.biz_id().into(),
            given.clock_id.into(),
            given.breach_id.into(),
        ];
        scope.execute(REOPEN, &key).await?;
        Ok(Outcome::row("slaCompensationEvent", reversal)
            .and_row("slaClock", given.clock_id)
            .detail("kind", given.kind)
            .detail("amount_minor", -given.minor))
    }
}

async fn lock(act: &Act<'_>, id: Uuid) -> Result<Given, Fault<Problem>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(LOCK, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("compensation"))?;
    if let Some(location) = row.try_get(0)? {
        act.permit_at(COMPENSATE, location, "compensation")?;
    }
    if row.try_get(1)? {
        let text = "This takes back another, and is not taken back itself.";
        return Err(Fault::at(Problem::AlreadyReversed, "id", text));
    }
    let given_type: Option<String> = row.try_get(8)?;
    Ok(Given {
        breach_id: row.try_get(2)?,
        clock_id: row.try_get(3)?,
        kind: row.try_get(4)?,
        minor: row.try_get(5)?,
        currency: row.try_get(6)?,
        points: row.try_get(7)?,
        row: given_type.zip(row.try_get(9)?),
    })
}

/// Takes the value out of the wallet again, if all of it is there.
async fn take_back(act: &Act<'_>, given: &Given, reason: &str) -> Result<(), Fault<Problem>> {
    let used = |text: &str| Fault::at(Problem::AlreadyUsed, "id", text);
    let grant = match &given.row {
        Some((entity, id)) if entity == "EntitlementGrant" => *id,
        Some(_) => {
            let text = "Money that went back is not taken again.";
            return Err(Fault::at(Problem::MoneyIsGone, "id", text));
        }
        None => return Ok(()),
    };
    let sql = "select g.remaining = g.quantity from entitlements.grants g \
        join entitlements.wallets w on w.biz_id = g.biz_id and w.id = g.wallet_id \
        where g.biz_id = $1 and g.id = $2 for no key update of w";
    let values = [act.scope.biz_id().into(), grant.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Error::Internal("a grant vanished".to_owned()))?;
    if !row.try_get::<_, bool>(0)? {
        return Err(used("Some of it was used already, or has expired."));
    }
    let grant: Id<entitlement_grant::Entity> = Id::new(grant);
    let revoke = GrantRevokeInput {
        id: grant,
        reason: reason.to_owned(),
        is_refunded: None,
    };
    match GrantRevoke::run(act, revoke).await {
        Ok(_) => Ok(()),
        Err(Fault::Problem(problem) | Fault::Kept(problem)) => Err(used(&problem.message)),
        Err(Fault::Failure(failure)) => Err(Fault::Failure(failure)),
        Err(Fault::Database(error)) => Err(Fault::Database(error)),
    }
}

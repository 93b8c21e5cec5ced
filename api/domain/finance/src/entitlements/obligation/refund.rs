//! `obligationRefund`.

use async_graphql::{Enum, InputObject};
use entities::booking::participant_obligation;
use uuid::Uuid;

use super::store::{Owed, count, lock};
use crate::entitlements::gift::uses::{PutBack, put_back};
use crate::entitlements::refusal::{Failed, Refusal};
use crate::entitlements::wallet::uses::{Undo, undo};
use crate::entitlements::work::{Work, own_place, place};
use crate::entitlements::{OBLIGATIONS, REFUND_OBLIGATIONS};
use foundation::database::new_id;
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Gives back what a participant paid of an order: what came last goes first. What was paid from a
/// wallet or with a gift card goes back there; of what was paid otherwise, it is noted that it goes
/// back, and the refund of the payment sends it.
#[derive(InputObject)]
pub struct ObligationRefundInput {
    /// What was owed.
    pub id: Id<participant_obligation::Entity>,
    /// How much is given back; all that was paid if not given.
    pub amount: Option<MoneyInput>,
    /// Why it is given back.
    pub reason: String,
}

/// Why nothing was given back.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ObligationRefundErrorCode")]
pub enum ObligationRefundProblem {
    /// More would be given back than was paid.
    BeyondPaid,
    /// What is owed was waived, cancelled or transferred.
    WrongStatus,
    /// The wallet or gift card that paid is closed or out of use.
    NotUsable,
    /// A reason must be given.
    ReasonRequired,
}

use ObligationRefundProblem as Problem;

/// The verb.
pub struct ObligationRefund;

const PAID: &str = "select e.source_type, e.source_id, case e.source_type \
        when 'GiftRedemption' then e.amount_minor - (select coalesce(sum(r.amount_minor), 0) from entitlements.gift_redemptions r \
          where r.biz_id = $1 and r.reverses_id = e.source_id) \
        else e.amount_minor end::bigint \
    from booking.participant_obligation_events e \
    where e.biz_id = $1 and e.obligation_id = $2 and e.kind = 'paid' order by e.occurred_at desc, e.id desc";

impl Verb for ObligationRefund {
    type Input = ObligationRefundInput;
    type Problem = Problem;

    const NAME: &'static str = "obligationRefund";
    const PERMISSION: Permission = Permission::Holds(REFUND_OBLIGATIONS);
    const EVENT: Option<&'static str> = Some("booking.obligation_refunded");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "obligation",
            "ParticipantObligation",
            "What is owed, as it now is.",
        ),
        Part::Value(
            "toRefundMinor",
            "Long",
            "What of it has to be sent back by a refund of its payment, in minor units.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let found = lock(act.scope, input.id.uuid()).await?;
        let mut owed = found.ok_or_else(|| Fault::not_found("obligation"))?;
        act.permit_at(OBLIGATIONS, owed.location_id, "obligation")?;
        if !matches!(owed.status.as_str(), "partially_paid" | "paid" | "overdue") {
            let text = format!("Nothing can be given back: it is {}.", owed.status);
            return Err(Fault::at(Problem::WrongStatus, "id", text));
        }
        let wanted = match &input.amount {
            Some(amount) if amount.currency == owed.currency => amount.minor,
            Some(_) => 0,
            None => owed.paid,
        };
        if wanted <= 0 || wanted > owed.paid {
            return Err(Fault::at(
                Problem::BeyondPaid,
                "amount",
                "No more can be given back than was paid.",
            ));
        }
        let keys = [act.scope.biz_id().into(), owed.id.into()];
        let mut paid = Vec::new();
        for row in act.scope.query(PAID, &keys).await? {
            paid.push((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
        }
        let (mut left, mut to_refund) = (wanted, 0);
        for (entity, id, minor) in paid {
            let part = left.min(minor);
            if part <= 0 {
                continue;
            }
            let back = back(act, &mut owed, (entity, id), part, reason).await;
            to_refund += back.map_err(|failed| {
                failed.fault("", |refusal| match refusal {
                    Refusal::BeyondUse | Refusal::Insufficient => Problem::BeyondPaid,
                    _ => Problem::NotUsable,
                })
            })?;
            left -= part;
        }
        if left > 0 {
            count(act.scope, &mut owed, -left, None, Some(reason)).await?;
            to_refund += left;
        }
        let outcome = Outcome::row("obligation", owed.id).and_value("toRefundMinor", to_refund);
        Ok(outcome
            .detail("amount_minor", wanted)
            .detail("to_refund_minor", to_refund))
    }
}

/// Gives back a part of one payment, and says how much of it has to be sent back otherwise.
async fn back(
    act: &Act<'_>,
    owed: &mut Owed,
    source: (Option<String>, Option<Uuid>),
    minor: i64,
    reason: &str,
) -> Result<i64, Failed> {
    let work = Work::of(act);
    let place = own_place(act.scope, owed.location_id).await?;
    match (source.0.as_deref(), source.1) {
        (Some("GiftRedemption"), Some(redemption_id)) => {
            let wanted = PutBack {
                redemption_id,
                minor: Some(minor),
                key: new_id().to_string(),
                is_posted: true,
            };
            let (_, id, _) = put_back(work, &place, &wanted).await?;
            count(
                act.scope,
                owed,
                -minor,
                Some(("GiftRedemption", id)),
                Some(reason),
            )
            .await?;
            Ok(0)
        }
        (Some("EntitlementLedgerEntry"), Some(entry_id)) => {
            let undone = to_wallet(act, owed.id, entry_id, minor, reason).await?;
            let first = undone.map(|id| ("EntitlementLedgerEntry", id));
            count(act.scope, owed, -minor, first, Some(reason)).await?;
            Ok(0)
        }
        _ => {
            count(act.scope, owed, -minor, None, Some(reason)).await?;
            Ok(minor)
        }
    }
}

// One payment from a wallet may have used several grants: all entries for the same obligation that were
// written with the first one.
const ENTRIES: &str = "select e.id, - e.quantity - (select coalesce(sum(r.quantity), 0) from entitlements.ledger_entries r \
      where r.biz_id = $1 and r.reverses_id = e.id)::bigint \
    from entitlements.ledger_entries e \
    join entitlements.ledger_entries f on f.biz_id = $1 and f.id = $2 \
    where e.biz_id = $1 and e.wallet_id = f.wallet_id and e.kind = 'redeem' and e.source_type = 'ParticipantObligation' \
      and e.source_id = $3 and e.occurred_at = f.occurred_at \
    order by e.id desc";

async fn to_wallet(
    act: &Act<'_>,
    obligation: Uuid,
    entry_id: Uuid,
    minor: i64,
    reason: &str,
) -> Result<Option<Uuid>, Failed> {
    let place = place(act.scope, None).await?.ok_or(Refusal::Unknown)?;
    let values = [
        act.scope.biz_id().into(),
        entry_id.into(),
        obligation.into(),
    ];
    let (mut left, mut last) = (minor, None);
    for row in act.scope.query(ENTRIES, &values).await? {
        let (entry_id, open): (Uuid, i64) = (row.try_get(0)?, row.try_get(1)?);
        let part = left.min(open);
        if part <= 0 {
            continue;
        }
        let wanted = Undo {
            entry_id,
            quantity: Some(part),
            is_posted: true,
        };
        last = Some(
            undo(Work::of(act), &place, wanted, Some(reason), None)
                .await?
                .entry_id,
        );
        left -= part;
    }
    if left > 0 {
        return Err(Refusal::BeyondUse.into());
    }
    Ok(last)
}

//! What others ask of payments, and what its verbs share.

use sea_orm::Value;
use uuid::Uuid;

use foundation::database::{Error, Numbered, Scope};
use foundation::graph::verb::Act;
use foundation::identity::Principal;

/// Numbers of payments.
pub const PAYMENT_NUMBERS: Numbered = Numbered {
    document: "payment_intent",
    prefix: "PAY",
};
/// Numbers of refunds.
pub const REFUND_NUMBERS: Numbered = Numbered {
    document: "refund",
    prefix: "RF",
};
/// Numbers of payouts.
pub const PAYOUT_NUMBERS: Numbered = Numbered {
    document: "payout",
    prefix: "PO",
};
/// Numbers of transfers.
pub const TRANSFER_NUMBERS: Numbered = Numbered {
    document: "payment_transfer",
    prefix: "TR",
};

// Tips are paid with what is bought, and not for it.
const PAID: &str = "select coalesce(sum(greatest(i.captured_minor - i.refund_reserved_minor - i.dispute_reserved_minor \
      - coalesce((select sum(t.tip_minor) from payments.payment_intent_tenders t \
          where t.biz_id = i.biz_id and t.intent_id = i.id and t.status = 'succeeded'), 0), 0)), 0)::bigint \
    from payments.payment_intents i \
    where i.biz_id = $1 and i.source_type = $2 and i.source_id = $3";

/// What was paid for something so far, less what goes back or is disputed, and without tips: in minor
/// units of its currency.
pub async fn paid_for(scope: &Scope, entity: &str, id: Uuid) -> Result<i64, Error> {
    let values = [scope.biz_id().into(), entity.into(), id.into()];
    let row = scope.query_opt(PAID, &values).await?;
    Ok(row
        .map(|row| row.try_get(0))
        .transpose()?
        .unwrap_or_default())
}

const LIMIT: &str = "select coalesce(bool_or(p.limit_minor is null), true), max(p.limit_minor) filter (where p.currency = $4::text) \
    from identity.members m \
    join identity.member_roles r on r.biz_id = m.biz_id and r.member_id = m.id \
    join identity.role_permissions p on p.biz_id = r.biz_id and p.role_id = r.role_id and p.permission_code = $3 \
    where m.biz_id = $1 and m.id = $2";

/// The most that the caller may use a permission for at a time, by the limits of their roles; none
/// where there is no limit. A limit in another currency is none of this one: nothing is allowed.
pub async fn limit(act: &Act<'_>, permission: &str, currency: &str) -> Result<Option<i64>, Error> {
    let member = act.principal().ok().and_then(Principal::member_id);
    let Some(member) = member else {
        return Ok(None);
    };
    let values: [Value; 4] = [
        act.scope.biz_id().into(),
        member.into(),
        permission.into(),
        currency.into(),
    ];
    let Some(row) = act.scope.query_opt(LIMIT, &values).await? else {
        return Ok(None);
    };
    if row.try_get(0)? {
        return Ok(None);
    }
    let most: Option<i64> = row.try_get(1)?;
    Ok(Some(most.unwrap_or_default()))
}

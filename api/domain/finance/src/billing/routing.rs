//! Where a charge goes: by the rules of the folio, of its guest and of the account behind it.

use chrono::NaiveDate;
use uuid::Uuid;

use super::folio_open::{NewFolio, open};
use super::rules::Gross;
use foundation::database::{Database, Error, Scope};

/// How many rules a charge follows one after the other at most: they never lead in a circle.
const MOST_HOPS: usize = 8;

/// A part of a charge, and the folio it goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Routed {
    /// The folio.
    pub folio_id: Uuid,
    /// The rule by which it goes there; none where it was made there.
    pub rule_id: Option<Uuid>,
    /// How much of the charge.
    pub part: Gross,
}

/// A charge that is on its way.
#[derive(Clone, Debug)]
pub struct Charge<'a> {
    /// Its category.
    pub category: Option<&'a str>,
    /// Its currency.
    pub currency: &'a str,
    /// The day of business.
    pub day: NaiveDate,
    /// The whole of it.
    pub whole: Gross,
}

const RULES: &str = "select r.id, r.to_folio_id, r.to_billing_account_id, r.limit_minor - r.routed_minor, f.location_id, \
      f.booking_order_id, t.status::text \
    from billing.folios f \
    join billing.folio_routing_rules r on r.biz_id = f.biz_id and r.deleted_at is null and r.currency = $3 \
      and (r.from_folio_id = f.id or r.from_customer_id = f.owner_customer_id or r.from_billing_account_id = f.billing_account_id) \
    left join billing.folios t on t.biz_id = r.biz_id and t.id = r.to_folio_id \
    where f.biz_id = $1 and f.id = $2 and (cardinality(r.categories) = 0 or $4 = any(r.categories)) \
      and r.starts_on <= $5 and (r.ends_on is null or r.ends_on > $5) \
      and (r.limit_minor is null or r.limit_minor > r.routed_minor) and r.to_folio_id is distinct from f.id \
      and (r.to_billing_account_id is null or r.to_billing_account_id is distinct from f.billing_account_id) \
    order by r.priority desc, r.id for no key update of r";

const TAKE: &str = "update billing.folio_routing_rules set routed_minor = routed_minor + $3 \
    where biz_id = $1 and id = $2";

/// Divides a charge that is made on a folio by the rules, each up to its limit, the one of the highest
/// priority first; what no rule takes stays. The rules are locked, and count what they took.
pub async fn route(
    scope: &Scope,
    database: &Database,
    folio_id: Uuid,
    charge: &Charge<'_>,
) -> Result<Vec<Routed>, Error> {
    let mut arrived = Vec::new();
    let mut moving = vec![Routed {
        folio_id,
        rule_id: None,
        part: charge.whole,
    }];
    for _ in 0..MOST_HOPS {
        let mut next = Vec::new();
        for routed in moving {
            let (stays, goes) = hop(scope, database, routed, charge).await?;
            arrived.extend(stays);
            next.extend(goes);
        }
        moving = next;
        if moving.is_empty() {
            break;
        }
    }
    arrived.extend(moving);
    Ok(arrived)
}

/// What of a part stays on its folio, and what goes on from there.
async fn hop(
    scope: &Scope,
    database: &Database,
    routed: Routed,
    charge: &Charge<'_>,
) -> Result<(Option<Routed>, Vec<Routed>), Error> {
    let values = [
        scope.biz_id().into(),
        routed.folio_id.into(),
        charge.currency.into(),
        charge.category.map(str::to_owned).into(),
        charge.day.into(),
    ];
    let mut left = routed.part;
    let mut goes = Vec::new();
    for row in scope.query(RULES, &values).await? {
        let room: Option<i64> = row.try_get(3)?;
        let amount = room.map_or(left.amount_minor, |room| room.min(left.amount_minor));
        let status: Option<&str> = row.try_get(6)?;
        // A folio that is closed takes nothing: the charge stays where it was made.
        if amount <= 0 || status.is_some_and(|status| status != "open") {
            continue;
        }
        let rule_id: Uuid = row.try_get(0)?;
        let to = match (row.try_get(1)?, row.try_get(2)?) {
            (Some(folio_id), _) => folio_id,
            (None, Some(account_id)) => {
                let place = (row.try_get(4)?, row.try_get(5)?);
                folio_of(scope, database, account_id, place, charge.currency).await?
            }
            (None, None) => continue,
        };
        let (part, rest) = left.cut(amount);
        left = rest;
        let values = [
            scope.biz_id().into(),
            rule_id.into(),
            part.amount_minor.into(),
        ];
        scope.execute(TAKE, &values).await?;
        goes.push(Routed {
            folio_id: to,
            rule_id: Some(rule_id),
            part,
        });
        if left.amount_minor == 0 {
            break;
        }
    }
    let stays = (left.amount_minor > 0).then_some(Routed {
        part: left,
        ..routed
    });
    Ok((stays, goes))
}

const FOLIO_OF: &str = "select f.id from billing.folios f \
    where f.biz_id = $1 and f.billing_account_id = $2 and f.location_id = $3 and f.currency = $4 and f.status = 'open' \
      and f.booking_order_id is not distinct from $5 \
    order by f.kind <> 'external', f.id limit 1";

/// The open folio of an account for a booking; opened where there is none.
async fn folio_of(
    scope: &Scope,
    database: &Database,
    account_id: Uuid,
    (location_id, booking_order_id): (Uuid, Option<Uuid>),
    currency: &str,
) -> Result<Uuid, Error> {
    let values = [
        scope.biz_id().into(),
        account_id.into(),
        location_id.into(),
        currency.into(),
        booking_order_id.into(),
    ];
    if let Some(row) = scope.query_opt(FOLIO_OF, &values).await? {
        return Ok(row.try_get(0)?);
    }
    let new = NewFolio {
        kind: "external",
        location_id,
        booking_order_id,
        stay_id: None,
        owner_customer_id: None,
        billing_account_id: Some(account_id),
        name: None,
        currency: currency.to_owned(),
        credit_limit_minor: None,
    };
    open(scope, Some(database), new).await
}

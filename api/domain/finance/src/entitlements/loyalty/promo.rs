//! `promoCodeRedeem` and `promoCodeReverse`: promotion codes that give credits. Those that give a discount
//! are entered when something is priced.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, TimeDelta, Utc};
use entities::booking::booking_order;
use entities::crm::customer;
use entities::entitlements::promo_code_use;
use sea_orm::Value;
use uuid::Uuid;

use super::reward_store::{take_back_grant, wallet_for};
use crate::entitlements::wallet::grants::{NewGrant, give};
use crate::entitlements::wallet::locked::{Wallet, lock_one};
use crate::entitlements::work::{Work, place_of};
use crate::entitlements::{ADJUST, REDEEM};
use foundation::database::new_id;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Gives a customer the credits of a promotion code, within its time and limits, however many ask at once.
#[derive(InputObject)]
pub struct PromoCodeRedeemInput {
    /// The code; capitals and small letters are the same.
    pub code: String,
    /// The customer.
    pub customer_id: Id<customer::Entity>,
    /// The order it is used with; once for the customer if not given.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
}

/// Why nothing was given.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PromoCodeRedeemErrorCode")]
pub enum PromoCodeRedeemProblem {
    /// There is no such code, or it is not its time.
    NotValid,
    /// It gives a discount: it is entered when something is priced.
    GivesDiscount,
    /// It was used as often as it can be.
    LimitReached,
    /// This customer used it as often as one customer can, or used it here already.
    AlreadyUsed,
    /// The customer takes part in no loyalty programme that could hold the points.
    NoWallet,
}

use PromoCodeRedeemProblem as Problem;

/// The verb `promoCodeRedeem`.
pub struct PromoCodeRedeem;

const LOCK: &str = "select c.id, c.discount_id is not null, c.grant_unit::text, c.grant_quantity, c.currency::text, c.grant_valid_days, \
      c.terms_id, c.is_active, c.starts_at, c.ends_at \
    from entitlements.promo_codes c where c.biz_id = $1 and upper(c.code) = upper($2) and c.deleted_at is null for no key update";
const USE: &str = "with used as ( \
      update entitlements.promo_codes set used_count = used_count + 1 where biz_id = $1 and id = $2) \
    insert into entitlements.promo_code_uses (biz_id, id, promo_code_id, customer_id, used_at, source_type, source_id) \
    values ($1, $3, $2, $4, $5, $6, $7)";

impl Verb for PromoCodeRedeem {
    type Input = PromoCodeRedeemInput;
    type Problem = Problem;

    const NAME: &'static str = "promoCodeRedeem";
    const PERMISSION: Permission = Permission::Holds(REDEEM);
    const EVENT: Option<&'static str> = Some("promo_code.redeemed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("use", "PromoCodeUse", "The use of the code."),
        Part::Row("grant", "EntitlementGrant", "The credits."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("promo_codes_used_check", Problem::LimitReached),
        ("promo_code_uses_per_customer_check", Problem::AlreadyUsed),
        ("promo_code_uses_source_key", Problem::AlreadyUsed),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (work, place) = (Work::of(act), place_of(act, REDEEM, None).await?);
        let invalid = || {
            Fault::at(
                Problem::NotValid,
                "code",
                "There is no such code, or it is not its time.",
            )
        };
        let values = [act.scope.biz_id().into(), input.code.trim().into()];
        let row = act
            .scope
            .query_opt(LOCK, &values)
            .await?
            .ok_or_else(invalid)?;
        let (starts, ends): (Option<DateTime<Utc>>, Option<DateTime<Utc>>) =
            (row.try_get(8)?, row.try_get(9)?);
        let now = act.scope.now();
        let in_time = starts.is_none_or(|start| start <= now) && ends.is_none_or(|end| now < end);
        if !row.try_get::<_, bool>(7)? || !in_time {
            return Err(invalid());
        }
        if row.try_get(1)? {
            let text = "This code gives a discount: it is entered when something is priced.";
            return Err(Fault::at(Problem::GivesDiscount, "code", text));
        }
        let (unit, currency): (String, Option<String>) = (row.try_get(2)?, row.try_get(4)?);
        let customer = input.customer_id.uuid();
        let mut wallet = wallet(work, customer, &unit, currency.as_deref()).await?;
        let id = new_id();
        let (source_type, source_id) = match input.booking_order_id {
            Some(order) => ("BookingOrder", order.uuid()),
            None => ("Customer", customer),
        };
        let values: [Value; 7] = [
            act.scope.biz_id().into(),
            row.try_get::<_, Uuid>(0)?.into(),
            id.into(),
            customer.into(),
            now.into(),
            source_type.into(),
            source_id.into(),
        ];
        act.scope.execute(USE, &values).await?;
        let days: Option<i32> = row.try_get(5)?;
        let grant = NewGrant {
            ends_at: days.map(|days| place.start_of(place.today() + TimeDelta::days(days.into()))),
            terms_id: row.try_get(6)?,
            source: Some(("PromoCodeUse".to_owned(), id)),
            key: Some(format!("promo/{id}")),
            ..NewGrant::new("promo", row.try_get(3)?, now)
        };
        let grant = give(work, &place, &mut wallet, &grant).await?;
        Ok(Outcome::row("use", id).and_row("grant", grant))
    }
}

/// The wallet that the code fills, locked.
async fn wallet(
    work: Work<'_>,
    customer: Uuid,
    unit: &str,
    currency: Option<&str>,
) -> Result<Wallet, Fault<Problem>> {
    let found = match wallet_for(work, customer, unit, currency).await? {
        Some(id) => lock_one(work.scope, id).await?,
        None => None,
    };
    found.ok_or_else(|| {
        let text = "The customer takes part in no loyalty programme that could hold the points.";
        Fault::problem(Problem::NoWallet, text)
    })
}

/// Takes back a use of a promotion code, as of an order that was cancelled: it counts no more, and what is
/// left of its credits is gone.
#[derive(InputObject)]
pub struct PromoCodeReverseInput {
    /// The use.
    pub id: Id<promo_code_use::Entity>,
    /// Why it is taken back.
    pub reason: String,
}

/// Why it was not taken back.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PromoCodeReverseErrorCode")]
pub enum PromoCodeReverseProblem {
    /// It was taken back already.
    WrongStatus,
    /// Some of its credits are held for a cart or an authorization.
    Held,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb `promoCodeReverse`.
pub struct PromoCodeReverse;

const LOCK_USE: &str = "select u.promo_code_id, u.reversed_at is not null, \
      (select g.id from entitlements.grants g where g.biz_id = $1 and g.source_type = 'PromoCodeUse' and g.source_id = u.id limit 1) \
    from entitlements.promo_code_uses u \
    join entitlements.promo_codes c on c.biz_id = u.biz_id and c.id = u.promo_code_id \
    where u.biz_id = $1 and u.id = $2 for no key update";
const REVERSE: &str = "with code as ( \
      update entitlements.promo_codes set used_count = used_count - 1 where biz_id = $1 and id = $2) \
    update entitlements.promo_code_uses set reversed_at = greatest($4, used_at) where biz_id = $1 and id = $3";

impl Verb for PromoCodeReverse {
    type Input = PromoCodeReverseInput;
    type Problem = PromoCodeReverseProblem;

    const NAME: &'static str = "promoCodeReverse";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("promo_code.reversed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "use",
        "PromoCodeUse",
        "The use, which counts no more.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason = Fault::unless_said(PromoCodeReverseProblem::ReasonRequired, &input.reason)?;
        let (work, place) = (Work::of(act), place_of(act, ADJUST, None).await?);
        let keys = [act.scope.biz_id().into(), input.id.uuid().into()];
        let row = act.scope.query_opt(LOCK_USE, &keys).await?;
        let row = row.ok_or_else(|| Fault::not_found("use of a promotion code"))?;
        if row.try_get(1)? {
            let text = "It was taken back already.";
            return Err(Fault::at(PromoCodeReverseProblem::WrongStatus, "id", text));
        }
        if let Some(grant) = row.try_get(2)? {
            let source = ("PromoCodeUse", input.id.uuid());
            if take_back_grant(work, &place, grant, source, reason)
                .await?
                .is_none()
            {
                let text = "Some of its credits are held for a cart or an authorization.";
                return Err(Fault::at(PromoCodeReverseProblem::Held, "id", text));
            }
        }
        let values: [Value; 4] = [
            act.scope.biz_id().into(),
            row.try_get::<_, Uuid>(0)?.into(),
            input.id.uuid().into(),
            act.scope.now().into(),
        ];
        act.scope.execute(REVERSE, &values).await?;
        Ok(Outcome::row("use", input.id.uuid()))
    }
}

//! `giftCardBalance`: what is on a card, for whoever has its code.

use async_graphql::{InputObject, SimpleObject};
use entities::entitlements::domains;

use super::code::normal;
use foundation::choices;
use foundation::graph::failure::{Code, Failure};
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Choice, Instant, Money};
use foundation::graph::verb::Permission;

choices! {
    /// Where a gift card stands.
    GiftStatus = domains::GIFT_STATUS;
}

/// What is on a gift card, for whoever has its code. After several wrong codes or PINs the next try
/// must wait.
#[derive(InputObject)]
pub struct GiftCardBalanceInput {
    /// The short name of the business that issued it.
    pub biz_slug: String,
    /// The code.
    pub code: String,
    /// The PIN, where the card has one.
    pub pin: Option<String>,
}

/// What is on a gift card.
#[derive(SimpleObject)]
pub struct GiftCardBalance {
    /// What can be used of it now.
    pub available: Money,
    /// What is on it, with what is held for carts.
    pub balance: Money,
    /// Where it stands.
    pub status: Choice<GiftStatus>,
    /// The last four signs of its code.
    pub code_last4: String,
    /// From this instant on it cannot be used; none means never.
    pub expires_at: Option<Instant>,
}

const FIND: &str = "select i.status::text, i.currency::text, i.balance_minor, i.code_last4, i.expires_at, i.pin_phc, \
      i.balance_minor - (select coalesce(sum(h.quantity), 0)::bigint from entitlements.value_holds h \
        where h.biz_id = i.biz_id and h.gift_instrument_id = i.id and h.status = 'held' and h.expires_at > $3) \
    from entitlements.gift_instruments i where i.biz_id = $1 and i.code_hash = $2";

/// The question.
pub struct AskGiftCardBalance;

impl Question for AskGiftCardBalance {
    type Input = GiftCardBalanceInput;
    type Answer = GiftCardBalance;

    const NAME: &'static str = "giftCardBalance";
    const PERMISSION: Permission = Permission::Anyone;

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<GiftCardBalance, Failure> {
        let shared = &look.session.shared;
        let address = look.session.client.ip.as_deref();
        // One bucket for all codes of a business: whoever guesses tries many codes, not one often.
        let name = format!("gift card of {}", input.biz_slug);
        let attempt = shared.identity.attempts.admit(Some(&name), address).await?;
        let none = || {
            Failure::new(
                Code::NotFound,
                "There is no gift card with this code and PIN.",
            )
        };
        let row = find(look, &input).await?.ok_or_else(none)?;
        let get =
            |error: tokio_postgres::Error| Failure::from(foundation::database::Error::from(error));
        let pin: Option<String> = row.try_get(5).map_err(get)?;
        if let Some(pin) = &pin {
            let given = input.pin.as_deref().unwrap_or_default();
            if !shared.identity.passwords.matches(given, Some(pin)).await? {
                return Err(none());
            }
        }
        attempt.turned_out_well();
        let (status, currency): (String, String) =
            (row.try_get(0).map_err(get)?, row.try_get(1).map_err(get)?);
        let ends: Option<chrono::DateTime<chrono::Utc>> = row.try_get(4).map_err(get)?;
        let usable = status == "active" && ends.is_none_or(|end| end > look.scope.now());
        let free: i64 = row.try_get(6).map_err(get)?;
        let money = |minor| Money {
            minor,
            currency: currency.clone(),
        };
        Ok(GiftCardBalance {
            available: money(if usable { free } else { 0 }),
            balance: money(row.try_get(2).map_err(get)?),
            status: Choice::of(&status).ok_or_else(|| Failure::internal("an unknown status"))?,
            code_last4: row.try_get(3).map_err(get)?,
            expires_at: ends.map(Instant),
        })
    }
}

async fn find(
    look: &Look<'_>,
    input: &GiftCardBalanceInput,
) -> Result<Option<tokio_postgres::Row>, Failure> {
    let Some(code) = normal(&input.code) else {
        return Ok(None);
    };
    let sql = "select b.id from core.bizes b where b.slug = $1";
    let Some(row) = look
        .scope
        .query_opt(sql, &[input.biz_slug.as_str().into()])
        .await?
    else {
        return Ok(None);
    };
    let biz: uuid::Uuid = row.try_get(0).map_err(foundation::database::Error::from)?;
    let hash = look.session.shared.sealer.blind_index(biz, &code);
    let values = [biz.into(), hash.into(), look.scope.now().into()];
    Ok(look.scope.query_opt(FIND, &values).await?)
}

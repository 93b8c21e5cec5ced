//! `giftCardIssue`.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Months, NaiveDate, Utc};
use entities::booking::booking_order;
use entities::core::location;
use entities::crm::customer;
use entities::entitlements::gift_product;
use sea_orm::Value;
use uuid::Uuid;

use super::code;
use super::locked::{Activity, act as write, book, lock};
use crate::entitlements::SELL;
use crate::entitlements::books::Account;
use crate::entitlements::choices::GiftKind;
use crate::entitlements::work::{Place, Work, place_of};
use foundation::database::{Numbered, new_id};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Choice, Day, Id, Instant, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Numbers of gift cards.
const NUMBERS: Numbered = Numbered {
    document: "gift_instrument",
    prefix: "GC",
};

/// Makes a gift card or voucher. Its code, and its PIN where it has one, are shown once, and never
/// again. Unless it is to wait for its payment, it can be used at once: its value is taken from the
/// customer's deposits, where the payment for it lies.
#[derive(InputObject)]
pub struct GiftCardIssueInput {
    /// The product it is sold as; none for one of a free amount.
    pub gift_product_id: Option<Id<gift_product::Entity>>,
    /// What it is worth.
    pub amount: MoneyInput,
    /// What form it has; that of the product, or a card.
    pub kind: Option<Choice<GiftKind>>,
    /// A code that is printed on it already, of 8 letters and digits at least; made up if not given.
    pub code: Option<String>,
    /// Whether it waits to be activated, as it is not paid yet.
    pub is_pending: Option<bool>,
    /// Whether nobody paid for it: the business gives it.
    pub is_given: Option<bool>,
    /// The customer who buys it.
    pub purchaser_id: Option<Id<customer::Entity>>,
    /// The customer who gets it, where known.
    pub holder_id: Option<Id<customer::Entity>>,
    /// The name of whom it is for.
    pub recipient_name: Option<String>,
    /// The mail address or telephone number it is sent to.
    pub recipient_contact: Option<String>,
    /// What the purchaser writes to the recipient.
    pub message: Option<String>,
    /// When it is to be sent; handed over if not given.
    pub deliver_at: Option<Instant>,
    /// The first day on which it cannot be used any more; by the product's months, or never.
    pub expires_on: Option<Day>,
    /// The location that sells it.
    pub location_id: Option<Id<location::Entity>>,
    /// The order it is sold with.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
}

/// Why no gift card was made.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "GiftCardIssueErrorCode")]
pub enum GiftCardIssueProblem {
    /// The product is not sold, or not in this currency or for this amount.
    NotOffered,
    /// The code is too short or has other signs than letters and digits.
    InvalidCode,
    /// Another gift card has this code.
    CodeTaken,
    /// It would have expired already.
    ExpiresInPast,
}

use GiftCardIssueProblem as Problem;

/// The verb.
pub struct GiftCardIssue;

#[derive(Default)]
struct Product {
    kind: Option<String>,
    months: Option<u32>,
    requires_pin: bool,
}

impl Verb for GiftCardIssue {
    type Input = GiftCardIssueInput;
    type Problem = Problem;

    const NAME: &'static str = "giftCardIssue";
    const PERMISSION: Permission = Permission::Holds(SELL);
    const EVENT: Option<&'static str> = Some("gift_card.issued");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "giftInstrument",
            "GiftInstrument",
            "The gift card, without its code.",
        ),
        Part::Secret(
            "code",
            "String",
            "The code that pays. It is shown only now.",
        ),
        Part::Secret(
            "pin",
            "String",
            "The PIN, where the product has one. It is shown only now.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("gift_instruments_code_hash_key", Problem::CodeTaken)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (work, place) = (
            Work::of(act),
            place_of(act, SELL, input.location_id.map(|id| id.uuid())).await?,
        );
        if input.amount.minor <= 0 {
            return Err(Failure::input("A gift card is worth more than nothing.").into());
        }
        let product = product(act, &input).await?;
        let shown = match &input.code {
            Some(code) => code.clone(),
            None => code::random()?,
        };
        let normal = code::normal(&shown).ok_or_else(|| {
            let text = "A code has 8 to 64 letters and digits.";
            Fault::at(Problem::InvalidCode, "code", text)
        })?;
        let pin = if product.requires_pin {
            Some(code::random_pin()?)
        } else {
            None
        };
        let expires_at = expiry(&place, &input, &product);
        if expires_at.is_some_and(|end| end <= act.scope.now()) {
            let text = "It would have expired already.";
            return Err(Fault::at(Problem::ExpiresInPast, "expiresOn", text));
        }
        let id = insert(act, &input, &product, &normal, pin.as_deref(), expires_at).await?;
        if input.is_pending != Some(true) {
            let from = if input.is_given == Some(true) {
                Account::Given
            } else {
                Account::Deposits
            };
            activate(work, &place, id, from).await?;
        }
        let outcome = Outcome::row("giftInstrument", id).and_value("code", shown);
        let outcome = match pin {
            Some(pin) => outcome.and_value("pin", pin),
            None => outcome,
        };
        Ok(outcome
            .detail("amount_minor", input.amount.minor)
            .detail("currency", input.amount.currency))
    }
}

const PRODUCT: &str = "select p.kind::text, p.validity_months, p.requires_pin, \
      p.is_active and p.currency = $3 and $4 between p.min_minor and p.max_minor \
        and (p.offered_amounts = '{}' or $4 = any (p.offered_amounts)) \
    from entitlements.gift_products p where p.biz_id = $1 and p.id = $2 and p.deleted_at is null";

async fn product(act: &Act<'_>, input: &GiftCardIssueInput) -> Result<Product, Fault<Problem>> {
    let Some(id) = input.gift_product_id else {
        return Ok(Product::default());
    };
    let values = [
        act.scope.biz_id().into(),
        id.uuid().into(),
        input.amount.currency.as_str().into(),
        input.amount.minor.into(),
    ];
    let row = act.scope.query_opt(PRODUCT, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("gift product"))?;
    if !row.try_get::<_, bool>(3)? {
        let text = "This product is not sold, or not in this currency or for this amount.";
        return Err(Fault::at(Problem::NotOffered, "amount", text));
    }
    let months: Option<i32> = row.try_get(1)?;
    Ok(Product {
        kind: row.try_get(0)?,
        months: months.and_then(|months| u32::try_from(months).ok()),
        requires_pin: row.try_get(2)?,
    })
}

/// When a card of a product ends that is put into use on a day: so many months later, when that day
/// begins where it was sold.
pub(super) fn end_after(place: &Place, day: NaiveDate, months: u32) -> Option<DateTime<Utc>> {
    let end = day.checked_add_months(Months::new(months))?;
    Some(place.start_of(end))
}

fn expiry(place: &Place, input: &GiftCardIssueInput, product: &Product) -> Option<DateTime<Utc>> {
    match input.expires_on {
        Some(day) => Some(place.start_of(day.0)),
        None if input.is_pending == Some(true) => None,
        None => end_after(place, place.today(), product.months?),
    }
}

const INSERT: &str = "insert into entitlements.gift_instruments (biz_id, id, number, gift_product_id, kind, code_hash, code_last4, \
      pin_phc, currency, initial_minor, purchaser_id, holder_id, recipient_name_enc, recipient_contact_enc, \
      recipient_contact_bidx, message, deliver_at, expires_at, location_id, source_type, source_id) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";

async fn insert(
    act: &Act<'_>,
    input: &GiftCardIssueInput,
    product: &Product,
    normal: &str,
    pin: Option<&str>,
    expires_at: Option<DateTime<Utc>>,
) -> Result<Uuid, Fault<Problem>> {
    let (id, biz) = (new_id(), act.scope.biz_id());
    let (sealer, identity) = (&act.session.shared.sealer, &act.session.shared.identity);
    let seal = |text: &Option<String>| {
        text.as_deref()
            .map(|text| sealer.seal(biz, text))
            .transpose()
    };
    let kind = input.kind.as_ref().map(|kind| kind.0.to_owned());
    let pin = match pin {
        Some(pin) => Some(identity.passwords.digest(pin).await?),
        None => None,
    };
    let contact = input.recipient_contact.as_deref();
    let source = input
        .booking_order_id
        .map(|id| ("BookingOrder", id.uuid()))
        .unzip();
    let values: [Value; 21] = [
        biz.into(),
        id.into(),
        Work::of(act).number(NUMBERS).await?.into(),
        input.gift_product_id.map(|id| id.uuid()).into(),
        kind.or_else(|| product.kind.clone())
            .unwrap_or_else(|| "card".to_owned())
            .into(),
        sealer.blind_index(biz, normal).into(),
        code::last_four(normal).into(),
        pin.into(),
        input.amount.currency.as_str().into(),
        input.amount.minor.into(),
        input.purchaser_id.map(|id| id.uuid()).into(),
        input.holder_id.map(|id| id.uuid()).into(),
        seal(&input.recipient_name)?.into(),
        seal(&input.recipient_contact)?.into(),
        contact
            .map(|contact| sealer.blind_index(biz, contact))
            .into(),
        input.message.clone().into(),
        input.deliver_at.map(|instant| instant.0).into(),
        expires_at.into(),
        input.location_id.map(|id| id.uuid()).into(),
        source.0.map(str::to_owned).into(),
        source.1.into(),
    ];
    act.scope.execute(INSERT, &values).await?;
    Ok(id)
}

/// Puts a new card into use with its first value.
pub(super) async fn activate(
    work: Work<'_>,
    place: &Place,
    id: Uuid,
    from: Account,
) -> Result<(), foundation::database::Error> {
    let Some(mut card) = lock(work.scope, id).await? else {
        return Ok(());
    };
    let sql =
        "update entitlements.gift_instruments set activated_at = $3 where biz_id = $1 and id = $2";
    let values = [work.biz_id().into(), id.into(), work.now().into()];
    work.scope.execute(sql, &values).await?;
    let activity = Activity {
        kind: "activate",
        by: card.initial,
        status: "active",
        note: None,
        source: None,
    };
    write(work, place, &mut card, &activity).await?;
    let initial = card.initial;
    book(work, place, &mut card, ("Gift card issued", from), initial).await
}

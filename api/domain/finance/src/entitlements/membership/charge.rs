//! `membershipCharge`: what a period costs is taken by the way to pay that the member left, once a
//! period; and what becomes of the membership when it is taken, or declined.

use async_graphql::InputObject;
use chrono::NaiveDate;
use entities::entitlements::membership;
use uuid::Uuid;

use super::credits::give_period;
use super::locked::{Happened, Member, happened, read};
use crate::entitlements::MANAGE;
use crate::entitlements::work::Work;
use crate::payments::create::{self, PAYLOAD, Written, begin_unattended};
use crate::payments::locked::{self as payment, Intent};
use crate::payments::replace::pay_otherwise;
use crate::payments::tenders::{
    self, CONSTRAINTS, MethodKind, PaymentProblem as Problem, PaymentTenderInput, Whole,
};
use foundation::database::{Error, Scope, new_id};
use foundation::graph::scalars::{Choice, Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Takes what a period of a membership costs by the way to pay that the member left: a card, a wallet, a
/// gift card. A period is charged once, whoever asks; the clock work does it as soon as a period begins.
/// What is declined makes the membership overdue; it can be paid otherwise on the same payment, and
/// asked for again, which the clock work does after one, three, five and seven days more.
#[derive(InputObject)]
pub struct MembershipChargeInput {
    /// The membership.
    pub id: Id<membership::Entity>,
    /// The first day of the period that is paid.
    pub period_starts_on: Day,
}

/// The verb.
pub struct MembershipCharge;

// What a period costs is written down when it begins.
const OWED: &str = "select e.proration_minor, e.period_ends_on from entitlements.membership_events e \
    where e.biz_id = $1 and e.membership_id = $2 and e.period_starts_on = $3 and e.proration_minor > 0 \
      and e.kind in ('activated', 'enrolled', 'renewed') \
    order by e.occurred_at desc, e.id desc limit 1";

const METHOD: &str = "select m.id, m.kind::text, m.customer_id from payments.payment_methods m \
      join entitlements.memberships s on s.biz_id = m.biz_id and s.payment_method_id = m.id \
    where s.biz_id = $1 and s.id = $2 and m.status = 'active' and m.deleted_at is null";

/// The key under which a period is charged once.
fn key(id: Uuid, starts_on: NaiveDate) -> String {
    format!("membership/{id}/{starts_on}")
}

impl Verb for MembershipCharge {
    type Input = MembershipChargeInput;
    type Problem = Problem;

    const NAME: &'static str = "membershipCharge";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("membership.charged");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let member = super::locked_for::<Problem>(act, input.id.uuid()).await?;
        let day = input.period_starts_on.0;
        let key = key(member.id, day);
        let known = charged(act.scope, &key).await?;
        let is_declined = |intent: &Intent| intent.status == "requires_payment_method";
        let (intent_id, minor, tries) = match known {
            None => first(act, &member, day, &key).await?,
            Some(intent) if is_declined(&intent) => {
                let part = part(act, member.id).await?;
                let (intent_id, minor) = (intent.id, intent.amount);
                let tries = pay_otherwise(act, intent, &[part], false).await?;
                (intent_id, minor, tries)
            }
            Some(intent) => return Ok(Outcome::row("paymentIntent", intent.id)),
        };
        let outcome = Outcome::row("paymentIntent", intent_id)
            .detail("amount_minor", minor)
            .detail("currency", member.currency)
            .detail("membership_id", member.id.to_string());
        begin_unattended(act, intent_id, tries, outcome).await
    }
}

/// The payment of a period, the first time it is asked for: its id, how much it is of, its try.
async fn first(
    act: &Act<'_>,
    member: &Member,
    day: NaiveDate,
    key: &str,
) -> Result<(Uuid, i64, Vec<Uuid>), Fault<Problem>> {
    let keys = [act.scope.biz_id().into(), member.id.into(), day.into()];
    let row = act.scope.query_opt(OWED, &keys).await?;
    let row = row.ok_or_else(|| {
        let message = "Nothing is owed for a period that begins on this day.";
        Fault::at(Problem::WrongAmount, "periodStartsOn", message)
    })?;
    let (minor, ends_on): (i64, Option<NaiveDate>) = (row.try_get(0)?, row.try_get(1)?);
    let part = part(act, member.id).await?;
    let whole = Whole {
        intent_id: new_id(),
        amount: minor,
        currency: member.currency.clone(),
        capture_mode: "automatic".to_owned(),
        location_id: member.location_id,
        customer_id: member.customer_id,
        first_seq: 1,
        may_prefer: false,
    };
    let until = ends_on.map_or_else(String::new, |end| format!(" to {end}"));
    let text = format!("Membership from {day}{until}");
    let of = Written {
        subject: Some(("Membership", member.id)),
        status: "requires_confirmation",
        description: Some(&text),
        statement_descriptor: None,
        key: Some(key),
    };
    create::write(act, &whole, &of).await?;
    let tries = tenders::write(act, &whole, &[part]).await?;
    Ok((whole.intent_id, minor, tries))
}

/// The payment of a period, locked; none where it was not asked for yet.
async fn charged(scope: &Scope, key: &str) -> Result<Option<Intent>, Error> {
    let sql = "select i.id from payments.payment_intents i where i.biz_id = $1 and i.idempotency_key = $2";
    let values = [scope.biz_id().into(), key.into()];
    match scope.query_opt(sql, &values).await? {
        Some(row) => payment::lock(scope, row.try_get(0)?).await,
        None => Ok(None),
    }
}

/// The part of the payment: all of it, by the way to pay that the member left.
async fn part(act: &Act<'_>, id: Uuid) -> Result<PaymentTenderInput, Fault<Problem>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(METHOD, &values).await?;
    let row = row.ok_or_else(|| {
        let message = "The member left no way to pay that can be used.";
        Fault::at(Problem::InstrumentUnusable, "id", message)
    })?;
    let kind: Option<Choice<MethodKind>> = Choice::of(row.try_get(1)?);
    let kind = kind.ok_or_else(|| Fault::not_found("way to pay"))?;
    Ok(PaymentTenderInput {
        payment_method_id: Some(Id::new(row.try_get(0)?)),
        // Who left it may be another than the member, such as a parent.
        payer_customer_id: Some(Id::new(row.try_get(2)?)),
        ..PaymentTenderInput::of(kind, None)
    })
}

/// A payment for a membership was taken: one that waited for it begins, and one that was overdue runs
/// again. For payments, in their transaction.
pub async fn paid(scope: &Scope, id: Uuid, intent_id: Uuid) -> Result<(), Error> {
    let Some(member) = read(scope, id, true).await? else {
        return Ok(());
    };
    let kind = match member.status.as_str() {
        "incomplete" => "activated",
        "past_due" => "recovered",
        _ => return Ok(()),
    };
    let sql = "update entitlements.memberships set status = 'active', past_due_since = null where biz_id = $1 and id = $2";
    scope
        .execute(sql, &[scope.biz_id().into(), id.into()])
        .await?;
    let event = Happened {
        kind,
        period: Some(member.period),
        source: Some(("PaymentIntent", intent_id)),
        ..Happened::default()
    };
    happened(scope, id, &event).await?;
    if kind == "activated" {
        let whole = member.rhythm().whole(member.period.starts_on);
        give_period(Work::within(scope), &member, (member.period, whole), &[]).await?;
    }
    Ok(())
}

/// A payment for a membership was declined: it is overdue from today on, or still.
pub async fn declined(scope: &Scope, id: Uuid, message: &str) -> Result<(), Error> {
    let Some(member) = read(scope, id, true).await? else {
        return Ok(());
    };
    match member.status.as_str() {
        "active" | "trialing" => overdue(scope, &member, Some(message)).await.map(drop),
        "past_due" => failed(scope, &member, Some(message)).await,
        _ => Ok(()),
    }
}

/// Lets a membership be overdue from today on, by the member's calendar.
pub async fn overdue(
    scope: &Scope,
    member: &Member,
    note: Option<&str>,
) -> Result<NaiveDate, Error> {
    let sql = "update entitlements.memberships set status = 'past_due', past_due_since = $3 where biz_id = $1 and id = $2";
    let today = member.today(scope.now());
    let values = [scope.biz_id().into(), member.id.into(), today.into()];
    scope.execute(sql, &values).await?;
    failed(scope, member, note).await?;
    Ok(today)
}

/// Writes down that a payment was not made: the next try waits for longer with each.
async fn failed(scope: &Scope, member: &Member, note: Option<&str>) -> Result<(), Error> {
    let event = Happened {
        kind: "payment_failed",
        period: Some(member.period),
        note,
        ..Happened::default()
    };
    happened(scope, member.id, &event).await
}

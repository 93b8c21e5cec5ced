//! The parts of a payment as they are asked for, and how they become rows.

use async_graphql::{Enum, InputObject};
use entities::crm::customer;
use entities::entitlements::{gift_instrument, wallet};
use entities::payments::{domains, payment_method, payment_terminal, processor_account};
use sea_orm::Value;
use uuid::Uuid;

use super::accounts::Account;
use super::attempts::{self, NewAttempt};
use super::tender_way;
use foundation::choices;
use foundation::database::{Error, Scope, new_id};
use foundation::graph::scalars::{Choice, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault};

/// The most parts of one payment.
pub const MOST: usize = 50;

choices! {
    /// What a part of a payment is paid with.
    MethodKind = domains::METHOD_KIND;
}

/// One part of a payment, paid in one way.
#[derive(InputObject, Clone)]
pub struct PaymentTenderInput {
    /// What it is paid with.
    pub kind: Choice<MethodKind>,
    /// What it pays, without tip; of the last part, the rest if not given.
    pub amount: Option<MoneyInput>,
    /// The tip on top of it, which goes to staff.
    pub tip: Option<MoneyInput>,
    /// The account at the processor; for cards the location's own if not given.
    pub processor_account_id: Option<Id<processor_account::Entity>>,
    /// A way to pay that the customer left before.
    pub payment_method_id: Option<Id<payment_method::Entity>>,
    /// What stands for the card at the processor: a payment method of Stripe (`pm_...`), or a card
    /// of the sandbox (`card_ok`, `card_declined`, `card_challenge`, ...). Never the card's number.
    pub method_ref: Option<String>,
    /// The terminal that takes the card.
    pub terminal_id: Option<Id<payment_terminal::Entity>>,
    /// Who pays this part, where several do.
    pub payer_customer_id: Option<Id<customer::Entity>>,
    /// The gift card it is paid from.
    pub gift_instrument_id: Option<Id<gift_instrument::Entity>>,
    /// The wallet it is paid from.
    pub wallet_id: Option<Id<wallet::Entity>>,
}

impl PaymentTenderInput {
    /// A part of its kind that pays all that is left.
    pub fn of(kind: Choice<MethodKind>, method_ref: Option<String>) -> Self {
        Self {
            kind,
            amount: None,
            tip: None,
            processor_account_id: None,
            payment_method_id: None,
            method_ref,
            terminal_id: None,
            payer_customer_id: None,
            gift_instrument_id: None,
            wallet_id: None,
        }
    }
}

/// Why a payment cannot be made so.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PaymentErrorCode")]
pub enum PaymentProblem {
    /// More than one thing is paid for.
    TooManySources,
    /// An amount is none, or of another currency than the payment.
    WrongAmount,
    /// The parts do not sum up to the payment.
    PartsDoNotSumUp,
    /// More than 50 parts.
    TooManyParts,
    /// No processor takes cards here: make an account first.
    NoProcessor,
    /// The account at the processor takes no payments now.
    AccountDisabled,
    /// The processor does not take such an amount of this currency.
    AmountNotAccepted,
    /// A gift card or wallet must be named, and can be paid from.
    InstrumentUnusable,
    /// The gift card or wallet does not have that much.
    Insufficient,
    /// Another payment holds it for now; try again shortly.
    HeldElsewhere,
    /// What is put on account needs a customer who can be invoiced.
    CustomerRequired,
    /// A way to pay must be a token of the processor, never the number of a card.
    WrongMethod,
    /// The payment is in a status that does not allow this.
    WrongStatus,
    /// A part of it is being tried just now.
    InFlight,
    /// More than can be taken.
    ExceedsAuthorized,
    /// More would go back than was taken, less what was refunded and what is disputed.
    RefundExceedsCaptured,
    /// More would go back for a line than was paid for it.
    RefundExceedsLine,
    /// The line does not belong to what was paid for.
    UnknownLine,
    /// A reason must be given.
    ReasonRequired,
    /// Somebody else than who asked for it has to approve.
    SamePerson,
    /// It is more than your roles let you approve.
    BeyondLimit,
    /// Today belongs to a period that is locked.
    PeriodLocked,
    /// There is not enough cash for it.
    NoCash,
}

use PaymentProblem as Problem;

/// The constraints of payments that have a code of their own.
pub const CONSTRAINTS: &[(&str, Problem)] = &[
    (
        "payment_intents_tenders_sum_check",
        Problem::PartsDoNotSumUp,
    ),
    ("payment_attempts_in_flight_key", Problem::InFlight),
    ("payment_attempts_method_ref_check", Problem::WrongMethod),
    (
        "payment_intents_refundable_check",
        Problem::RefundExceedsCaptured,
    ),
    (
        "payment_intents_refunded_check",
        Problem::RefundExceedsCaptured,
    ),
    ("payment_intents_captured_check", Problem::ExceedsAuthorized),
    (
        "refund_allocations_line_sum_check",
        Problem::RefundExceedsLine,
    ),
    (
        "refund_allocations_amounts_check",
        Problem::RefundExceedsLine,
    ),
    ("refunds_two_person_check", Problem::SamePerson),
    ("journal_entries_period_open_check", Problem::PeriodLocked),
    ("accounts_balance_check", Problem::NoCash),
];

/// The payment that parts belong to.
#[derive(Clone, Debug)]
pub struct Whole {
    /// Its id.
    pub intent_id: Uuid,
    /// How much the parts sum up to, without tips.
    pub amount: i64,
    /// Its currency.
    pub currency: String,
    /// A value of `payments.capture_mode`.
    pub capture_mode: String,
    /// Where.
    pub location_id: Option<Uuid>,
    /// Who pays, where a part does not say.
    pub customer_id: Option<Uuid>,
    /// The number of the first part.
    pub first_seq: i32,
    /// Whether a card that nobody names is the one the customer prefers of those they left. Not where
    /// whoever pays is not known to be the customer.
    pub may_prefer: bool,
}

impl Whole {
    /// Who pays a part.
    pub fn payer(&self, part: &PaymentTenderInput) -> Option<Uuid> {
        part.payer_customer_id
            .map(|id| id.uuid())
            .or(self.customer_id)
    }
}

struct Planned<'a> {
    asked: &'a PaymentTenderInput,
    amount: i64,
    tip: i64,
}

fn plan<'a>(
    whole: &Whole,
    tenders: &'a [PaymentTenderInput],
) -> Result<Vec<Planned<'a>>, Fault<Problem>> {
    if tenders.len() > MOST {
        let message = format!("A payment has at most {MOST} parts.");
        return Err(Fault::at(Problem::TooManyParts, "tenders", message));
    }
    let wrong = |message: &str| Fault::at(Problem::WrongAmount, "tenders", message);
    let minor = |money: Option<&MoneyInput>| match money {
        None => Ok(None),
        Some(money) if money.currency != whole.currency => {
            Err(wrong("All parts have the currency of the payment."))
        }
        Some(money) if money.minor < 0 => Err(wrong("An amount is not negative.")),
        Some(money) => Ok(Some(money.minor)),
    };
    let mut left = whole.amount;
    let mut planned = Vec::with_capacity(tenders.len());
    for (index, asked) in tenders.iter().enumerate() {
        let given = minor(asked.amount.as_ref())?;
        let rest = (index + 1 == tenders.len()).then_some(left);
        let amount = given
            .or(rest)
            .ok_or_else(|| wrong("Only the last part may go without an amount."))?;
        if amount <= 0 {
            return Err(wrong("A part pays more than zero."));
        }
        left -= amount;
        let tip = minor(asked.tip.as_ref())?.unwrap_or_default();
        planned.push(Planned { asked, amount, tip });
    }
    if left != 0 {
        let message = format!("The parts are {left} minor units short of the payment.");
        return Err(Fault::at(Problem::PartsDoNotSumUp, "tenders", message));
    }
    Ok(planned)
}

const TENDER: &str = "insert into payments.payment_intent_tenders (biz_id, id, intent_id, seq, kind, payment_method_id, terminal_id, \
      payer_customer_id, amount_minor, tip_minor, currency) \
    values ($1, $2, $3, $4, $5::text, $6, $7, $8, $9, $10, $11::text)";

/// The row of a part.
pub(super) struct Row<'a> {
    kind: &'a str,
    payment_method_id: Option<Uuid>,
    terminal_id: Option<Uuid>,
    payer: Option<Uuid>,
    amount: i64,
    tip: i64,
}

impl<'a> Row<'a> {
    /// A part that pays the whole, by whoever pays that.
    pub(super) fn whole(whole: &Whole, kind: &'a str) -> Self {
        Self {
            kind,
            payment_method_id: None,
            terminal_id: None,
            payer: whole.customer_id,
            amount: whole.amount,
            tip: 0,
        }
    }
}

/// Writes a part; gives its id.
pub(super) async fn insert(
    scope: &Scope,
    whole: &Whole,
    seq: i32,
    row: &Row<'_>,
) -> Result<Uuid, Error> {
    let tender_id = new_id();
    let values: [Value; 11] = [
        scope.biz_id().into(),
        tender_id.into(),
        whole.intent_id.into(),
        seq.into(),
        row.kind.into(),
        row.payment_method_id.into(),
        row.terminal_id.into(),
        row.payer.into(),
        row.amount.into(),
        row.tip.into(),
        whole.currency.as_str().into(),
    ];
    scope.execute(TENDER, &values).await?;
    Ok(tender_id)
}

/// Writes parts with a try each, which is not sent yet; gives the tries. What is drawn from gift
/// cards and wallets is drawn when the try is made.
pub async fn write(
    act: &Act<'_>,
    whole: &Whole,
    tenders: &[PaymentTenderInput],
) -> Result<Vec<Uuid>, Fault<Problem>> {
    let mut tries = Vec::with_capacity(tenders.len());
    for (seq, part) in (whole.first_seq..).zip(plan(whole, tenders)?) {
        let way = tender_way::choose(act.scope, whole, part.asked).await?;
        let account = way.account;
        let total = part.amount + part.tip;
        let wire = account.wire(act.scope, &whole.currency).await?;
        if wire.write(total).is_none() {
            let message = format!(
                "{} takes amounts of {} in steps of {} minor units.",
                account.processor, whole.currency, wire.increment_minor
            );
            return Err(Fault::at(Problem::AmountNotAccepted, "tenders", message));
        }
        let row = Row {
            payment_method_id: way.payment_method_id,
            terminal_id: part.asked.terminal_id.map(|id| id.uuid()),
            payer: whole.payer(part.asked),
            amount: part.amount,
            tip: part.tip,
            ..Row::whole(whole, part.asked.kind.0)
        };
        let tender_id = insert(act.scope, whole, seq, &row).await?;
        let reserves = whole.capture_mode != "automatic" && can_reserve(&account);
        let operation = if reserves { "authorize" } else { "charge" };
        let attempt = NewAttempt {
            method_ref: way.method_ref,
            ..NewAttempt::new(tender_id, account.id, operation, Some(total))
        };
        attempts::write(act.scope, &attempt).await?;
        tries.push(attempt.id);
    }
    Ok(tries)
}

/// Whether money can be reserved there before it is taken.
pub fn can_reserve(account: &Account) -> bool {
    super::processors::of(&account.processor).is_some_and(|processor| !processor.is_local())
}

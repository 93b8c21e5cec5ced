//! `walletTransferApprove`.

use async_graphql::{Enum, InputObject};
use entities::entitlements::entitlement_transfer;
use sea_orm::Value;
use uuid::Uuid;

use super::locked::{Wallet, candidates, link, lock, open_books};
use super::rules::{Candidate, Occasion, Taken, take};
use super::uses::{Why, take_off};
use crate::entitlements::ADJUST;
use crate::entitlements::books::{self, Account, Entry};
use crate::entitlements::refusal::{Failed, Refusal};
use crate::entitlements::work::{Place, Work, place_of};
use foundation::database::{Error, new_id};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Approves a transfer between wallets and carries it out: what goes over keeps its time and its
/// terms. Whoever asked for it cannot approve it.
#[derive(InputObject)]
pub struct WalletTransferApproveInput {
    /// The transfer.
    pub id: Id<entitlement_transfer::Entity>,
}

/// Why it was not carried out.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WalletTransferApproveErrorCode")]
pub enum WalletTransferApproveProblem {
    /// It was carried out, refused or called off already.
    WrongStatus,
    /// Whoever asked for a transfer cannot approve it.
    FourEyes,
    /// One of the wallets is frozen or closed.
    NotOpen,
    /// There is not enough in the wallet.
    Insufficient,
    /// There is enough in it, but some is held for a cart: try again shortly.
    HeldElsewhere,
}

use WalletTransferApproveProblem as Problem;

/// The verb.
pub struct WalletTransferApprove;

const LOCK: &str = "select t.from_wallet_id, t.to_wallet_id, t.quantity, t.status::text \
    from entitlements.transfers t where t.biz_id = $1 and t.id = $2 for no key update";
const APPROVE: &str = "update entitlements.transfers set status = 'approved', approved_by_id = $3 where biz_id = $1 and id = $2";
const COMPLETE: &str = "update entitlements.transfers set status = 'completed', completed_at = $3 where biz_id = $1 and id = $2";

impl Verb for WalletTransferApprove {
    type Input = WalletTransferApproveInput;
    type Problem = Problem;

    const NAME: &'static str = "walletTransferApprove";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("wallet.transferred");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "transfer",
            "EntitlementTransfer",
            "The transfer, carried out.",
        ),
        Part::Row("fromWallet", "Wallet", "The wallet it left."),
        Part::Row("toWallet", "Wallet", "The wallet it went to."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("transfers_entitlements_four_eyes_check", Problem::FourEyes)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (work, place) = (Work::of(act), place_of(act, ADJUST, None).await?);
        let keys = [act.scope.biz_id().into(), input.id.uuid().into()];
        let row = act.scope.query_opt(LOCK, &keys).await?;
        let row = row.ok_or_else(|| Fault::not_found("transfer"))?;
        let (from, to, quantity): (Uuid, Uuid, i64) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let status: &str = row.try_get(3)?;
        if status != "requested" {
            let text = format!("The transfer is {status} already.");
            return Err(Fault::at(Problem::WrongStatus, "id", text));
        }
        let [biz, id] = keys;
        let approver: Value = act.scope.user_id().into();
        act.scope
            .execute(APPROVE, &[biz.clone(), id.clone(), approver])
            .await?;
        let moved = carry_over(work, &place, (from, to), quantity, input.id.uuid()).await;
        moved.map_err(|failed| failed.fault("", code))?;
        act.scope
            .execute(COMPLETE, &[biz, id, act.scope.now().into()])
            .await?;
        let outcome = Outcome::row("transfer", input.id.uuid());
        Ok(outcome
            .and_row("fromWallet", from)
            .and_row("toWallet", to)
            .detail("quantity", quantity))
    }
}

fn code(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::HeldElsewhere => Problem::HeldElsewhere,
        Refusal::Insufficient | Refusal::Expired | Refusal::BeyondUse | Refusal::NotHere => {
            Problem::Insufficient
        }
        Refusal::NotOpen | Refusal::Unknown | Refusal::OtherUnit | Refusal::WrongPin => {
            Problem::NotOpen
        }
    }
}

/// Moves value from one wallet to another, grant by grant: what goes over is as much as what leaves.
async fn carry_over(
    work: Work<'_>,
    place: &Place,
    (from, to): (Uuid, Uuid),
    quantity: i64,
    transfer_id: Uuid,
) -> Result<(), Failed> {
    let mut both = lock(work.scope, vec![from, to]).await?.into_iter();
    let (Some(one), Some(other)) = (both.next(), both.next()) else {
        return Err(Refusal::Unknown.into());
    };
    let (mut from, mut to) = if one.id == from {
        (one, other)
    } else {
        (other, one)
    };
    if !from.is_open() || !to.is_open() {
        return Err(Refusal::NotOpen.into());
    }
    let mut all = candidates(work.scope, from.id, place).await?;
    for one in &mut all {
        // It keeps its terms, but going over is not a use of them.
        one.terms = None;
    }
    let occasion = Occasion {
        now: work.now(),
        wall_time: place.wall_time(),
        location_id: None,
        service_id: None,
        spend: None,
    };
    let taken = take(&mut all, &occasion, from.free(), quantity)?;
    open_books(work, place, &mut from).await?;
    open_books(work, place, &mut to).await?;
    let source = Some(("EntitlementTransfer".to_owned(), transfer_id));
    let why = Why {
        kind: "transfer_out",
        key: None,
        note: None,
        source,
    };
    take_off(work, place, &from, &taken, &why).await?;
    put_in(work, place, &to, &all, &taken, transfer_id).await?;
    if let Some(currency) = &from.currency {
        let source = ("EntitlementTransfer", transfer_id);
        let accounts = (Account::Wallet(from.id), Account::Wallet(to.id));
        let entry = Entry::moved(
            source,
            "Value went to another wallet",
            currency,
            accounts,
            quantity,
        );
        books::post(work, place, &[entry]).await?;
    }
    Ok(link(work, &mut to).await?)
}

const PUT_IN: &str = "with taken as ( \
      select * from unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::uuid[], $6::bigint[]) \
        as t (grant_id, quantity, new_id, entry_id, paid_minor)), \
    given as ( \
      insert into entitlements.grants (biz_id, id, wallet_id, origin, quantity, remaining, starts_at, ends_at, priority, status, \
        terms_id, from_grant_id, paid_minor, currency, note, source_type, source_id) \
      select $1, t.new_id, $7, 'transfer', t.quantity, t.quantity, g.starts_at, g.ends_at, g.priority, 'active', g.terms_id, g.id, \
        case when g.paid_minor is not null then t.paid_minor end, g.currency, g.note, 'EntitlementTransfer', $8 \
      from taken t join entitlements.grants g on g.biz_id = $1 and g.id = t.grant_id), \
    entries as ( \
      insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity, occurred_at, location_id, \
        business_date, source_type, source_id) \
      select $1, t.entry_id, $7, t.new_id, 'transfer_in', t.quantity, $9, $10, $11, 'EntitlementTransfer', $8 from taken t) \
    update entitlements.wallets set balance = balance + $12 where biz_id = $1 and id = $7";

async fn put_in(
    work: Work<'_>,
    place: &Place,
    to: &Wallet,
    all: &[Candidate],
    taken: &[Taken],
    transfer_id: Uuid,
) -> Result<(), Error> {
    let fresh = || -> Vec<Uuid> { taken.iter().map(|_| new_id()).collect() };
    let worth = |part: &Taken| {
        let one = all.iter().find(|one| one.id == part.grant_id);
        one.map_or(0, |one| one.worth(part.quantity))
    };
    let values: [Value; 12] = [
        work.biz_id().into(),
        taken
            .iter()
            .map(|one| one.grant_id)
            .collect::<Vec<_>>()
            .into(),
        taken
            .iter()
            .map(|one| one.quantity)
            .collect::<Vec<_>>()
            .into(),
        fresh().into(),
        fresh().into(),
        taken.iter().map(worth).collect::<Vec<i64>>().into(),
        to.id.into(),
        transfer_id.into(),
        work.now().into(),
        place.location_id.into(),
        place.location_id.map(|_| place.business_date).into(),
        taken.iter().map(|one| one.quantity).sum::<i64>().into(),
    ];
    work.scope.execute(PUT_IN, &values).await.map(drop)
}

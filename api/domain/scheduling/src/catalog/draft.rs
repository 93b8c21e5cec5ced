//! `offerVersionDraft`.

use async_graphql::{Enum, InputObject};
use entities::catalog::{offer, offer_version};
use uuid::Uuid;

use super::DRAFT;
use super::choices::{CapacityBasis, DepositKind};
use super::copy::{copy_parts, copy_version, make_sellable};
use foundation::database::new_id;
use foundation::graph::scalars::{Choice, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Begins a new version of an offer, as a draft: empty, or as a copy of another version with its
/// components, seat types, add-ons and prices. What is not given is as in the copy.
#[derive(InputObject)]
pub struct OfferVersionDraftInput {
    /// The offer.
    pub offer_id: Id<offer::Entity>,
    /// The version that it is a copy of, of the same offer.
    pub copy_of_id: Option<Id<offer_version::Entity>>,
    /// What a booking takes up; RESOURCE if not given.
    pub capacity_basis: Option<Choice<CapacityBasis>>,
    /// The cancellation policy, by its code.
    pub cancellation_policy_code: Option<String>,
    /// How the deposit is reckoned.
    pub deposit_kind: Option<Choice<DepositKind>>,
    /// A deposit of a fixed amount.
    pub deposit: Option<MoneyInput>,
    /// A deposit as a part of the total, in hundredths of a percent.
    pub deposit_bps: Option<i32>,
    /// The tax category.
    pub tax_category: Option<String>,
}

/// Why no version can be begun.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "OfferVersionDraftErrorCode")]
pub enum OfferVersionDraftProblem {
    /// A deposit has either an amount or a part, as its kind says.
    InvalidDeposit,
}

/// The verb.
pub struct OfferVersionDraft;

impl Verb for OfferVersionDraft {
    type Input = OfferVersionDraftInput;
    type Problem = OfferVersionDraftProblem;

    const NAME: &'static str = "offerVersionDraft";
    const PERMISSION: Permission = Permission::Holds(DRAFT);
    const EVENT: Option<&'static str> = Some("offer_version.drafted");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("offerVersion", "OfferVersion", "The draft."),
        Part::Row(
            "sellable",
            "Sellable",
            "What it is sold as once it is published; prices point to it.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, OfferVersionDraftProblem)] = &[(
        "offer_versions_deposit_check",
        OfferVersionDraftProblem::InvalidDeposit,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let offer_id = input.offer_id.uuid();
        lock_offer(act, offer_id).await?;
        let source = input.copy_of_id.map(|id| id.uuid());
        let id = match source {
            Some(source) => {
                check_source(act, offer_id, source).await?;
                copy_version(act.scope, source, offer_id).await?
            }
            None => empty(act, offer_id).await?,
        };
        let (amount, currency) = match &input.deposit {
            Some(money) => (Some(money.minor), Some(money.currency.clone())),
            None => (None, None),
        };
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            input
                .capacity_basis
                .as_ref()
                .map(|basis| basis.0.to_owned())
                .into(),
            input.cancellation_policy_code.clone().into(),
            input
                .deposit_kind
                .as_ref()
                .map(|kind| kind.0.to_owned())
                .into(),
            amount.into(),
            input.deposit_bps.into(),
            currency.into(),
            input.tax_category.clone().into(),
        ];
        act.scope.execute(TERMS, &values).await?;
        let sellable = make_sellable(act.scope, id).await?;
        if let Some(source) = source {
            copy_parts(act.scope, source, id, sellable).await?;
        }
        Ok(Outcome::row("offerVersion", id).and_row("sellable", sellable))
    }
}

// A deposit of another kind leaves nothing of the one before.
const TERMS: &str = "update catalog.offer_versions v set capacity_basis = coalesce($3::text, v.capacity_basis), \
      cancellation_policy_code = coalesce($4, v.cancellation_policy_code), \
      deposit_kind = coalesce($5::text, v.deposit_kind), \
      deposit_minor = case when $5::text is null then v.deposit_minor else $6 end, \
      deposit_bps = case when $5::text is null then v.deposit_bps else $7 end, \
      currency = case when $5::text is null then v.currency else $8 end, \
      tax_category = coalesce($9, v.tax_category) \
    where v.biz_id = $1 and v.id = $2";

/// Numbers of versions follow each other: one is begun after the other.
async fn lock_offer(act: &Act<'_>, id: Uuid) -> Result<(), Fault<OfferVersionDraftProblem>> {
    let sql = "select 1 from catalog.offers o \
               where o.biz_id = $1 and o.id = $2 and o.deleted_at is null for no key update";
    let row = act
        .scope
        .query_opt(sql, &[act.scope.biz_id().into(), id.into()])
        .await?;
    row.map(drop).ok_or_else(|| Fault::not_found("offer"))
}

async fn check_source(
    act: &Act<'_>,
    offer_id: Uuid,
    id: Uuid,
) -> Result<(), Fault<OfferVersionDraftProblem>> {
    let sql = "select 1 from catalog.offer_versions v where v.biz_id = $1 and v.id = $2 and v.offer_id = $3";
    let values = [act.scope.biz_id().into(), id.into(), offer_id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    row.map(drop)
        .ok_or_else(|| Fault::not_found("version of this offer"))
}

async fn empty(act: &Act<'_>, offer_id: Uuid) -> Result<Uuid, Fault<OfferVersionDraftProblem>> {
    let id = new_id();
    let sql = "insert into catalog.offer_versions (biz_id, id, offer_id, version_no) \
               select $1, $2, $3, 1 + coalesce(max(v.version_no), 0) \
               from catalog.offer_versions v where v.biz_id = $1 and v.offer_id = $3";
    let values = [act.scope.biz_id().into(), id.into(), offer_id.into()];
    act.scope.execute(sql, &values).await?;
    Ok(id)
}

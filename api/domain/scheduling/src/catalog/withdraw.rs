//! `offerVersionWithdraw` and `offerVersionDiscard`.

use async_graphql::{Enum, InputObject};
use entities::catalog::offer_version;

use super::jobs::settle;
use super::locked::lock;
use super::{DRAFT, PUBLISH};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Takes a version of an offer off sale at once. What was booked of it stays booked, on its terms.
#[derive(InputObject)]
pub struct OfferVersionWithdrawInput {
    /// The version that is on sale, or will be.
    pub id: Id<offer_version::Entity>,
    /// Why.
    pub reason: String,
    /// The version of the row that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a version cannot be withdrawn.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "OfferVersionWithdrawErrorCode")]
pub enum OfferVersionWithdrawProblem {
    /// It is not published.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb.
pub struct OfferVersionWithdraw;

impl Verb for OfferVersionWithdraw {
    type Input = OfferVersionWithdrawInput;
    type Problem = OfferVersionWithdrawProblem;

    const NAME: &'static str = "offerVersionWithdraw";
    const PERMISSION: Permission = Permission::Holds(PUBLISH);
    const EVENT: Option<&'static str> = Some("offer_version.withdrawn");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("offerVersion", "OfferVersion", "The version as it now is."),
        Part::Row("offer", "Offer", "Its offer."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason =
            Fault::unless_said(OfferVersionWithdrawProblem::ReasonRequired, &input.reason)?;
        let version = lock(act, input.id.uuid(), input.expected_version).await?;
        if version.status != "published" {
            let message = format!(
                "The version is {}; only one that is published is withdrawn.",
                version.status
            );
            return Err(Fault::at(
                OfferVersionWithdrawProblem::WrongStatus,
                "id",
                message,
            ));
        }
        act.scope.set_reason(reason).await?;
        let sql = "update catalog.offer_versions v set status = 'withdrawn' where v.biz_id = $1 and v.id = $2";
        act.scope
            .execute(sql, &[act.scope.biz_id().into(), version.id.into()])
            .await?;
        settle(act.scope, Some(version.offer_id), act.scope.now()).await?;
        Ok(Outcome::row("offerVersion", version.id).and_row("offer", version.offer_id))
    }
}

/// Throws a draft of an offer away.
#[derive(InputObject)]
pub struct OfferVersionDiscardInput {
    /// The draft.
    pub id: Id<offer_version::Entity>,
    /// The version of the row that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a version cannot be thrown away.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "OfferVersionDiscardErrorCode")]
pub enum OfferVersionDiscardProblem {
    /// It is no draft.
    WrongStatus,
}

/// The verb.
pub struct OfferVersionDiscard;

impl Verb for OfferVersionDiscard {
    type Input = OfferVersionDiscardInput;
    type Problem = OfferVersionDiscardProblem;

    const NAME: &'static str = "offerVersionDiscard";
    const PERMISSION: Permission = Permission::Holds(DRAFT);
    const EVENT: Option<&'static str> = Some("offer_version.discarded");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "offerVersion",
        "OfferVersion",
        "The version as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let version = lock(act, input.id.uuid(), input.expected_version).await?;
        if version.status != "draft" {
            let message = format!(
                "The version is {}; only a draft is thrown away.",
                version.status
            );
            return Err(Fault::at(
                OfferVersionDiscardProblem::WrongStatus,
                "id",
                message,
            ));
        }
        let sql = "update catalog.offer_versions v set status = 'discarded' where v.biz_id = $1 and v.id = $2";
        act.scope
            .execute(sql, &[act.scope.biz_id().into(), version.id.into()])
            .await?;
        Ok(Outcome::row("offerVersion", version.id))
    }
}

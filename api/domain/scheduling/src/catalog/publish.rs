//! `offerVersionPublish`.

use async_graphql::{Enum, InputObject};
use entities::catalog::offer_version;

use super::PUBLISH;
use super::jobs::settle;
use super::locked::lock;
use super::ready::{Missing, missing};
use foundation::graph::scalars::{Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Puts a version of an offer on sale, for good as it is: what it needs must be there, and it must have
/// a price. The version that was on sale until then ends.
#[derive(InputObject)]
pub struct OfferVersionPublishInput {
    /// The version, a draft or in review.
    pub id: Id<offer_version::Entity>,
    /// From when it is on sale; from now on if not given.
    pub effective_starts_at: Option<Instant>,
    /// Until when it is on sale; until another follows if not given.
    pub effective_ends_at: Option<Instant>,
    /// The version of the row that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a version cannot be published.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "OfferVersionPublishErrorCode")]
pub enum OfferVersionPublishProblem {
    /// It is neither a draft nor in review.
    WrongStatus,
    /// A component has too few resources that would do, or there is none.
    NotResolvable,
    /// It has no price.
    NoPrice,
    /// Its cancellation policy is not there.
    NoPolicy,
    /// Another version is on sale at that time already, from a later start on.
    Overlap,
    /// It would begin in the past, or end before it begins.
    InvalidDates,
}

type Problem = OfferVersionPublishProblem;

/// The verb.
pub struct OfferVersionPublish;

impl Verb for OfferVersionPublish {
    type Input = OfferVersionPublishInput;
    type Problem = OfferVersionPublishProblem;

    const NAME: &'static str = "offerVersionPublish";
    const PERMISSION: Permission = Permission::Holds(PUBLISH);
    const EVENT: Option<&'static str> = Some("offer_version.published");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("offerVersion", "OfferVersion", "The version as it now is."),
        Part::Row(
            "offer",
            "Offer",
            "Its offer, with the version that is on sale now.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, OfferVersionPublishProblem)] = &[
        ("offer_versions_effective_no_overlap_excl", Problem::Overlap),
        ("offer_versions_effective_check", Problem::InvalidDates),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let version = lock(act, input.id.uuid(), input.expected_version).await?;
        if !matches!(version.status.as_str(), "draft" | "in_review") {
            let message = format!(
                "The version is {}; only a draft or one in review is published.",
                version.status
            );
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        let now = act.scope.now();
        let from = input.effective_starts_at.map_or(now, |instant| instant.0);
        if from < now {
            let message = "Nothing is put on sale for the past.";
            return Err(Fault::at(
                Problem::InvalidDates,
                "effectiveStartsAt",
                message,
            ));
        }
        if let Some(first) = missing(act.scope, &version, from).await?.first() {
            let code = match first {
                Missing::Components | Missing::Resources(..) => Problem::NotResolvable,
                Missing::Price => Problem::NoPrice,
                Missing::Policy(_) => Problem::NoPolicy,
            };
            return Err(Fault::at(code, "id", first.sentence()));
        }
        let values = [
            act.scope.biz_id().into(),
            version.offer_id.into(),
            from.into(),
        ];
        act.scope.execute(END, &values).await?;
        if version.status == "draft" {
            let sql = "update catalog.offer_versions v set status = 'in_review' where v.biz_id = $1 and v.id = $2";
            let values = [act.scope.biz_id().into(), version.id.into()];
            act.scope.execute(sql, &values).await?;
        }
        let values = [
            act.scope.biz_id().into(),
            version.id.into(),
            from.into(),
            input
                .effective_ends_at
                .map(|instant| instant.0)
                .or(version.ends_at)
                .into(),
            now.into(),
        ];
        act.scope.execute(PUBLISHED, &values).await?;
        settle(act.scope, Some(version.offer_id), now).await?;
        Ok(Outcome::row("offerVersion", version.id).and_row("offer", version.offer_id))
    }
}

// What is on sale ends where the new version begins; what only begins later is in the way.
const END: &str = "update catalog.offer_versions v set effective_ends_at = $3 \
    where v.biz_id = $1 and v.offer_id = $2 and v.status = 'published' and v.effective_starts_at < $3 \
      and coalesce(v.effective_ends_at, 'infinity') > $3";

const PUBLISHED: &str = "update catalog.offer_versions v set status = 'published', published_at = $5, \
      effective_starts_at = $3, effective_ends_at = $4 \
    where v.biz_id = $1 and v.id = $2";

//! `offerClone`.

use async_graphql::{Enum, InputObject};
use entities::catalog::{offer, offer_version};
use uuid::Uuid;

use super::DRAFT;
use super::copy::{copy_parts, copy_version, make_sellable};
use foundation::database::new_id;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Makes a new offer out of another: a draft with the same components, seat types, add-ons, terms and
/// prices.
#[derive(InputObject)]
pub struct OfferCloneInput {
    /// The offer that is copied.
    pub id: Id<offer::Entity>,
    /// The version of it that is copied; the one on sale, or else the last, if not given.
    pub version_id: Option<Id<offer_version::Entity>>,
    /// The short name of the new offer.
    pub code: String,
    /// The name of the new offer; that of the other if not given.
    pub name: Option<String>,
}

/// Why an offer cannot be copied.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "OfferCloneErrorCode")]
pub enum OfferCloneProblem {
    /// Another offer has this short name.
    CodeTaken,
    /// The offer has no version yet.
    NoVersion,
}

/// The verb.
pub struct OfferClone;

impl Verb for OfferClone {
    type Input = OfferCloneInput;
    type Problem = OfferCloneProblem;

    const NAME: &'static str = "offerClone";
    const PERMISSION: Permission = Permission::Holds(DRAFT);
    const EVENT: Option<&'static str> = Some("offer.cloned");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("offer", "Offer", "The new offer."),
        Part::Row("offerVersion", "OfferVersion", "Its draft."),
        Part::Row(
            "sellable",
            "Sellable",
            "What it is sold as once it is published.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, OfferCloneProblem)] =
        &[("offers_code_key", OfferCloneProblem::CodeTaken)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let values = [
            act.scope.biz_id().into(),
            input.id.uuid().into(),
            input.version_id.map(|id| id.uuid()).into(),
        ];
        let row = act.scope.query_opt(SOURCE, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("offer"))?;
        let source: Option<Uuid> = row.try_get(0)?;
        let source = match (source, input.version_id) {
            (Some(source), _) => source,
            (None, Some(_)) => return Err(Fault::not_found("version of this offer")),
            (None, None) => {
                let message = "The offer has no version yet.";
                return Err(Fault::at(OfferCloneProblem::NoVersion, "id", message));
            }
        };
        let id = new_id();
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            input.id.uuid().into(),
            input.code.trim().into(),
            input.name.clone().into(),
        ];
        act.scope.execute(OFFER, &values).await?;
        let version = copy_version(act.scope, source, id).await?;
        let sellable = make_sellable(act.scope, version).await?;
        copy_parts(act.scope, source, version, sellable).await?;
        Ok(Outcome::row("offer", id)
            .and_row("offerVersion", version)
            .and_row("sellable", sellable))
    }
}

const SOURCE: &str = "select (select v.id from catalog.offer_versions v \
      where v.biz_id = $1 and v.offer_id = o.id and ($3::uuid is null or v.id = $3) \
      order by v.id = o.current_version_id desc nulls last, v.version_no desc limit 1) \
    from catalog.offers o where o.biz_id = $1 and o.id = $2 and o.deleted_at is null";

const OFFER: &str = "insert into catalog.offers (biz_id, id, code, kind, name, visibility) \
    select $1, $2, $4, o.kind, coalesce($5, o.name), o.visibility from catalog.offers o where o.biz_id = $1 and o.id = $3";

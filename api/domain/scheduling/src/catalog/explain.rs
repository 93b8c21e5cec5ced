//! `offerExplain`.

use async_graphql::{InputObject, SimpleObject};
use entities::catalog::{offer, offer_component, offer_version};
use entities::core::location;
use entities::resources::resource;
use uuid::Uuid;

use super::candidates::{Candidate, Component, candidates, components};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::query::Node;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Id, Instant};
use foundation::graph::verb::Permission;
use foundation::identity::Reach;

/// Says of each component of an offer which resources would do, and why others would not: before it is
/// published, or when nobody can be found.
#[derive(InputObject)]
pub struct OfferExplainInput {
    /// The offer.
    pub offer_id: Id<offer::Entity>,
    /// The version; the one on sale, or else the last, if not given.
    pub version_id: Option<Id<offer_version::Entity>>,
    /// At which instant; now if not given.
    pub at: Option<Instant>,
    /// At which location; everywhere within reach if not given.
    pub location_id: Option<Id<location::Entity>>,
}

/// What an offer can be made of.
#[derive(SimpleObject)]
pub struct OfferExplanation {
    /// The version.
    offer_version: Node<offer_version::Entity>,
    /// Its components, in their course.
    components: Vec<OfferExplainedComponent>,
    /// Whether all that must be there can be had.
    is_resolvable: bool,
}

/// Which resources would do for a component.
#[derive(SimpleObject)]
pub struct OfferExplainedComponent {
    /// The component.
    component: Node<offer_component::Entity>,
    /// What it is to the offer.
    role: String,
    /// How many are needed.
    quantity: i32,
    /// How many would do.
    usable_count: i32,
    /// Whether these are enough, or the customer may do without.
    is_resolvable: bool,
    /// The resources that its selectors choose among, 2,000 of all components at most.
    candidates: Vec<OfferCandidate>,
}

/// A resource that a selector chooses among.
#[derive(SimpleObject)]
pub struct OfferCandidate {
    /// The resource.
    resource: Node<resource::Entity>,
    /// By what it is chosen: resource, type, category, group, tag or capability.
    chosen_by: String,
    /// Whether it would do.
    is_usable: bool,
    /// Why not.
    reason: Option<String>,
}

/// The question.
pub struct OfferExplain;

const VERSION: &str = "select (select v.id from catalog.offer_versions v \
      where v.biz_id = $1 and v.offer_id = o.id and ($3::uuid is null or v.id = $3) \
      order by v.id = o.current_version_id desc nulls last, v.version_no desc limit 1) \
    from catalog.offers o where o.biz_id = $1 and o.id = $2 and o.deleted_at is null";

impl Question for OfferExplain {
    type Input = OfferExplainInput;
    type Answer = OfferExplanation;

    const NAME: &'static str = "offerExplain";
    const PERMISSION: Permission = Permission::Holds("catalog.read");

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let values = [
            look.scope.biz_id().into(),
            input.offer_id.uuid().into(),
            input.version_id.map(|id| id.uuid()).into(),
        ];
        let missing = || Failure::new(Code::NotFound, "There is no such offer.".to_owned());
        let row = look.scope.query_opt(VERSION, &values).await?;
        let version_id = row
            .map(|row| row.try_get::<_, Option<Uuid>>(0))
            .transpose()
            .map_err(foundation::database::Error::from)?
            .flatten()
            .ok_or_else(missing)?;
        let reach = match look.principal()?.reach("resources.read") {
            Reach::All => None,
            Reach::Locations(ids) => Some(ids.to_vec()),
        };
        let at = input.at.map_or(look.scope.now(), |instant| instant.0);
        let location = input.location_id.map(|id| id.uuid());
        let (components, found) = futures_util::try_join!(
            components(look.scope, version_id),
            candidates(look.scope, version_id, at, location, reach)
        )?;
        let components: Vec<_> = components
            .iter()
            .map(|component| explained(component, &found))
            .collect();
        Ok(OfferExplanation {
            offer_version: Node::new(version_id),
            is_resolvable: components.iter().all(|component| component.is_resolvable),
            components,
        })
    }
}

fn explained(component: &Component, found: &[Candidate]) -> OfferExplainedComponent {
    let own = found
        .iter()
        .filter(|candidate| candidate.component_id == component.id);
    let candidates: Vec<OfferCandidate> = own.map(candidate).collect();
    let usable = candidates
        .iter()
        .filter(|candidate| candidate.is_usable)
        .count();
    let usable_count = i32::try_from(usable).unwrap_or(i32::MAX);
    OfferExplainedComponent {
        component: Node::new(component.id),
        role: component.role.clone(),
        quantity: component.quantity,
        usable_count,
        is_resolvable: component.is_optional
            || !component.has_selectors
            || usable_count >= component.quantity,
        candidates,
    }
}

fn candidate(candidate: &Candidate) -> OfferCandidate {
    let reason = match (candidate.is_active, candidate.is_valid) {
        (false, _) => Some("The resource is not in use."),
        (true, false) if candidate.selector == "capability" => {
            Some("The capability has expired, has not begun, or is of too low a level.")
        }
        (true, false) => Some("The membership has ended, or has not begun."),
        (true, true) => None,
    };
    OfferCandidate {
        resource: Node::new(candidate.resource_id),
        chosen_by: candidate.selector.clone(),
        is_usable: reason.is_none(),
        reason: reason.map(str::to_owned),
    }
}

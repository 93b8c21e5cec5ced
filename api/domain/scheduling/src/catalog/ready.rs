//! Whether a version can be sold: its components can be had, it has a price, its terms are there.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::candidates::{candidates, components};
use super::locked::Locked;
use foundation::database::{Error, Scope};

/// What keeps a version from being published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// It has no component, although it takes resources.
    Components,
    /// Of this role too few resources are there: found, and needed.
    Resources(String, usize, i32),
    /// No price is in force when it begins to be sold.
    Price,
    /// Its cancellation policy is not there.
    Policy(String),
}

impl Missing {
    /// A sentence for people.
    pub fn sentence(&self) -> String {
        match self {
            Self::Components => "The version has no components.".to_owned(),
            Self::Resources(role, found, needed) => {
                format!(
                    "Of {role} there are {found} in use that would do, and {needed} are needed."
                )
            }
            Self::Price => "No price is in force for it when it begins to be sold.".to_owned(),
            Self::Policy(code) => format!("There is no cancellation policy {code}."),
        }
    }
}

const TERMS: &str = "select exists ( \
      select from catalog.sellables s \
      join pricing.price_rules r on r.biz_id = $1 and r.sellable_id = s.id and r.deleted_at is null \
        and coalesce(r.ends_on, 'infinity') > ($3::timestamptz at time zone 'UTC')::date \
      join pricing.price_books b on b.biz_id = $1 and b.id = r.price_book_id and b.deleted_at is null \
      where s.biz_id = $1 and s.ref_type = 'OfferVersion' and s.ref_id = $2 and s.deleted_at is null), \
    $4::text is null or exists (select from pricing.cancellation_policies y \
      where y.biz_id = $1 and y.code = $4 and y.deleted_at is null)";

/// All that is missing for the version to be sold from an instant on.
pub(super) async fn missing(
    scope: &Scope,
    version: &Locked,
    from: DateTime<Utc>,
) -> Result<Vec<Missing>, Error> {
    let mut missing = of_components(scope, version, from).await?;
    let values = [
        scope.biz_id().into(),
        version.id.into(),
        from.into(),
        version.policy_code.clone().into(),
    ];
    if let Some(row) = scope.query_opt(TERMS, &values).await? {
        if !row.try_get::<_, bool>(0)? {
            missing.push(Missing::Price);
        }
        if let (false, Some(code)) = (row.try_get(1)?, &version.policy_code) {
            missing.push(Missing::Policy(code.clone()));
        }
    }
    Ok(missing)
}

async fn of_components(
    scope: &Scope,
    version: &Locked,
    from: DateTime<Utc>,
) -> Result<Vec<Missing>, Error> {
    let components = components(scope, version.id).await?;
    if components.is_empty() && version.capacity_basis == "resource" {
        return Ok(vec![Missing::Components]);
    }
    let found = candidates(scope, version.id, from, None, None).await?;
    let of = |id: Uuid| {
        let usable = found
            .iter()
            .filter(|one| one.component_id == id && one.is_active && one.is_valid);
        usable.count()
    };
    let needed = components
        .iter()
        .filter(|component| !component.is_optional && component.has_selectors);
    Ok(needed
        .filter(|component| {
            i32::try_from(of(component.id)).is_ok_and(|count| count < component.quantity)
        })
        .map(|component| {
            Missing::Resources(component.role.clone(), of(component.id), component.quantity)
        })
        .collect())
}

//! Pay: sealed in the tables, and opened only where money is reckoned.

use std::collections::BTreeMap;

use entities::core::location;
use entities::workforce::department;
use rust_decimal::Decimal;
use sea_orm::Value;
use uuid::Uuid;

use foundation::graph::failure::Failure;
use foundation::graph::question::Look;
use foundation::graph::scalars::Id;
use foundation::identity::{Reach, Sealer};

/// Somebody's pay for an hour, as far as it is known. One that is no number counts as unknown.
pub fn opened(
    sealer: &Sealer,
    biz_id: Uuid,
    sealed: Option<&[u8]>,
) -> Result<Option<Decimal>, Failure> {
    let text = sealed
        .map(|sealed| sealer.open(biz_id, sealed))
        .transpose()?;
    Ok(text.and_then(|text| text.trim().parse().ok()))
}

/// Somebody of whom a report tells.
pub struct Paid {
    /// Where they usually work.
    pub location: Option<Uuid>,
    /// Their department.
    pub department: Option<Uuid>,
    /// Pay for an hour, and its currency.
    pub rate: Option<(Decimal, String)>,
}

/// Of whom a report tells.
#[derive(Clone, Copy)]
pub struct Narrowed {
    /// Only people who usually work here.
    pub location_id: Option<Id<location::Entity>>,
    /// Only people of this department.
    pub department_id: Option<Id<department::Entity>>,
}

const PEOPLE: &str = "select s.id, s.home_location_id, s.department_id, s.hourly_rate_enc, s.currency::text from workforce.staff s \
    where s.biz_id = $1 and ($2::uuid[] is null or s.home_location_id = any ($2::uuid[])) \
      and ($3::uuid is null or s.home_location_id = $3) and ($4::uuid is null or s.department_id = $4) order by s.id limit 5001";

/// The people of a report, as far as the permission reaches; 5,000 at most.
pub async fn paid(
    look: &Look<'_>,
    permission: &str,
    narrowed: Narrowed,
) -> Result<BTreeMap<Uuid, Paid>, Failure> {
    let places = match look.principal()?.reach(permission) {
        Reach::All => None,
        Reach::Locations(places) => Some(places.to_vec()),
    };
    let biz_id = look.scope.biz_id();
    let values: [Value; 4] = [
        biz_id.into(),
        places.into(),
        narrowed.location_id.map(|id| id.uuid()).into(),
        narrowed.department_id.map(|id| id.uuid()).into(),
    ];
    let rows = look.scope.query(PEOPLE, &values).await?;
    if rows.len() > 5000 {
        let text = "More than 5,000 people: name a location or a department.";
        return Err(Failure::input(text));
    }
    let sealer = &look.session.shared.sealer;
    let mut people = BTreeMap::new();
    for row in &rows {
        let read =
            || -> Result<(Uuid, Option<Vec<u8>>, Option<String>, Paid), tokio_postgres::Error> {
                let paid = Paid {
                    location: row.try_get(1)?,
                    department: row.try_get(2)?,
                    rate: None,
                };
                Ok((row.try_get(0)?, row.try_get(3)?, row.try_get(4)?, paid))
            };
        let (id, sealed, currency, mut paid) = read().map_err(Failure::internal)?;
        paid.rate = opened(sealer, biz_id, sealed.as_deref())?.zip(currency);
        people.insert(id, paid);
    }
    Ok(people)
}

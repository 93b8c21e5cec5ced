//! What opens the service desk to guests: a code of a place, a room or a booking, to ask for something;
//! and a token of a request, to follow it. Both are marked with the tenant's own key, and so need no
//! table.

use async_graphql::{InputObject, SimpleObject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entities::booking::booking_order;
use entities::core::location;
use entities::resources::resource;
use uuid::Uuid;

use crate::operations::REQUEST;
use crate::queue::codes::same;
use foundation::database::{Error, Scope};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::Id;
use foundation::graph::type_id;
use foundation::graph::verb::Permission;
use foundation::identity::Sealer;

/// What a code or a token is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked {
    /// The tenant.
    pub biz_id: Uuid,
    /// The row.
    pub id: Uuid,
}

fn marked(sealer: &Sealer, purpose: &str, prefix: &str, of: Marked) -> String {
    let what = format!("service desk {purpose} {prefix} {}", of.id);
    let mark = URL_SAFE_NO_PAD.encode(sealer.blind_index(of.biz_id, &what));
    let (biz, id) = (
        type_id::encode("biz", of.biz_id),
        type_id::encode(prefix, of.id),
    );
    format!("{biz}.{id}.{mark}")
}

/// What is marked for a purpose, and the prefix of its ids; none where the mark is not ours.
fn read(sealer: &Sealer, purpose: &str, text: &str) -> Option<(String, Marked)> {
    let mut parts = text.trim().splitn(3, '.');
    let (tenant, biz_id) = type_id::parse(parts.next()?)?;
    let (prefix, id) = type_id::parse(parts.next()?)?;
    let prefix = prefix.clone();
    let found = Marked { biz_id, id };
    let is_ours = tenant == "biz" && same(&marked(sealer, purpose, &prefix, found), text.trim());
    is_ours.then_some((prefix, found))
}

/// The token by which whoever asked follows a request.
pub fn token(sealer: &Sealer, request: Marked) -> String {
    marked(sealer, "token", "opsr", request)
}

/// The request of a token.
pub fn read_token(sealer: &Sealer, text: &str) -> Option<Marked> {
    let (prefix, found) = read(sealer, "token", text)?;
    (prefix == "opsr").then_some(found)
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_field_names,
    reason = "they are called as the columns are"
)]
pub struct Origin {
    /// The tenant.
    pub biz_id: Uuid,
    /// The location.
    pub location_id: Uuid,
    /// The room.
    pub resource_id: Option<Uuid>,
    /// The booking.
    pub booking_order_id: Option<Uuid>,
}

const ORIGIN: &str = "select l.id, null::uuid, null::uuid from core.locations l \
      where $3::text = 'loc' and l.biz_id = $1 and l.id = $2 and l.deleted_at is null \
    union all \
    select r.location_id, r.id, null from resources.resources r \
      where $3::text = 'res' and r.biz_id = $1 and r.id = $2 and r.deleted_at is null \
    union all \
    select o.location_id, null, o.id from booking.booking_orders o \
      where $3::text = 'bkg' and o.biz_id = $1 and o.id = $2 \
        and o.status in ('held', 'pending_approval', 'confirmed', 'in_progress', 'completed')";

/// Where somebody asks who shows a code. The scope is the platform's.
pub async fn origin(scope: &Scope, sealer: &Sealer, code: &str) -> Result<Option<Origin>, Error> {
    let Some((prefix, of)) = read(sealer, "code", code) else {
        return Ok(None);
    };
    let values = [of.biz_id.into(), of.id.into(), prefix.into()];
    let row = scope.query_opt(ORIGIN, &values).await?;
    row.map(|row| {
        Ok(Origin {
            biz_id: of.biz_id,
            location_id: row.try_get(0)?,
            resource_id: row.try_get(1)?,
            booking_order_id: row.try_get(2)?,
        })
    })
    .transpose()
}

/// The code by which guests ask for something without signing in: of a place, of a room (to be put up
/// there as a QR code), or of a booking (to be sent to the guest).
#[derive(InputObject)]
#[expect(
    clippy::struct_field_names,
    reason = "they are called as the columns are"
)]
pub struct ServiceRequestCodeInput {
    /// The place.
    pub location_id: Option<Id<location::Entity>>,
    /// The room.
    pub resource_id: Option<Id<resource::Entity>>,
    /// The booking.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
}

/// A code.
#[derive(SimpleObject)]
pub struct ServiceRequestCodeAnswer {
    /// The code, for `serviceRequestCreateOnline`.
    pub code: String,
}

/// The question.
pub struct ServiceRequestCode;

const PLACE: &str = "select l.id from core.locations l where l.biz_id = $1 and l.id = $2 \
    union all select r.location_id from resources.resources r where r.biz_id = $1 and r.id = $2 \
    union all select o.location_id from booking.booking_orders o where o.biz_id = $1 and o.id = $2";

impl Question for ServiceRequestCode {
    type Input = ServiceRequestCodeInput;
    type Answer = ServiceRequestCodeAnswer;

    const NAME: &'static str = "serviceRequestCode";
    const PERMISSION: Permission = Permission::Holds(REQUEST);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let (prefix, id) = match (input.location_id, input.resource_id, input.booking_order_id) {
            (Some(id), None, None) => ("loc", id.uuid()),
            (None, Some(id), None) => ("res", id.uuid()),
            (None, None, Some(id)) => ("bkg", id.uuid()),
            _ => {
                let text = "Give a location, a resource or a booking, one of them.";
                return Err(Failure::input(text));
            }
        };
        let biz_id = look.scope.biz_id();
        let row = look
            .scope
            .query_opt(PLACE, &[biz_id.into(), id.into()])
            .await?;
        let row = row.ok_or_else(|| Failure::new(Code::NotFound, "There is no such place."))?;
        let location: Uuid = row.try_get(0).map_err(Error::from)?;
        look.permit_at(REQUEST, location, "place")?;
        let of = Marked { biz_id, id };
        let code = marked(&look.session.shared.sealer, "code", prefix, of);
        Ok(ServiceRequestCodeAnswer { code })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_opens_what_it_is_of_and_for_what() {
        let sealer = Sealer::new(b"a secret of the tests");
        let of = Marked {
            biz_id: Uuid::from_u128(1 << 70),
            id: Uuid::from_u128(1 << 71),
        };
        let text = token(&sealer, of);
        assert_eq!(read_token(&sealer, &text), Some(of));
        let code = marked(&sealer, "code", "opsr", of);
        assert_eq!(read_token(&sealer, &code), None);
        let other = token(&Sealer::new(b"another secret"), of);
        assert_eq!(read_token(&sealer, &other), None);
        assert_eq!(read_token(&sealer, "nonsense"), None);
    }
}

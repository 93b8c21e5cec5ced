//! Links by which customers see where the driver is.

pub mod live;
pub mod revoke;
pub mod share;
pub mod view;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// What whoever holds a link sees of its task at an instant `$3`, in tenant `$1`; by which link follows. The
/// position shows only on the active leg: a driver with other customers first is not shown.
macro_rules! tracked {
    () => {
        "select t.id, t.status::text, t.starts_at, t.ends_at, \
          case when t.eta_at is not null then greatest(t.eta_at, $3) end, \
          case when t.status = 'en_route' then v.last_lat end, \
          case when t.status = 'en_route' then v.last_lng end, \
          case when t.status = 'en_route' then v.last_position_at end \
        from dispatch.tracking_links l \
        join dispatch.dispatch_tasks t on t.biz_id = l.biz_id and t.id = l.task_id \
        left join dispatch.fleet_vehicles v on v.biz_id = t.biz_id and v.id = t.vehicle_id \
        where l.biz_id = $1 and l.revoked_at is null and l.expires_at > $3 and "
    };
}
use tracked;

/// The token of a link: the tenant, by which it is found, and a secret.
fn token(biz_id: Uuid, secret: &str) -> String {
    format!("{}.{secret}", URL_SAFE_NO_PAD.encode(biz_id.as_bytes()))
}

/// The tenant that a token names.
fn tenant_of(token: &str) -> Option<Uuid> {
    let (tenant, _) = token.split_once('.')?;
    Uuid::from_slice(&URL_SAFE_NO_PAD.decode(tenant).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_tenant() {
        let tenant = Uuid::from_u128(7);
        assert_eq!(tenant_of(&token(tenant, "secret")), Some(tenant));
        assert_eq!(tenant_of("nonsense"), None);
        assert_eq!(tenant_of("a.b"), None);
    }
}

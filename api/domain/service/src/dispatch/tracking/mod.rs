//! Links by which customers see where the driver is.

pub mod live;
pub mod revoke;
pub mod share;
pub mod view;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

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

//! What opens a queue, a ticket or a display to those who are not signed in. Join codes and tokens
//! of screens are marked with the tenant's own key, and so need no table.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::store::parts;
use foundation::database::{Error, Scope};
use foundation::graph::type_id;
use foundation::identity::Sealer;
use foundation::identity::token::digest;

fn mark(sealer: &Sealer, biz_id: Uuid, what: &str) -> String {
    URL_SAFE_NO_PAD.encode(sealer.blind_index(biz_id, what))
}

/// The code by which anyone joins a queue.
pub fn join_code(sealer: &Sealer, biz_id: Uuid, queue: Uuid) -> String {
    let mark = mark(sealer, biz_id, &format!("join queue {queue}"));
    let (biz, queue) = (
        type_id::encode("biz", biz_id),
        type_id::encode("ququ", queue),
    );
    format!("{biz}.{queue}.{mark}")
}

/// The tenant and the queue of a join code.
pub fn read_join_code(sealer: &Sealer, code: &str) -> Option<(Uuid, Uuid)> {
    let (biz_id, rest) = parts(code.trim()).ok()?;
    let (queue, _) = rest.split_once('.')?;
    let (prefix, queue) = type_id::parse(queue)?;
    let is_ours = prefix == "ququ" && same(&join_code(sealer, biz_id, queue), code.trim());
    is_ours.then_some((biz_id, queue))
}

/// The token of a screen that was paired with a display at an instant.
pub fn display_token(
    sealer: &Sealer,
    biz_id: Uuid,
    display: Uuid,
    paired_at: DateTime<Utc>,
) -> String {
    let at = paired_at.timestamp_micros();
    mark(sealer, biz_id, &format!("display {display} {at}"))
}

/// Compares in a time that does not tell how much is right.
pub fn same(one: &str, other: &str) -> bool {
    digest(one) == digest(other)
}

/// Whose ticket a token is.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// The tenant.
    pub biz_id: Uuid,
    /// The entry.
    pub entry_id: Uuid,
}

/// The entry of a ticket's token. The scope is the platform's.
pub async fn holder(scope: &Scope, token: &str) -> Result<Option<Held>, Error> {
    let Ok((biz_id, secret)) = parts(token.trim()) else {
        return Ok(None);
    };
    let sql = "select e.id from queue.queue_tickets t \
               join queue.queue_entries e on e.biz_id = t.biz_id and e.ticket_id = t.id \
               where t.biz_id = $1 and t.token_hash = $2";
    let row = scope
        .query_opt(sql, &[biz_id.into(), digest(secret).into()])
        .await?;
    row.map(|row| {
        let entry_id = row.try_get(0)?;
        Ok(Held { biz_id, entry_id })
    })
    .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_join_code_opens_its_queue_and_no_other() {
        let sealer = Sealer::new(b"a secret of the tests");
        let (biz, queue) = (Uuid::from_u128(1 << 70), Uuid::from_u128(1 << 71));
        let code = join_code(&sealer, biz, queue);
        assert_eq!(read_join_code(&sealer, &code), Some((biz, queue)));
        let other = join_code(&sealer, biz, Uuid::from_u128(7 << 71));
        let forged = format!(
            "{}.{}",
            &code[..code.rfind('.').unwrap()],
            &other[other.rfind('.').unwrap() + 1..]
        );
        assert_eq!(read_join_code(&sealer, &forged), None);
        assert_eq!(read_join_code(&sealer, "nonsense"), None);
    }
}

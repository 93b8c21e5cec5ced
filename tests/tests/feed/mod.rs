//! The event feed and the boards: what every client knows in the end equals a fresh query.

mod boards;
mod changes;
mod endpoints;
mod killed;
mod late;
mod many;
mod replica;
mod sockets;
mod webhooks;

use std::time::Duration;

use anyhow::ensure;
use serde_json::{Value, json};
use tests::{Client, Seen, Socket, World};

/// The bookings that are open, as a board.
pub const BOARD: &str = "subscription($after: String) { board: bookingsBoard(after: $after) {
    cursor snapshot { id status version customer { id } } upserts { id status version customer { id } } removed } }";

/// The same as a query.
pub async fn fresh(client: &Client) -> anyhow::Result<Vec<Value>> {
    let query = "{ bookingOrders(first: 200, orderBy: [{id: ASC}], filter: {status: {in: [HELD, PENDING_APPROVAL, CONFIRMED, IN_PROGRESS]}}) {
        nodes { id status version customer { id } } } }";
    let data = client.read(query).await?;
    Ok(data["bookingOrders"]["nodes"]
        .as_array()
        .cloned()
        .unwrap_or_default())
}

/// Reads until nothing more comes for a while, and then compares.
pub async fn settles(socket: &mut Socket, seen: &mut Seen, client: &Client) -> anyhow::Result<()> {
    let mut expected = Vec::new();
    for _ in 0..50 {
        while let Some(update) = socket.update_within(Duration::from_millis(200)).await? {
            seen.take(&update)?;
        }
        expected = fresh(client).await?;
        expected.sort_by_key(|row| row["id"].to_string());
        if seen.rows.values().eq(&expected) {
            return Ok(());
        }
    }
    ensure!(
        seen.rows.values().eq(&expected),
        "known: {:?}, there is: {expected:?}",
        seen.rows
    );
    Ok(())
}

/// Waits until the feed shows all that is committed. (The horizon is that of the whole server: a
/// transaction of another test holds it back.)
pub async fn caught_up(world: &World) -> anyhow::Result<()> {
    let client = world.database.owner().await?;
    let sql = "select pg_current_xact_id()::text";
    let own: String = client.query_one(sql, &[]).await?.get(0);
    let sql = "select pg_snapshot_xmin(pg_current_snapshot()) > $1::text::xid8";
    for _ in 0..300 {
        if client.query_one(sql, &[&own]).await?.get(0) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("some transaction does not end")
}

/// Where a subscription begins.
pub fn after(seen: &Seen) -> Value {
    json!({ "after": seen.cursor })
}

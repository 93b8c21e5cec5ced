//! The demo tenants: there at once, whole, and the same however often they are filled.

mod random;
mod rules;

use bizing::demo;
use bizing::identity::Sealer;
use serde_json::{Value, json};
use tests::World;
use tests::actor::SESSION;
use tokio_postgres::Client;

/// The program with its demo tenants, and a look at all tables from behind.
async fn demonstration() -> anyhow::Result<(World, Sealer, Client)> {
    let world = World::with_pool(4).await?;
    let sealer = Sealer::new(b"the tests seal personal data with this");
    assert!(demo::is_wanted(&world.opened).await?);
    demo::fill(&world.opened, &sealer).await?;
    let sql = world.database.owner().await?;
    Ok((world, sealer, sql))
}

/// The one text that a query answers with.
async fn text(sql: &Client, query: &str) -> anyhow::Result<String> {
    Ok(sql.query_one(query, &[]).await?.try_get(0)?)
}

const COUNTS: &str = "select concat_ws(' ', (select count(*) from core.bizes), (select count(*) from identity.users), \
    (select count(*) from crm.customers), (select count(*) from booking.booking_orders), \
    (select count(*) from availability.allocations), (select count(*) from core.outbox_events))";

#[tokio::test]
async fn filling_the_demo_tenants_again_changes_nothing() -> anyhow::Result<()> {
    let (world, sealer, sql) = demonstration().await?;
    let once = text(&sql, COUNTS).await?;
    assert!(!demo::is_wanted(&world.opened).await?);
    demo::fill(&world.opened, &sealer).await?;
    assert_eq!(text(&sql, COUNTS).await?, once);
    Ok(())
}

#[tokio::test]
async fn all_demo_users_sign_in_and_read_bookings() -> anyhow::Result<()> {
    let (world, _, _) = demonstration().await?;
    for (email, role) in [
        ("owner@harbour.example", "owner"),
        ("desk@harbour.example", "front_desk"),
        ("analyst@harbour.example", "analyst"),
        ("owner@keep.example", "owner"),
        ("desk@keep.example", "front_desk"),
    ] {
        let input = json!({ "email": email, "password": demo::PASSWORD });
        let payload = world.anonymous().act("signIn", input, SESSION).await?;
        let client = world
            .anonymous()
            .with_token(payload["accessToken"].as_str().unwrap_or_default());
        let data = client
            .read("{ viewer { member { roles { nodes { role { code } } } } } bookingOrders(first: 5) { nodes { number customer { fullName email } } } }")
            .await?;
        let roles = &data["viewer"]["member"]["roles"]["nodes"];
        assert_eq!(*roles, json!([{ "role": { "code": role } }]), "{email}");
        let bookings = data["bookingOrders"]["nodes"]
            .as_array()
            .map_or(0, Vec::len);
        assert_eq!(bookings, 5, "{email}");
    }
    Ok(())
}

#[tokio::test]
async fn the_demo_has_bookings_in_every_status_and_no_counter_is_wrong() -> anyhow::Result<()> {
    let (_world, _, sql) = demonstration().await?;
    let statuses = "select string_agg(distinct o.status::text, ' ' order by o.status::text) \
        from booking.booking_orders o join core.bizes b on b.id = o.biz_id where b.slug = 'harbour'";
    assert_eq!(
        text(&sql, statuses).await?,
        "cancelled completed confirmed declined draft expired held in_progress no_show pending_approval"
    );
    for row in sql.query("select id::text from core.bizes", &[]).await? {
        let biz: String = row.try_get(0)?;
        sql.execute("select set_config('app.biz_id', $1, false)", &[&biz])
            .await?;
        let drift = "select coalesce(json_agg(d), '[]')::text from availability.capacity_drift() d";
        let drift: Value = serde_json::from_str(&text(&sql, drift).await?)?;
        assert_eq!(drift, json!([]));
    }
    Ok(())
}

#[tokio::test]
async fn the_books_of_the_demo_agree_with_what_was_done() -> anyhow::Result<()> {
    let (world, _, sql) = demonstration().await?;
    let done = "select concat_ws(' ', bool_or(kind = 'capture'), bool_or(kind = 'refund'), bool_or(kind = 'chargeback')) \
        from payments.payment_transactions where outcome = 'succeeded' and journal_entry_id is not null";
    assert_eq!(text(&sql, done).await?, "t t t");
    assert_eq!(world.told_breaks().await?, Vec::<String>::new());
    Ok(())
}

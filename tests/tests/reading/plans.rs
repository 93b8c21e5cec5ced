//! How PostgreSQL finds what the graph asks for, in a tenant of 100,000 bookings.

use bizing::database::Clock as _;
use serde_json::json;
use tests::{Socket, World};
use tokio_postgres::Client;

/// Bookings of the filled tenant.
const BOOKINGS: i32 = 100_000;
/// How many rows of a table all the questions together may touch.
const MOST_READ: i64 = 30_000;

const FILL: &str = "
    insert into crm.customers (biz_id, id, number, full_name)
    select $1, core.uuid_v7(), 'C-' || n, 'Customer ' || n from generate_series(1, 5000) n;";

/// Orders over four years, of all statuses, at the tenant's location.
const ORDERS: &str = "
    insert into booking.booking_orders (biz_id, id, number, kind, customer_id, location_id, channel, status, starts_at,
      ends_at, timezone, business_date, party_size, currency, features_minor, total_minor, cancelled_at)
    select l.biz_id, core.uuid_v7(), 'X-' || n, 'appointment', c.ids[1 + n % cardinality(c.ids)], l.id, 'desk', s.status,
      t.starts_at, t.starts_at + interval '1 hour', l.timezone, t.starts_at::date, 1 + n % 4, l.currency, 1000 + n % 500, 1000 + n % 500,
      case s.status when 'cancelled' then t.starts_at end
    from (select * from core.locations l where l.biz_id = $1 order by l.id limit 1) l
    cross join generate_series(1, $2::integer) n
    cross join lateral (select now() - interval '3 years' + n * interval '21 minutes' as starts_at) t
    cross join lateral (select (array['completed', 'completed', 'completed', 'confirmed', 'cancelled', 'no_show'])[1 + n % 6] as status) s
    cross join (select array_agg(c.id) as ids from crm.customers c where c.biz_id = $1) c
    where l.biz_id = $1";

/// What is read from each table: by whole scans, and through indexes.
async fn read_so_far(sql: &Client) -> anyhow::Result<Vec<(String, i64, i64)>> {
    let rows = sql
        .query(
            "select format('%I.%I', schemaname, relname), coalesce(seq_tup_read, 0), coalesce(idx_tup_fetch, 0)
             from pg_stat_user_tables where n_live_tup > 1000 order by 1",
            &[],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
        .collect()
}

/// Questions of lists, boards and filters; each is a root field.
const QUESTIONS: &[&str] = &[
    "bookingOrders(first: 50) { nodes { id number } }",
    "bookingOrders(first: 50, orderBy: [{startsAt: DESC}]) { nodes { id startsAt } }",
    "bookingOrders(first: 50, filter: {status: {in: [CONFIRMED]}, startsAt: {gte: $now}}, orderBy: [{startsAt: ASC}]) { nodes { id } }",
    "bookingOrders(first: 50, filter: {status: {eq: NO_SHOW}}, orderBy: [{startsAt: DESC}]) { nodes { id } }",
    "bookingOrders(first: 50, filter: {customerId: {eq: $customer}}) { nodes { id } }",
    "bookingOrders(first: 50, filter: {locationId: {eq: $location}, startsAt: {gte: $now, lt: $later}}, orderBy: [{startsAt: ASC}]) { nodes { id } }",
    "bookingOrders(first: 5, filter: {number: {eq: \"X-4711\"}}) { nodes { id } }",
    "bookingOrders(first: 50, filter: {businessDate: {eq: $day}}) { nodes { id customer { fullName } lines { nodes { id } } } }",
    "customers(first: 50, filter: {number: {eq: \"C-77\"}}) { nodes { id fullName bookingOrders(first: 5) { nodes { id } } } }",
    "customers(first: 50, orderBy: [{fullName: ASC}]) { nodes { id } }",
    "bookingOrders(first: 50, filter: {createdAt: {gte: $now}}) { nodes { id } }",
    "bookingOrders(first: 50, orderBy: [{createdAt: DESC}]) { nodes { id } }",
    "customers(first: 50, filter: {createdAt: {gte: $now}}) { nodes { id } }",
    "statusHistories(first: 20) { nodes { id } }",
];

/// Boards, whose first message is a list; each is a field of the subscription root.
const BOARDS: &[&str] = &[
    "bookingsBoard(locationId: $location, from: $now, to: $later) { cursor snapshot { id status } }",
    "arrivalsBoard(locationId: $location, day: $day) { cursor snapshot { id status } }",
    "dispatchBoard { cursor snapshot { id } }",
    "requestBoard { cursor snapshot { id } }",
    "slaAtRisk(locationId: $location) { cursor snapshot { id } }",
];

/// What the questions may name.
const DECLARED: &[(&str, &str)] = &[
    ("now", "DateTime!"),
    ("later", "DateTime!"),
    ("day", "Date!"),
    ("customer", "ID!"),
    ("location", "ID!"),
];

/// The variables that a question names, as a document declares them.
fn declared(question: &str) -> String {
    let used: Vec<String> = DECLARED
        .iter()
        .filter(|(name, _)| question.contains(&format!("${name}")))
        .map(|(name, ty)| format!("${name}: {ty}"))
        .collect();
    if used.is_empty() {
        String::new()
    } else {
        format!("({})", used.join(", "))
    }
}

#[tokio::test]
async fn a_page_of_a_large_tenant_is_found_through_indexes() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let sql = world.database.owner().await?;
    let biz = hotel.owner.biz_id;
    sql.execute(FILL.trim_end().trim_end_matches(';'), &[&biz])
        .await?;
    sql.execute(ORDERS, &[&biz, &BOOKINGS]).await?;
    sql.batch_execute("analyze").await?;
    let customer = hotel
        .owner
        .read("{ customers(first: 1) { nodes { id } } }")
        .await?["customers"]["nodes"][0]["id"]
        .clone();
    let now = world.clock.now();
    let variables = json!({
        "now": now, "later": now + chrono::Duration::days(7), "day": now.date_naive(), "customer": customer, "location": hotel.location,
    });
    let before = settled(&sql).await?;
    for question in QUESTIONS {
        let document = format!("query{} {{ {question} }}", declared(question));
        hotel
            .owner
            .graphql(&document, variables.clone())
            .await?
            .must()?;
    }
    let mut socket = Socket::open(&hotel.owner).await?;
    for board in BOARDS {
        let document = format!("subscription{} {{ board: {board} }}", declared(board));
        let id = socket.subscribe(&document, variables.clone()).await?;
        assert!(socket.update().await?["snapshot"].is_array(), "{board}");
        socket.complete(&id).await?;
    }
    let mut wrong = Vec::new();
    for (table, scanned, fetched) in settled(&sql).await? {
        let old = before.iter().find(|(name, ..)| *name == table);
        let (old_scanned, old_fetched) =
            old.map_or((0, 0), |(_, scanned, fetched)| (*scanned, *fetched));
        if scanned > old_scanned {
            wrong.push(format!(
                "{table} is read from end to end: {} rows",
                scanned - old_scanned
            ));
        }
        if fetched - old_fetched > MOST_READ {
            wrong.push(format!(
                "{} rows of {table} are touched",
                fetched - old_fetched
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// What was read, once it has reached the views: when a connection has been idle for ten seconds.
async fn settled(sql: &Client) -> anyhow::Result<Vec<(String, i64, i64)>> {
    tokio::time::sleep(std::time::Duration::from_secs(12)).await;
    read_so_far(sql).await
}

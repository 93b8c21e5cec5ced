//! Offers that take units of a pool, or places in a slot.

use super::booked::sell;
use super::{Shop, Sign, text, with};
use serde_json::json;
use tests::actor::uuid;
use tests::hotel::made;
use uuid::Uuid;

const DAY: &str = "2027-01-11";

/// A pool of ten boats, one of which stands for all.
async fn boats(basis: &'static str, mode: &str) -> anyhow::Result<(Shop, String)> {
    let shop = Shop::with(Sign {
        basis,
        ..Sign::default()
    })
    .await?;
    let boat = shop.stylist(json!({})).await?;
    let pool = json!({"code": "BOATS", "name": "Boats", "locationId": shop.location, "mode": mode, "capacity": 10, "unit": "boat"});
    let pool = made(&shop.owner, "capacityPool", pool).await?;
    made(
        &shop.owner,
        "capacityPoolMember",
        json!({"poolId": pool, "resourceId": boat}),
    )
    .await?;
    shop.publish().await?;
    Ok((shop, pool))
}

#[tokio::test]
async fn a_pool_gives_what_is_not_in_use() -> anyhow::Result<()> {
    let (shop, pool) = boats("pool", "CONCURRENT").await?;
    let sql = format!(
        "insert into availability.allocations (biz_id, id, source_type, source_id, pool_id, units, status, service_starts_at, service_ends_at, blocked_starts_at, blocked_ends_at) \
         select '{0}', gen_random_uuid(), 'CapacityPool', '{1}', '{1}', u.units, 'firm', u.s::timestamptz, u.e::timestamptz, u.s::timestamptz, u.e::timestamptz \
         from (values (6, '2027-01-11T10:00Z', '2027-01-11T11:30Z'), (3, '2027-01-11T11:30Z', '2027-01-11T12:00Z')) as u (units, s, e)",
        shop.owner.biz_id,
        uuid(&json!(pool))?
    );
    shop.sql.batch_execute(&sql).await?;
    let of = async |party: i32| {
        shop.listed(with(shop.days(DAY, DAY), json!({"partySize": party})))
            .await
    };
    // What ends makes room for what begins: never more than six are out.
    assert_eq!(
        (of(4).await?.len(), of(5).await?.len(), of(8).await?.len()),
        (24, 22, 22)
    );
    let found = shop
        .search(with(
            shop.days(DAY, DAY),
            json!({"first": 1, "after": "2027-01-11T10:30:00Z"}),
        ))
        .await?;
    let slot = &found["slots"][0];
    assert_eq!(
        (&slot["unitsLeft"], &slot["picks"][0]["poolId"]),
        (&json!(4), &json!(pool))
    );
    Ok(())
}

#[tokio::test]
async fn places_in_slots_and_what_is_closed() -> anyhow::Result<()> {
    let (shop, pool) = boats("slot", "SLOT").await?;
    let slots: Vec<Uuid> = (0..3).map(|_| bizing::database::new_id()).collect();
    let sql = format!(
        "insert into availability.slots (biz_id, id, pool_id, location_id, business_date, starts_at, ends_at, capacity, occupied, status) \
         select '{}', s.id::uuid, '{}', '{}', '2027-01-11', s.at::timestamptz, s.at::timestamptz + interval '90 minutes', 10, 0, s.status \
         from (values ('{}', '2027-01-11T09:00Z', 'open'), ('{}', '2027-01-11T11:00Z', 'closed'), ('{}', '2027-01-11T13:00Z', 'open')) as s (id, at, status); \
         set session_replication_role = replica; update availability.slots set occupied = 8 where id = '{}'",
        shop.owner.biz_id,
        uuid(&json!(pool))?,
        uuid(&json!(shop.location))?,
        slots[0],
        slots[1],
        slots[2],
        slots[2]
    );
    let owner = shop.world.database.owner().await?;
    owner
        .batch_execute(&format!("set app.biz_id = '{}'; {sql}", shop.owner.biz_id))
        .await?;
    let found = shop.search(shop.days(DAY, DAY)).await?;
    let all: Vec<(String, String, i64)> = found["slots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| {
            (
                text(&slot["startsAt"]),
                text(&slot["endsAt"]),
                slot["unitsLeft"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        all,
        [
            (
                "2027-01-11T09:00:00Z".into(),
                "2027-01-11T10:30:00Z".into(),
                10
            ),
            (
                "2027-01-11T13:00:00Z".into(),
                "2027-01-11T14:30:00Z".into(),
                2
            )
        ]
    );
    assert_eq!(
        shop.listed(with(shop.days(DAY, DAY), json!({"partySize": 3})))
            .await?,
        ["2027-01-11T09:00:00Z"]
    );
    let closed = shop.why("2027-01-11T11:00:00Z").await?;
    assert_eq!(
        closed["components"][0]["blockers"][0]["kind"],
        json!("SLOT_STATUS"),
        "{closed}"
    );
    let none = shop.why("2027-01-11T12:00:00Z").await?;
    assert_eq!(
        none["changeSets"][0]["changes"][0]["remedy"],
        json!("MAKE_SLOT"),
        "{none}"
    );
    Ok(())
}

/// What takes units of a pool takes as many at its new time, and none any more at the old one.
#[tokio::test]
async fn inv06_units_of_a_pool_move_with_their_booking() -> anyhow::Result<()> {
    let (shop, pool) = boats("pool", "CONCURRENT").await?;
    sell(&shop).await?;
    let book = async |hour: i32, boats: i32| {
        let more = json!({"partySize": boats});
        shop.cut(&format!("{DAY}T{hour}:00:00Z"), more).await
    };
    let order = book(10, 4).await?.must()?;
    let order = order.payload()["bookingOrder"].clone();
    book(14, 7).await?.must()?;
    let to = async |hour: i32| {
        let input = json!({"id": order["id"], "startsAt": format!("{DAY}T{hour}:00:00Z")});
        let select = "bookingOrder { startsAt endsAt }";
        shop.owner.verb("bookingReschedule", input, select).await
    };
    let sql = format!(
        "select to_char(a.service_starts_at at time zone 'UTC', 'HH24'), a.units from availability.allocations a \
         where a.pool_id = '{}' and a.status in ('hold', 'firm') order by 1",
        uuid(&json!(pool))?
    );
    let taken = async || -> anyhow::Result<Vec<(String, i32)>> {
        let rows = shop.sql.query(&sql, &[]).await?;
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    };
    to(14).await?.must_refuse("SOLD_OUT")?;
    let both = |hour: &str| vec![(hour.to_owned(), 4), ("14".to_owned(), 7)];
    assert_eq!(taken().await?, both("10"));
    to(12).await?.must()?;
    assert_eq!(taken().await?, both("12"));
    // What it takes itself is not in its way.
    let half = json!({"id": order["id"], "startsAt": format!("{DAY}T12:30:00Z")});
    shop.owner
        .act("bookingReschedule", half, "bookingOrder { id }")
        .await?;
    assert_eq!(taken().await?, both("12"));
    anyhow::ensure!(shop.world.breaks().await? == 0);
    Ok(())
}

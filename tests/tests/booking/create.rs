//! `bookingCreate`: what it writes.

use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::soon;

use super::{Count, Desk, allocations, with};

const ALL: &str = "bookingOrder { id number kind status channel partySize currency baseMinor totalMinor total { amount } timezone checkInOn checkOutOn
    startsAt endsAt businessDate confirmedAt holdId hold { status heldUntil units } customer { id number fullName email phone }
    cancellationPolicyId cancellationPolicy
    lines { nodes { lineNo name quantity unit unitPrice totalMinor startsOn endsOn sellableId
      pricingPeriods { nodes { startsOn endsOn days rate units subtotalMinor } } } }
    participants { nodes { name role customerId } }
    reservationDetail { unitTypeId rooms adults children babies childAges mealPlan marketSegment source }
    reservationNights { nodes { stayDate rateMinor currency } } }";

/// Three nights in two rooms, the last one dearer, for a family that calls for the first time.
fn family(desk: &Desk) -> Value {
    let night = |day: i64, amount: &str| json!({"on": soon(day), "rate": {"amount": amount, "currency": "EUR"}});
    with(
        desk.hotel.stay(soon(0), 3),
        json!({
            "nightlyRate": null, "nights": [night(0, "100"), night(1, "100.00"), night(2, "120.50")],
            "units": 2, "adults": 3, "children": 1, "babies": 1, "childAges": [7, 0],
            "mealPlan": "BREAKFAST", "marketSegment": "Groups", "channel": "PHONE",
            "newCustomer": {"fullName": "Ana Silva", "email": "Ana@example.com", "phone": "+351912345678"},
            "participants": [{"name": "Bia", "role": "CHILD"}],
        }),
    )
}

/// The items of a list of a row.
fn nodes<'a>(row: &'a Value, list: &str) -> &'a [Value] {
    row[list]["nodes"].as_array().map_or(&[], Vec::as_slice)
}

#[tokio::test]
async fn a_stay_is_an_order_held_for_who_called() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let made = desk
        .hotel
        .owner
        .act("bookingCreate", family(&desk), ALL)
        .await?;
    let order = &made["bookingOrder"];
    let number = order["number"].as_str().unwrap_or_default();
    assert!(number.starts_with("BK-"), "{number}");
    for (field, value) in [
        ("kind", json!("STAY")),
        ("status", json!("HELD")),
        ("channel", json!("PHONE")),
        ("partySize", json!(5)),
        ("timezone", json!("Europe/Lisbon")),
        ("checkInOn", json!(soon(0))),
        ("checkOutOn", json!(soon(3))),
        ("confirmedAt", Value::Null),
        ("cancellationPolicyId", json!(desk.hotel.policy)),
    ] {
        assert_eq!(order[field], value, "{field}");
    }
    assert_eq!(order["hold"]["status"], "HELD");
    assert_eq!(order["customer"]["fullName"], "Ana Silva");
    assert_eq!(order["customer"]["email"], "Ana@example.com");
    let tiers = order["cancellationPolicy"]["tiers"].as_array();
    assert_eq!(tiers.map(Vec::len), Some(3));
    let people = nodes(order, "participants");
    let is = |name: &str, role: &str| {
        let mut found = people.iter();
        found.any(|person| person["name"] == name && person["role"] == role)
    };
    assert!(is("Ana Silva", "PAYER") && is("Bia", "CHILD"), "{people:?}");
    Ok(())
}

#[tokio::test]
async fn a_stay_is_priced_and_taken_night_by_night() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let made = desk
        .hotel
        .owner
        .act("bookingCreate", family(&desk), ALL)
        .await?;
    let order = &made["bookingOrder"];
    // Two rooms at 100 + 100 + 120.50.
    assert_eq!(
        (&order["totalMinor"], &order["baseMinor"]),
        (&json!(64_100), &json!(64_100))
    );
    assert_eq!(order["total"]["amount"], "641.00");
    let line = &nodes(order, "lines")[0];
    assert_eq!(
        (&line["totalMinor"], &line["unit"]),
        (&json!(64_100), &json!("NIGHT"))
    );
    assert_eq!(line["sellableId"], desk.hotel.sellable);
    // Nights of one price are one period.
    let periods = nodes(line, "pricingPeriods");
    let told: Vec<[&Value; 3]> = periods
        .iter()
        .map(|period| ["days", "subtotalMinor", "units"].map(|field| &period[field]))
        .collect();
    let (two, one) = (
        [2, 40_000, 2].map(|number| json!(number)),
        [1, 24_100, 2].map(|number| json!(number)),
    );
    assert_eq!(told, [two.each_ref(), one.each_ref()]);
    let nights = nodes(order, "reservationNights");
    let rates = nights
        .iter()
        .filter_map(|night| night["rateMinor"].as_i64());
    assert_eq!((nights.len(), rates.sum::<i64>()), (3, 64_100));
    let detail = &order["reservationDetail"];
    assert_eq!(
        (&detail["rooms"], &detail["adults"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(
        (&detail["childAges"], &detail["mealPlan"]),
        (&json!([7, 0]), &json!("BREAKFAST"))
    );
    let night = Count {
        held: 2,
        occupied: 0,
    };
    assert_eq!(
        desk.counts().await?,
        [(soon(0), night), (soon(1), night), (soon(2), night)]
    );
    desk.must_agree().await
}

#[tokio::test]
async fn with_confirm_it_is_firm_from_the_beginning() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let order = desk.hotel.confirmed(soon(0), 2).await?;
    assert_eq!(
        (&order["status"], &order["holdId"]),
        (&json!("CONFIRMED"), &Value::Null)
    );
    let night = Count {
        held: 0,
        occupied: 1,
    };
    assert_eq!(desk.counts().await?, [(soon(0), night), (soon(1), night)]);
    let taken = allocations(&desk.sql, uuid(&order["id"])?).await?;
    assert!(
        taken.len() == 2 && taken.iter().all(|(_, status)| status == "firm"),
        "{taken:?}"
    );
    let work = desk
        .hotel
        .owner
        .read("{ fulfillmentUnits { nodes { kind status } } }")
        .await?;
    assert_eq!(
        work["fulfillmentUnits"]["nodes"],
        json!([{"kind": "STAY_NIGHT", "status": "ASSIGNED"}])
    );
    desk.must_agree().await
}

/// Nights are those of the location's calendar, also where one of them has 23 hours or 25.
#[tokio::test]
async fn nights_follow_the_locations_clocks() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let short = super::short_day(chrono_tz::Europe::Lisbon)?;
    let before = short.pred_opt().unwrap_or(short);
    desk.hotel.confirmed(before, 3).await?;
    let sql = "select business_date, extract(epoch from ends_at - starts_at)::int / 3600 from availability.slots order by 1";
    let rows = desk.sql.query(sql, &[]).await?;
    let hours: Vec<i32> = rows.iter().map(|row| row.get(1)).collect();
    assert_eq!(hours, [24, 23, 24]);
    let gaps = "select count(*) from availability.slots a join availability.slots b on b.pool_id = a.pool_id and b.business_date = a.business_date + 1 where b.starts_at <> a.ends_at";
    assert_eq!(
        desk.sql.query_one(gaps, &[]).await?.try_get::<_, i64>(0)?,
        0
    );
    Ok(())
}

#[tokio::test]
async fn a_booking_for_a_known_customer_and_one_for_nobody() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let customer =
        tests::hotel::made(&desk.hotel.owner, "customer", json!({"fullName": "Ana"})).await?;
    let known = desk
        .hotel
        .book(with(
            desk.hotel.stay(soon(0), 1),
            json!({"customerId": customer}),
        ))
        .await?;
    assert_eq!(known["customerId"], customer);
    let nobody = desk.hotel.book(desk.hotel.stay(soon(0), 1)).await?;
    assert_eq!(nobody["customerId"], Value::Null);
    let data = desk
        .hotel
        .owner
        .read("{ customers { totalCount } }")
        .await?;
    assert_eq!(data["customers"]["totalCount"], 1);
    Ok(())
}

/// Where a night was never sold before, its sellable and its slots are made.
#[tokio::test]
async fn the_first_night_of_a_room_type_needs_no_preparation() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let owner = &desk.hotel.owner;
    let input = json!({"code": "NEW", "name": "New room", "locationId": desk.hotel.location});
    let room = tests::hotel::made(owner, "unitType", input).await?;
    let input = json!({"code": "NEW", "name": "New rooms", "locationId": desk.hotel.location, "unitTypeId": room, "capacity": 1});
    tests::hotel::made(owner, "capacityPool", input).await?;
    let stay = with(desk.hotel.stay(soon(0), 1), json!({"unitTypeId": room}));
    desk.hotel.book(stay.clone()).await?;
    owner
        .verb("bookingCreate", stay, "bookingOrder { id }")
        .await?
        .must_refuse("SOLD_OUT")?;
    let data = owner
        .read("{ sellables(filter: {name: {eq: \"New room\"}}) { nodes { kind refId } } }")
        .await?;
    assert_eq!(
        data["sellables"]["nodes"],
        json!([{"kind": "UNIT_TYPE", "refId": room}])
    );
    desk.must_agree().await
}

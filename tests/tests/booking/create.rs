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

#[tokio::test]
async fn a_stay_is_written_whole() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let first = soon(0);
    let input = with(
        desk.hotel.stay(first, 3),
        json!({
            "nightlyRate": null,
            "nights": [
                {"on": first, "rate": {"amount": "100", "currency": "EUR"}},
                {"on": first.succ_opt(), "rate": {"amount": "100.00", "currency": "EUR"}},
                {"on": soon(2), "rate": {"amount": "120.50", "currency": "EUR"}},
            ],
            "units": 2, "adults": 3, "children": 1, "babies": 1, "childAges": [7, 0], "mealPlan": "BREAKFAST", "marketSegment": "Groups",
            "newCustomer": {"fullName": "Ana Silva", "email": "Ana@example.com", "phone": "+351912345678"},
            "participants": [{"name": "Bia", "role": "CHILD"}], "channel": "PHONE",
        }),
    );
    let payload = desk.hotel.owner.act("bookingCreate", input, ALL).await?;
    let order = &payload["bookingOrder"];
    assert_eq!(
        (&order["kind"], &order["status"], &order["channel"]),
        (&json!("STAY"), &json!("HELD"), &json!("PHONE"))
    );
    assert!(
        order["number"]
            .as_str()
            .is_some_and(|number| number.starts_with("BK-")),
        "{}",
        order["number"]
    );
    // Two rooms at 100 + 100 + 120.50.
    assert_eq!(
        (
            &order["totalMinor"],
            &order["baseMinor"],
            &order["total"]["amount"]
        ),
        (&json!(64_100), &json!(64_100), &json!("641.00"))
    );
    assert_eq!(order["partySize"], 5);
    assert_eq!(order["timezone"], "Europe/Lisbon");
    assert_eq!(
        (&order["checkInOn"], &order["checkOutOn"]),
        (&json!(first), &json!(soon(3)))
    );
    assert_eq!(order["customer"]["fullName"], "Ana Silva");
    assert_eq!(order["customer"]["email"], "Ana@example.com");
    assert_eq!(order["cancellationPolicyId"], desk.hotel.policy);
    assert_eq!(
        order["cancellationPolicy"]["tiers"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );
    assert_eq!(order["confirmedAt"], Value::Null);
    assert_eq!(order["hold"]["status"], "HELD");
    let line = &order["lines"]["nodes"][0];
    assert_eq!(
        (&line["totalMinor"], &line["unit"], &line["sellableId"]),
        (&json!(64_100), &json!("NIGHT"), &json!(desk.hotel.sellable))
    );
    let periods = &line["pricingPeriods"]["nodes"];
    assert_eq!(
        periods.as_array().map(Vec::len),
        Some(2),
        "nights of one price are one period: {periods}"
    );
    assert_eq!(
        (
            &periods[0]["days"],
            &periods[0]["subtotalMinor"],
            &periods[0]["units"]
        ),
        (&json!(2), &json!(40_000), &json!(2))
    );
    assert_eq!(
        (&periods[1]["days"], &periods[1]["subtotalMinor"]),
        (&json!(1), &json!(24_100))
    );
    let nights = order["reservationNights"]["nodes"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert_eq!(nights.len(), 3);
    assert_eq!(
        nights
            .iter()
            .filter_map(|night| night["rateMinor"].as_i64())
            .sum::<i64>(),
        64_100
    );
    let detail = &order["reservationDetail"];
    assert_eq!(
        (&detail["rooms"], &detail["adults"], &detail["childAges"]),
        (&json!(2), &json!(3), &json!([7, 0]))
    );
    assert_eq!(
        (&detail["mealPlan"], &detail["marketSegment"]),
        (&json!("BREAKFAST"), &json!("Groups"))
    );
    let people = order["participants"]["nodes"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let named = |name: &str, role: &str| {
        people
            .iter()
            .any(|person| person["name"] == name && person["role"] == role)
    };
    assert!(
        named("Ana Silva", "PAYER") && named("Bia", "CHILD"),
        "{people:?}"
    );
    let night = Count {
        held: 2,
        occupied: 0,
    };
    assert_eq!(
        desk.counts().await?,
        [(first, night), (soon(1), night), (soon(2), night)]
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

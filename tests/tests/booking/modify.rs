//! `bookingModify` and `bookingCancelLines`: only what is changed gets another price, and sums agree.

use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::{made, soon};

use super::places::School;
use super::resources::Room;
use super::{Count, Desk, local, with};

const LISBON: chrono_tz::Tz = chrono_tz::Europe::Lisbon;

fn taken(occupied: i32) -> Count {
    Count { held: 0, occupied }
}

fn euros(amount: &str) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

/// What `bookingModify` answers, with the lines that were added.
async fn modify(desk: &Desk, order: &Value, change: Value) -> anyhow::Result<Value> {
    let input = with(json!({"id": order["id"]}), change);
    let selection = "bookingOrder { totalMinor baseMinor featuresMinor partySize version } lines { id totalMinor } priceDeltaMinor";
    desk.hotel
        .owner
        .act("bookingModify", input, selection)
        .await
}

#[tokio::test]
async fn e29_lines_are_added_changed_and_cancelled_each_at_its_own_price() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let desk = &room.desk;
    let order = desk.hotel.confirmed(soon(10), 2).await?;
    let massage = room.use_(600, 60);
    let at = json!([massage["startsAt"], massage["endsAt"]]);
    let lines = json!([
        {"sellableId": desk.hotel.sellable, "quantity": "3", "unitPrice": "33.333333"},
        {"sellableId": desk.hotel.sellable, "unitPrice": "60", "discount": euros("10"),
         "resourceId": room.resource, "startsAt": at[0], "endsAt": at[1]},
    ]);
    let done = modify(desk, &order, json!({"addLines": lines})).await?;
    assert_eq!(done["bookingOrder"]["totalMinor"], 35_000);
    assert_eq!(done["priceDeltaMinor"], 15_000);
    let (wine, spa) = (&done["lines"][0], &done["lines"][1]);
    assert_eq!(
        (&wine["totalMinor"], &spa["totalMinor"]),
        (&json!(10_000), &json!(5_000))
    );
    // The resource is taken, and a second line cannot have it.
    let again = json!({"id": order["id"], "addLines": [{"sellableId": desk.hotel.sellable, "unitPrice": "1",
        "resourceId": room.resource, "startsAt": at[0], "endsAt": at[1]}]});
    let owner = &desk.hotel.owner;
    owner
        .verb("bookingModify", again, "bookingOrder { id }")
        .await?
        .must_refuse("SLOT_TAKEN")?;
    let change = json!({"changeLines": [{"lineId": wine["id"], "quantity": "2"}]});
    let done = modify(desk, &order, change).await?;
    assert_eq!(done["bookingOrder"]["totalMinor"], 31_667);
    // Cancelled within a week, each line costs by the tier: here all is free.
    let gone = json!({"id": order["id"], "lineIds": [spa["id"]], "reason": "no time"});
    let select =
        "bookingOrder { totalMinor status } cancellations { feeMinor orderLineId } feeMinor";
    let done = owner
        .act("bookingCancelLines", gone.clone(), select)
        .await?;
    assert_eq!(
        done["bookingOrder"],
        json!({"totalMinor": 26_667, "status": "CONFIRMED"})
    );
    assert_eq!(done["cancellations"][0]["orderLineId"], spa["id"]);
    desk.hotel
        .book(with(massage, json!({"confirm": true})))
        .await?;
    owner
        .verb("bookingCancelLines", gone, select)
        .await?
        .must_refuse("ALREADY_CANCELLED")?;
    let data = owner
        .read("{ bookingOrderLines(filter: {startsOn: {isNull: false}}) { nodes { id } } }")
        .await?;
    let whole = json!({"id": order["id"], "lineIds": [data["bookingOrderLines"]["nodes"][0]["id"]], "reason": "x"});
    owner
        .verb("bookingCancelLines", whole, select)
        .await?
        .must_refuse("WHOLE_BOOKING")?;
    desk.must_agree().await
}

#[tokio::test]
async fn the_fee_of_a_cancelled_line_is_a_part_of_that_line() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let order = desk.hotel.confirmed(soon(10), 2).await?;
    let line = json!([{"sellableId": desk.hotel.sellable, "unitPrice": "80"}]);
    let done = modify(&desk, &order, json!({"addLines": line})).await?;
    let cutoff = local(LISBON, soon(9), "18:00:00")?;
    desk.at(cutoff + Duration::seconds(2)).await?;
    let id = &done["lines"][0]["id"];
    let told = desk
        .hotel
        .owner
        .read(&format!(
            "{{ bookingCancellationPreview(id: {}, lineId: {id}) {{ fee {{ minor }} }} }}",
            order["id"]
        ))
        .await?;
    assert_eq!(told["bookingCancellationPreview"]["fee"]["minor"], 4_000);
    let gone = json!({"id": order["id"], "lineIds": [id], "reason": "x"});
    let select = "feeMinor refundDueMinor cancellations { feeMinor policyTierId }";
    let done = desk
        .hotel
        .owner
        .act("bookingCancelLines", gone, select)
        .await?;
    assert_eq!(done["feeMinor"], 4_000);
    assert!(done["cancellations"][0]["policyTierId"].is_string());
    desk.must_agree().await
}

#[tokio::test]
async fn rooms_are_added_and_given_back_without_losing_those_it_has() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(3).await?;
    let order = desk.hotel.confirmed(soon(0), 2).await?;
    let done = modify(&desk, &order, json!({"units": 3, "partySize": 6})).await?;
    assert_eq!(
        (
            &done["bookingOrder"]["totalMinor"],
            &done["bookingOrder"]["partySize"]
        ),
        (&json!(60_000), &json!(6))
    );
    assert_eq!(
        desk.counts().await?,
        [(soon(0), taken(3)), (soon(1), taken(3))]
    );
    let done = modify(&desk, &order, json!({"units": 2})).await?;
    assert_eq!(done["priceDeltaMinor"], -20_000);
    assert_eq!(
        desk.counts().await?,
        [(soon(0), taken(2)), (soon(1), taken(2))]
    );
    desk.hotel.confirmed(soon(1), 1).await?;
    let more = json!({"id": order["id"], "units": 3});
    desk.hotel
        .owner
        .verb("bookingModify", more, "bookingOrder { id }")
        .await?
        .must_refuse("SOLD_OUT")?;
    assert_eq!(
        desk.counts().await?,
        [(soon(0), taken(2)), (soon(1), taken(3))]
    );
    desk.must_agree().await
}

#[tokio::test]
async fn a_class_and_storage_get_more_places_and_fewer() -> anyhow::Result<()> {
    let school = School::open().await?;
    let slot = school.session(9).await?;
    let class = with(school.class(&slot, 2), json!({"confirm": true}));
    let class = school.desk.hotel.book(class).await?;
    modify(&school.desk, &class, json!({"units": 4})).await?;
    assert_eq!(school.taken().await?, [(0, 4)]);
    let five = json!({"id": class["id"], "units": 5});
    school
        .desk
        .hotel
        .owner
        .verb("bookingModify", five, "bookingOrder { id }")
        .await?
        .must_refuse("SOLD_OUT")?;
    modify(&school.desk, &class, json!({"units": 1})).await?;
    assert_eq!(school.taken().await?, [(0, 1)]);
    let storage = school.desk.hotel.book(school.storage(2, 4)).await?;
    let done = modify(&school.desk, &storage, json!({"units": 10})).await?;
    assert_eq!(done["bookingOrder"]["totalMinor"], 3_000);
    school
        .desk
        .act("bookingConfirm", &storage, json!({}))
        .await?;
    school.desk.must_agree().await
}

#[tokio::test]
async fn features_follow_what_they_are_a_part_of() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let owner = &desk.hotel.owner;
    let mut features = Vec::new();
    for (code, how, value, currency) in [
        ("ins", "PERCENT_OF_BASE", "5", Value::Null),
        ("lin", "UNIT_PER_DAY", "2.50", json!("EUR")),
        ("key", "FLAT", "3", json!("EUR")),
    ] {
        let feature = made(
            owner,
            "feature",
            json!({"code": code, "name": code, "scope": "LOCATION"}),
        )
        .await?;
        let price = json!({"featureId": feature, "name": code, "calculation": how, "value": value, "currency": currency});
        made(owner, "featurePrice", price).await?;
        features.push(feature);
    }
    let order = desk.hotel.confirmed(soon(0), 2).await?;
    let all: Vec<Value> = features.iter().map(|id| json!({"featureId": id})).collect();
    let done = modify(&desk, &order, json!({"addFeatures": all})).await?;
    // 5 % of 200.00, 2.50 a night, 3.00 once.
    assert_eq!(done["bookingOrder"]["featuresMinor"], 1_000 + 500 + 300);
    let done = modify(&desk, &order, json!({"units": 2})).await?;
    assert_eq!(done["bookingOrder"]["featuresMinor"], 2_000 + 1_000 + 300);
    assert_eq!(done["bookingOrder"]["totalMinor"], 43_300);
    let twice = json!({"id": order["id"], "addFeatures": [{"featureId": features[2]}]});
    owner
        .verb("bookingModify", twice, "bookingOrder { id }")
        .await?
        .must_refuse("HAS_FEATURE")?;
    let done = modify(&desk, &order, json!({"removeFeatureIds": [features[0]]})).await?;
    assert_eq!(done["bookingOrder"]["totalMinor"], 41_300);
    desk.must_agree().await
}

#[tokio::test]
async fn e91_changes_that_make_no_sense_are_refused_at_their_field() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let order = desk.hotel.confirmed(soon(0), 2).await?;
    let owner = &desk.hotel.owner;
    let old = made(
        owner,
        "sellable",
        json!({"kind": "FEE", "name": "Old", "active": false}),
    )
    .await?;
    let line = |more: Value| json!({"addLines": [with(json!({"sellableId": desk.hotel.sellable, "unitPrice": "1"}), more)]});
    for (change, code, field) in [
        (json!({}), "INCOMPLETE", "id"),
        (json!({"units": 0}), "INVALID_QUANTITY", "units"),
        (json!({"partySize": 0}), "INVALID_QUANTITY", "partySize"),
        (
            line(json!({"quantity": "0"})),
            "INVALID_QUANTITY",
            "addLines",
        ),
        (
            line(json!({"unitPrice": "-1"})),
            "INVALID_PRICE",
            "addLines",
        ),
        (
            line(json!({"discount": euros("2")})),
            "INVALID_PRICE",
            "addLines",
        ),
        (
            line(json!({"discount": {"amount": "1", "currency": "USD"}})),
            "WRONG_CURRENCY",
            "addLines",
        ),
        (
            line(json!({"startsAt": "2031-01-01T10:00:00Z", "endsAt": "2031-01-01T09:00:00Z"})),
            "INVALID_DATES",
            "addLines",
        ),
        (line(json!({"sellableId": old})), "NOT_BOOKABLE", "addLines"),
    ] {
        let input = with(json!({"id": order["id"]}), change.clone());
        let answer = owner
            .verb("bookingModify", input, "bookingOrder { id }")
            .await?;
        assert_eq!(answer.user_code(), Some(code), "{change}: {}", answer.body);
        assert_eq!(answer.user_errors()[0]["field"], json!([field]), "{change}");
    }
    let crowd = json!({"id": order["id"], "addLines": vec![json!({"sellableId": desk.hotel.sellable, "unitPrice": "1"}); 101]});
    owner
        .verb("bookingModify", crowd, "bookingOrder { id }")
        .await?
        .must_refuse("TOO_MANY")?;
    let stale = json!({"id": order["id"], "units": 2, "expectedVersion": 99});
    owner
        .verb("bookingModify", stale, "bookingOrder { id }")
        .await?
        .must_fail("CONFLICT")?;
    let stranger = desk.world.owner().await?;
    stranger
        .verb(
            "bookingModify",
            json!({"id": order["id"], "units": 2}),
            "bookingOrder { id }",
        )
        .await?
        .must_fail("NOT_FOUND")?;
    desk.must_agree().await
}

//! `bookingCheckIn`, `bookingCheckOut`, `bookingMarkNoShow`.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use tests::World;
use tests::hotel::{Plan, soon};

use super::{Count, Desk, local, with};

const LISBON: chrono_tz::Tz = chrono_tz::Europe::Lisbon;

fn instant(value: &Value) -> anyhow::Result<DateTime<Utc>> {
    Ok(serde_json::from_value(value.clone())?)
}

#[tokio::test]
async fn a_stay_from_arrival_to_departure() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let input = with(
        desk.hotel.stay(soon(0), 2),
        json!({"confirm": true, "newCustomer": {"fullName": "Ana"}}),
    );
    let order = desk.hotel.book(input).await?;
    let arrival = local(LISBON, soon(0), "16:20:00")?;
    desk.at(arrival).await?;
    let inside = desk.act("bookingCheckIn", &order, json!({})).await?;
    assert_eq!(inside["bookingOrder"]["status"], "IN_PROGRESS");
    let drift = instant(&inside["bookingOrder"]["checkedInAt"])? - arrival;
    assert!(drift < Duration::seconds(30), "{drift}");
    desk.at(local(LISBON, soon(2), "10:05:00")?).await?;
    let gone = desk.act("bookingCheckOut", &order, json!({})).await?;
    assert_eq!(gone["bookingOrder"]["status"], "COMPLETED");
    assert_eq!(gone["bookingOrder"]["checkOutOn"], json!(soon(2)));
    let data = desk.hotel.owner.read("{ bookingParticipants { nodes { role checkedInAt } } fulfillmentUnits { nodes { status actualStartsAt actualEndsAt } } }").await?;
    for person in data["bookingParticipants"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
    {
        assert_eq!(
            person["checkedInAt"].is_null(),
            person["role"] == "PAYER",
            "{person}"
        );
    }
    let work = &data["fulfillmentUnits"]["nodes"][0];
    assert_eq!(work["status"], "COMPLETED");
    assert!(work["actualStartsAt"].is_string() && work["actualEndsAt"].is_string());
    desk.must_agree().await
}

#[tokio::test]
async fn nobody_arrives_before_the_local_day_of_arrival() -> anyhow::Result<()> {
    let zone = chrono_tz::Pacific::Apia;
    let plan = Plan {
        timezone: zone.name().to_owned(),
        ..Plan::default()
    };
    let mut desk = Desk::over(World::new().await?, &plan).await?;
    let order = desk.hotel.confirmed(soon(0), 1).await?;
    let midnight = local(zone, soon(0), "00:00:00")?;
    desk.at(midnight - Duration::seconds(2)).await?;
    desk.verb("bookingCheckIn", &order, json!({}))
        .await?
        .must_refuse("TOO_EARLY")?;
    desk.at(midnight + Duration::seconds(1)).await?;
    desk.act("bookingCheckIn", &order, json!({})).await?;
    Ok(())
}

/// E-17: the nights that a guest who leaves early does not stay are free again.
#[tokio::test]
async fn e17_an_early_departure_gives_its_nights_back() -> anyhow::Result<()> {
    let mut desk = Desk::with_rooms(1).await?;
    let order = desk.hotel.confirmed(soon(0), 4).await?;
    desk.at(local(LISBON, soon(0), "16:00:00")?).await?;
    desk.act("bookingCheckIn", &order, json!({})).await?;
    desk.at(local(LISBON, soon(2), "09:00:00")?).await?;
    let gone = desk.act("bookingCheckOut", &order, json!({})).await?;
    assert_eq!(gone["bookingOrder"]["checkOutOn"], json!(soon(2)));
    assert_eq!(
        gone["bookingOrder"]["totalMinor"], 40_000,
        "what was agreed is still owed"
    );
    let night = Count {
        held: 0,
        occupied: 1,
    };
    assert_eq!(desk.counts().await?, [(soon(0), night), (soon(1), night)]);
    desk.hotel.confirmed(soon(2), 2).await?;
    desk.must_agree().await
}

#[tokio::test]
async fn who_leaves_on_the_day_of_arrival_has_stayed_a_night() -> anyhow::Result<()> {
    let mut desk = Desk::with_rooms(1).await?;
    let order = desk.hotel.confirmed(soon(0), 3).await?;
    desk.at(local(LISBON, soon(0), "16:00:00")?).await?;
    desk.act("bookingCheckIn", &order, json!({})).await?;
    let gone = desk.act("bookingCheckOut", &order, json!({})).await?;
    assert_eq!(gone["bookingOrder"]["checkOutOn"], json!(soon(1)));
    assert_eq!(
        desk.counts().await?,
        [(
            soon(0),
            Count {
                held: 0,
                occupied: 1
            }
        )]
    );
    desk.must_agree().await
}

#[tokio::test]
async fn a_no_show_is_noted_after_the_start_and_frees_what_is_left() -> anyhow::Result<()> {
    let mut desk = Desk::with_rooms(1).await?;
    let order = desk.hotel.confirmed(soon(0), 3).await?;
    let start = local(LISBON, soon(0), "15:00:00")?;
    desk.at(start - Duration::seconds(2)).await?;
    desk.verb("bookingMarkNoShow", &order, json!({}))
        .await?
        .must_refuse("TOO_EARLY")?;
    desk.at(local(LISBON, soon(1), "01:30:00")?).await?;
    let noted = desk
        .act("bookingMarkNoShow", &order, json!({"reason": "no call"}))
        .await?;
    assert_eq!(
        (&noted["bookingOrder"]["status"], &noted["feeMinor"]),
        (&json!("NO_SHOW"), &json!(30_000))
    );
    // The first night is over; the others can be sold again.
    assert_eq!(
        desk.counts().await?,
        [(
            soon(0),
            Count {
                held: 0,
                occupied: 1
            }
        )]
    );
    desk.hotel.confirmed(soon(1), 2).await?;
    let data = desk
        .hotel
        .owner
        .read("{ statusHistories(filter: {toStatus: {eq: \"no_show\"}}) { nodes { reason } } }")
        .await?;
    assert_eq!(
        data["statusHistories"]["nodes"],
        json!([{"reason": "no call"}])
    );
    desk.must_agree().await
}

/// Who has seen an older state is told so, and nothing happens.
#[tokio::test]
async fn e91_a_verb_on_an_older_version_is_a_conflict() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let order = desk.hotel.book(desk.hotel.stay(soon(0), 1)).await?;
    let version = order["version"].as_i64().unwrap_or_default();
    let done = desk
        .act(
            "bookingConfirm",
            &order,
            json!({"expectedVersion": version}),
        )
        .await?;
    let current = done["bookingOrder"]["version"].clone();
    assert_ne!(current, version);
    desk.at(local(LISBON, soon(0), "16:00:00")?).await?;
    for (name, more) in [
        ("bookingCheckIn", json!({})),
        ("bookingCancel", json!({"reason": "x"})),
        ("bookingMarkNoShow", json!({})),
    ] {
        let answer = desk
            .verb(
                name,
                &order,
                with(more, json!({"expectedVersion": version})),
            )
            .await?
            .must_fail("CONFLICT")?;
        assert_eq!(
            answer.errors()[0]["extensions"]["currentVersion"],
            current,
            "{name}"
        );
    }
    desk.act(
        "bookingCheckIn",
        &order,
        json!({"expectedVersion": current}),
    )
    .await?;
    Ok(())
}

/// The nights that are given back count as cancelled: their price goes, and the fee of the policy comes.
#[tokio::test]
async fn e17_by_the_policy_nights_that_are_given_back_cost_their_fee() -> anyhow::Result<()> {
    let mut desk = Desk::with_rooms(1).await?;
    let order = desk.hotel.confirmed(soon(0), 10).await?;
    desk.at(local(LISBON, soon(0), "16:00:00")?).await?;
    desk.act("bookingCheckIn", &order, json!({})).await?;
    desk.at(local(LISBON, soon(1), "10:00:00")?).await?;
    let input = json!({"id": order["id"], "byPolicy": true});
    let selection = "bookingOrder { status checkOutOn totalMinor } feeMinor refundDueMinor";
    let gone = desk
        .hotel
        .owner
        .act("bookingCheckOut", input, selection)
        .await?;
    assert_eq!(gone["bookingOrder"]["totalMinor"], 10_000, "{gone}");
    // The first night given back begins in a few hours: half of it is owed, by the policy.
    assert_eq!(
        (&gone["feeMinor"], &gone["refundDueMinor"]),
        (&json!(45_000), &json!(0))
    );
    let read = "{ cancellations { nodes { feeMinor reason orderLineId } } reservationNights(filter: {releasedAt: {isNull: true}}) { totalCount } }";
    let data = desk.hotel.owner.read(read).await?;
    assert_eq!(
        data["cancellations"]["nodes"][0]["feeMinor"], 45_000,
        "{data}"
    );
    assert_eq!(data["reservationNights"]["totalCount"], 1);
    let again = desk.hotel.confirmed(soon(1), 9).await?;
    assert_eq!(again["status"], "CONFIRMED");
    desk.must_agree().await
}

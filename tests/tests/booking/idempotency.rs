//! One booking a key, however often it is asked for (E-15, E-37, invariant 17).

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::World;
use tests::hotel::{Plan, soon};

use super::{Count, Desk, with};

#[tokio::test]
async fn e15_e37_a_double_booking_create_with_one_key_makes_one_booking() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let input = with(
        desk.hotel.stay(soon(0), 2),
        json!({"idempotencyKey": "form-1", "newCustomer": {"fullName": "Ana"}}),
    );
    let first = desk
        .hotel
        .owner
        .act("bookingCreate", input.clone(), "bookingOrder { id number }")
        .await?;
    let again = desk
        .hotel
        .owner
        .act("bookingCreate", input.clone(), "bookingOrder { id number }")
        .await?;
    assert_eq!(first["bookingOrder"], again["bookingOrder"]);
    assert_eq!(
        (&first["replayed"], &again["replayed"]),
        (&json!(false), &json!(true))
    );
    let night = Count {
        held: 1,
        occupied: 0,
    };
    assert_eq!(desk.counts().await?, [(soon(0), night), (soon(1), night)]);
    let data = desk
        .hotel
        .owner
        .read("{ bookingOrders { totalCount } customers { totalCount } }")
        .await?;
    assert_eq!(
        (
            &data["bookingOrders"]["totalCount"],
            &data["customers"]["totalCount"]
        ),
        (&json!(1), &json!(1))
    );
    let other = with(input, json!({"adults": 2}));
    desk.hotel
        .owner
        .verb("bookingCreate", other, "bookingOrder { id }")
        .await?
        .must_refuse("IDEMPOTENCY_MISMATCH")?;
    desk.must_agree().await
}

/// A double click on the last room: the second is the same booking, not a refusal.
#[tokio::test]
async fn e15_a_double_click_on_the_last_room_is_one_booking() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let input = with(
        desk.hotel.stay(soon(0), 1),
        json!({"idempotencyKey": "form-1"}),
    );
    let (one, two) = tokio::join!(
        desk.hotel.book(input.clone()),
        desk.hotel.book(input.clone())
    );
    assert_eq!(one?["id"], two?["id"]);
    let other = with(input, json!({"idempotencyKey": "form-2"}));
    desk.hotel
        .owner
        .verb("bookingCreate", other, "bookingOrder { id }")
        .await?
        .must_refuse("SOLD_OUT")?;
    desk.must_agree().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv17_thirty_two_equal_requests_have_one_effect() -> anyhow::Result<()> {
    let desk = Desk::over(World::with_pool(16).await?, &Plan::default()).await?;
    let input = with(
        desk.hotel.stay(soon(0), 1),
        json!({"idempotencyKey": "form-1"}),
    );
    let requests = (0..32).map(|_| {
        desk.hotel
            .owner
            .act("bookingCreate", input.clone(), "bookingOrder { id }")
    });
    let answers = join_all(requests)
        .await
        .into_iter()
        .collect::<anyhow::Result<Vec<Value>>>()?;
    assert!(
        answers
            .iter()
            .all(|answer| answer["bookingOrder"] == answers[0]["bookingOrder"])
    );
    assert_eq!(
        answers
            .iter()
            .filter(|answer| answer["replayed"] == false)
            .count(),
        1
    );
    assert_eq!(
        desk.counts().await?,
        [(
            soon(0),
            Count {
                held: 1,
                occupied: 0
            }
        )]
    );
    desk.must_agree().await
}

#[tokio::test]
async fn a_key_stands_for_later_steps_too() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let order = desk.hotel.book(desk.hotel.stay(soon(0), 1)).await?;
    let first = desk
        .act(
            "bookingConfirm",
            &order,
            json!({"idempotencyKey": "confirm"}),
        )
        .await?;
    let again = desk
        .act(
            "bookingConfirm",
            &order,
            json!({"idempotencyKey": "confirm"}),
        )
        .await?;
    assert_eq!(again["replayed"], true);
    assert_eq!(
        first["bookingOrder"]["version"],
        again["bookingOrder"]["version"]
    );
    desk.verb("bookingConfirm", &order, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    let first = desk
        .act(
            "bookingCancel",
            &order,
            json!({"reason": "x", "idempotencyKey": "cancel"}),
        )
        .await?;
    let again = desk
        .act(
            "bookingCancel",
            &order,
            json!({"reason": "x", "idempotencyKey": "cancel"}),
        )
        .await?;
    assert_eq!(
        (&again["replayed"], &again["feeMinor"]),
        (&json!(true), &first["feeMinor"])
    );
    assert_eq!(again["cancellation"], first["cancellation"]);
    Ok(())
}

/// E-37: a refusal does not burn the key: once there is room, the same request is done.
#[tokio::test]
async fn e37_what_was_sold_out_may_be_asked_again_under_its_key() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let other = desk.hotel.confirmed(soon(0), 1).await?;
    let input = with(
        desk.hotel.stay(soon(0), 1),
        json!({"idempotencyKey": "form-1"}),
    );
    desk.hotel
        .owner
        .verb("bookingCreate", input.clone(), "bookingOrder { id }")
        .await?
        .must_refuse("SOLD_OUT")?;
    desk.act("bookingCancel", &other, json!({"reason": "x"}))
        .await?;
    let made = desk
        .hotel
        .owner
        .act("bookingCreate", input, "bookingOrder { id }")
        .await?;
    assert_eq!(made["replayed"], false);
    Ok(())
}

#[tokio::test]
async fn a_dry_run_takes_no_place() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let dry = with(
        desk.hotel.stay(soon(0), 1),
        json!({"dryRun": true, "newCustomer": {"fullName": "Ana"}}),
    );
    for _ in 0..2 {
        let told = desk
            .hotel
            .owner
            .act(
                "bookingCreate",
                dry.clone(),
                "bookingOrder { number totalMinor customer { fullName } lines { totalCount } }",
            )
            .await?;
        assert_eq!(told["bookingOrder"]["customer"]["fullName"], "Ana");
        assert_eq!(told["bookingOrder"]["lines"]["totalCount"], 1);
    }
    let data = desk
        .hotel
        .owner
        .read("{ bookingOrders { totalCount } customers { totalCount } slots { totalCount } }")
        .await?;
    assert_eq!(
        data,
        json!({"bookingOrders": {"totalCount": 0}, "customers": {"totalCount": 0}, "slots": {"totalCount": 0}})
    );
    desk.hotel.confirmed(soon(0), 1).await?;
    desk.hotel
        .owner
        .verb("bookingCreate", dry, "bookingOrder { id }")
        .await?
        .must_refuse("SOLD_OUT")?;
    Ok(())
}

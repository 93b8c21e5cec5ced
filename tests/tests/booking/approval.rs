//! Bookings that staff approve: `bookingApprove`, `bookingDecline`, and the deadline.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::hotel::{made, soon};

use super::{Count, Desk, with};

/// A booking that waits for approval.
async fn pending(desk: &Desk, day: i64) -> anyhow::Result<Value> {
    let input = with(
        desk.hotel.stay(soon(day), 1),
        json!({"requestApproval": true}),
    );
    desk.hotel.book(input).await
}

#[tokio::test]
async fn inv05_e02_a_booking_that_waits_for_approval_takes_its_place() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let order = pending(&desk, 0).await?;
    assert_eq!(order["status"], "PENDING_APPROVAL");
    let held = Count {
        held: 1,
        occupied: 0,
    };
    assert_eq!(desk.counts().await?, [(soon(0), held)]);
    let second = with(
        desk.hotel.stay(soon(0), 1),
        json!({"requestApproval": true}),
    );
    desk.hotel
        .owner
        .verb("bookingCreate", second, "bookingOrder { id }")
        .await?
        .must_refuse("SOLD_OUT")?;
    let approved = desk.act("bookingApprove", &order, json!({})).await?;
    assert_eq!(approved["bookingOrder"]["status"], "CONFIRMED");
    desk.verb("bookingApprove", &order, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    let data = desk
        .hotel
        .owner
        .read("{ fulfillmentUnits { nodes { status } } }")
        .await?;
    assert_eq!(
        data["fulfillmentUnits"]["nodes"],
        json!([{"status": "ASSIGNED"}])
    );
    desk.must_agree().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv05_of_approvals_and_refusals_at_once_one_counts() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let order = pending(&desk, 0).await?;
    let answers = join_all((0..32).map(|index| {
        let (name, input) = if index % 2 == 0 {
            ("bookingApprove", json!({}))
        } else {
            ("bookingDecline", json!({"reason": "no"}))
        };
        desk.verb(name, &order, input)
    }))
    .await;
    let mut done = 0;
    for answer in answers {
        let answer = answer?;
        match answer.user_code() {
            None => {
                assert!(answer.errors().is_empty(), "{}", answer.body);
                done += 1;
            }
            code => assert_eq!(code, Some("WRONG_STATUS"), "{}", answer.body),
        }
    }
    assert_eq!(done, 1);
    desk.must_agree().await
}

#[tokio::test]
async fn a_declined_booking_gives_its_place_back_and_says_why() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let order = pending(&desk, 0).await?;
    desk.verb("bookingDecline", &order, json!({"reason": " "}))
        .await?
        .must_refuse("REASON_REQUIRED")?;
    let declined = desk
        .act("bookingDecline", &order, json!({"reason": "We are full."}))
        .await?;
    assert_eq!(declined["bookingOrder"]["status"], "DECLINED");
    assert_eq!(desk.counts().await?, []);
    let history = "select reason from core.status_history where to_status = 'declined'";
    let reason: String = desk.sql.query_one(history, &[]).await?.try_get(0)?;
    assert_eq!(reason, "We are full.");
    let free = desk.hotel.confirmed(soon(0), 1).await?;
    desk.verb("bookingDecline", &free, json!({"reason": "x"}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    desk.must_agree().await
}

/// E-12: what nobody approves in time keeps nothing: by the clock, and by the sweep.
#[tokio::test]
async fn e12_what_is_not_approved_in_time_expires_by_the_clock_and_by_the_sweep()
-> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let policy =
        json!({"name": "Slow", "locationId": desk.hotel.location, "approvalTimeoutMinutes": 90});
    made(&desk.hotel.owner, "bookingPolicy", policy).await?;
    let order = pending(&desk, 0).await?;
    let left = "select extract(epoch from held_until - clock_timestamp())::bigint from availability.booking_holds";
    let seconds: i64 = desk.sql.query_one(left, &[]).await?.try_get(0)?;
    assert!((5_300..=5_400).contains(&seconds), "{seconds}");
    desk.let_expire(&order).await?;
    desk.verb("bookingApprove", &order, json!({}))
        .await?
        .must_refuse("DEADLINE_PASSED")?;
    // Nobody has swept yet, and the place is free all the same.
    let other = pending(&desk, 0).await?;
    assert_eq!(desk.status(&order).await?, "expired");
    desk.let_expire(&other).await?;
    assert!(desk.world.run_job("expire_holds").await? > 0);
    assert_eq!(desk.status(&other).await?, "expired");
    assert_eq!(desk.counts().await?, []);
    desk.must_agree().await
}

#[tokio::test]
async fn where_the_policy_wants_approval_only_who_may_approve_confirms_at_once()
-> anyhow::Result<()> {
    let desk = Desk::with_rooms(9).await?;
    let owner = &desk.hotel.owner;
    let policy = json!({"name": "Asks", "locationId": desk.hotel.location, "autoConfirm": false, "holdMinutes": 5, "maxActivePerCustomer": 2});
    made(owner, "bookingPolicy", policy).await?;
    let clerk = desk.world.staff(owner, "front_desk", &[]).await?;
    let firm = with(desk.hotel.stay(soon(0), 1), json!({"confirm": true}));
    let by_clerk = clerk
        .act("bookingCreate", firm.clone(), "bookingOrder { status }")
        .await?;
    assert_eq!(by_clerk["bookingOrder"]["status"], "PENDING_APPROVAL");
    assert_eq!(desk.hotel.book(firm).await?["status"], "CONFIRMED");
    // As many bookings ahead as the policy allows, and no more.
    let guest = made(
        owner,
        "customer",
        json!({"number": "C-1", "fullName": "Ana"}),
    )
    .await?;
    let input = with(desk.hotel.stay(soon(1), 1), json!({"customerId": guest}));
    let answers =
        join_all((0..6).map(|_| owner.verb("bookingCreate", input.clone(), "bookingOrder { id }")))
            .await;
    let mut codes = Vec::new();
    for answer in answers {
        codes.push(answer?.user_code().map(str::to_owned));
    }
    let refused = Some("TOO_MANY_BOOKINGS".to_owned());
    assert_eq!(
        codes.iter().filter(|code| code.is_none()).count(),
        2,
        "{codes:?}"
    );
    assert_eq!(
        codes.iter().filter(|code| **code == refused).count(),
        4,
        "{codes:?}"
    );
    desk.must_agree().await
}

//! Bookings that several pay for: shares sum up, whatever happens to them.

use serde_json::{Value, json};
use tests::hotel::soon;

use super::{Desk, with};

/// A booking of 100.00 for three, and its participants.
async fn party(desk: &Desk) -> anyhow::Result<(Value, Vec<String>)> {
    let people = json!([{"name": "Ana"}, {"name": "Bea"}, {"name": "Cid", "role": "ATTENDEE"}]);
    let input = with(
        desk.hotel.stay(soon(10), 1),
        json!({"confirm": true, "adults": 3, "participants": people}),
    );
    let order = desk.hotel.book(input).await?;
    let data = desk
        .hotel
        .owner
        .read("{ bookingParticipants(orderBy: [{name: ASC}]) { nodes { id name } } }")
        .await?;
    let ids = data["bookingParticipants"]["nodes"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let ids = ids
        .iter()
        .filter_map(|one| one["id"].as_str().map(str::to_owned));
    Ok((order, ids.collect()))
}

async fn split(desk: &Desk, order: &Value, more: Value) -> anyhow::Result<tests::Answer> {
    let input = with(json!({"id": order["id"]}), more);
    let select = "bookingOrder { organiserShareMinor totalMinor } obligations { id amountMinor status participantId version }";
    desk.hotel.owner.verb("bookingSplit", input, select).await
}

fn amounts(answer: &tests::Answer) -> Vec<i64> {
    let all = answer.payload()["obligations"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    all.iter()
        .filter_map(|one| one["amountMinor"].as_i64())
        .collect()
}

#[tokio::test]
async fn e28_inv12_a_hundred_euros_in_three_are_shared_to_the_cent() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (order, people) = party(&desk).await?;
    let shares: Vec<Value> = people
        .iter()
        .map(|id| json!({"participantId": id}))
        .collect();
    let done = split(&desk, &order, json!({"shares": shares}))
        .await?
        .must()?;
    assert_eq!(amounts(&done), [3_334, 3_333, 3_333]);
    assert_eq!(done.payload()["bookingOrder"]["organiserShareMinor"], 0);
    // Anew: an amount, a weight, and the organiser.
    let mixed = json!({"organiserShare": {"amount": "10", "currency": "EUR"}, "shares": [
        {"participantId": people[0], "amount": {"amount": "50", "currency": "EUR"}},
        {"participantId": people[1], "weight": 3}, {"participantId": people[2], "weight": 1}]});
    let done = split(&desk, &order, mixed).await?.must()?;
    assert_eq!(amounts(&done), [5_000, 3_000, 1_000]);
    for (change, code) in [
        (json!({"shares": []}), "INVALID_SHARES"),
        (
            json!({"shares": [{"participantId": people[0]}, {"participantId": people[0]}]}),
            "INVALID_SHARES",
        ),
        (
            json!({"shares": [{"participantId": people[0], "weight": 0}]}),
            "INVALID_SHARES",
        ),
        (
            json!({"shares": [{"participantId": people[0], "amount": {"amount": "101", "currency": "EUR"}}]}),
            "DOES_NOT_SUM",
        ),
        (
            json!({"shares": [{"participantId": people[0], "amount": {"amount": "1", "currency": "JPY"}}]}),
            "WRONG_CURRENCY",
        ),
    ] {
        split(&desk, &order, change).await?.must_refuse(code)?;
    }
    let (other, _) = (desk.hotel.confirmed(soon(20), 1).await?, 0);
    let stranger = json!({"shares": [{"participantId": people[0]}]});
    split(&desk, &other, stranger)
        .await?
        .must_fail("NOT_FOUND")?;
    desk.must_agree().await
}

#[tokio::test]
async fn shares_follow_the_price_are_passed_on_and_waived() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let owner = &desk.hotel.owner;
    let (order, people) = party(&desk).await?;
    let two = json!({"shares": [{"participantId": people[0]}, {"participantId": people[1]}]});
    let done = split(&desk, &order, two).await?.must()?;
    let shares = done.payload()["obligations"].clone();
    // A night more is the organiser's.
    let longer = json!({"startsOn": soon(10), "endsOn": soon(12)});
    desk.act("bookingReschedule", &order, longer).await?;
    let data = owner
        .read("{ bookingOrders { nodes { organiserShareMinor totalMinor } } }")
        .await?;
    assert_eq!(
        data["bookingOrders"]["nodes"][0],
        json!({"organiserShareMinor": 10_000, "totalMinor": 20_000})
    );
    let taken = json!({"id": shares[0]["id"], "participantId": people[1]});
    owner
        .verb("obligationTransfer", taken, "obligation { id }")
        .await?
        .must_refuse("OWES_ALREADY")?;
    let pass = json!({"id": shares[0]["id"], "participantId": people[2]});
    let passed = owner
        .act(
            "obligationTransfer",
            pass.clone(),
            "obligation { amountMinor participantId transferredFromId } transferred { status }",
        )
        .await?;
    assert_eq!(passed["transferred"]["status"], "TRANSFERRED");
    assert_eq!(passed["obligation"]["amountMinor"], 5_000);
    owner
        .verb("obligationTransfer", pass, "obligation { id }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    let waive = json!({"id": shares[1]["id"], "reason": "a birthday"});
    let waived = owner
        .act("obligationWaive", waive.clone(), "obligation { status }")
        .await?;
    assert_eq!(waived["obligation"]["status"], "WAIVED");
    owner
        .verb("obligationWaive", waive, "obligation { id }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    let events = owner
        .read("{ participantObligationEvents { nodes { kind } } }")
        .await?;
    assert_eq!(
        events["participantObligationEvents"]["nodes"]
            .as_array()
            .map(Vec::len),
        Some(5)
    );
    desk.must_agree().await
}

/// Each pays their share, whatever their role and seat; the booking is paid with the last of them.
#[tokio::test]
async fn a_group_pays_one_by_one_until_the_booking_is_paid() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let owner = &desk.hotel.owner;
    let (order, people) = party(&desk).await?;
    let shares: Vec<Value> = people
        .iter()
        .map(|id| json!({"participantId": id}))
        .collect();
    let own = json!({"shares": shares, "organiserShare": {"amount": "0", "currency": "EUR"}});
    let done = split(&desk, &order, own).await?.must()?;
    let shares = done.payload()["obligations"].clone();
    let ask = format!(
        "{{ bookingPaid(id: {}) {{ isPaid outstanding {{ minor }} paidByParticipants {{ minor }} }} }}",
        order["id"]
    );
    let paid =
        async || -> anyhow::Result<Value> { Ok(owner.read(&ask).await?["bookingPaid"].clone()) };
    let mut left = 10_000;
    for share in shares.as_array().into_iter().flatten() {
        let told = paid().await?;
        assert_eq!(
            (&told["isPaid"], &told["outstanding"]["minor"]),
            (&json!(false), &json!(left))
        );
        let half = json!({"id": share["id"], "amount": {"amount": "10", "currency": "EUR"}, "note": "cash"});
        let half = owner
            .act("obligationPay", half, "obligation { status }")
            .await?;
        assert_eq!(half["obligation"]["status"], "PARTIALLY_PAID");
        let rest = json!({"id": share["id"], "note": "cash"});
        let rest = owner
            .act("obligationPay", rest, "obligation { status }")
            .await?;
        assert_eq!(rest["obligation"]["status"], "PAID");
        left -= share["amountMinor"].as_i64().unwrap_or_default();
    }
    let told = paid().await?;
    assert_eq!(
        told,
        json!({"isPaid": true, "outstanding": {"minor": 0}, "paidByParticipants": {"minor": 10_000}})
    );
    // What is paid is not split anew, and nobody pays twice.
    let again = json!({"shares": [{"participantId": people[0]}]});
    split(&desk, &order, again)
        .await?
        .must_refuse("ALREADY_PAID")?;
    let twice = json!({"id": shares[0]["id"], "note": "cash"});
    let twice = owner
        .verb("obligationPay", twice, "obligation { id }")
        .await?;
    twice.must_refuse("NOTHING_OWED")?;
    desk.must_agree().await
}

/// E-13: who drops out is refunded alone; where all is called off, every payer is.
#[tokio::test]
async fn e13_who_drops_out_is_refunded_alone_and_cancelling_all_refunds_every_payer()
-> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let owner = &desk.hotel.owner;
    let (order, people) = party(&desk).await?;
    let shares: Vec<Value> = people
        .iter()
        .map(|id| json!({"participantId": id}))
        .collect();
    split(&desk, &order, json!({"shares": shares}))
        .await?
        .must()?;
    // Paid in full, as the payments of entitlements would note it.
    desk.sql
        .batch_execute(
            "begin; insert into booking.participant_obligation_events (biz_id, id, obligation_id, kind, amount_minor, currency)
               select biz_id, core.uuid_v7(), id, 'paid', amount_minor, currency from booking.participant_obligations;
             update booking.participant_obligations set paid_minor = amount_minor, status = 'paid'; commit;",
        )
        .await?;
    let gone = owner
        .act(
            "bookingParticipantCancel",
            json!({"id": people[0]}),
            "participant { cancelledAt } refundDueMinor",
        )
        .await?;
    assert_eq!(gone["refundDueMinor"], 3_334);
    assert!(gone["participant"]["cancelledAt"].is_string());
    owner
        .verb(
            "bookingParticipantCancel",
            json!({"id": people[0]}),
            "participant { id }",
        )
        .await?
        .must_refuse("ALREADY_CANCELLED")?;
    let input = json!({"id": order["id"], "reason": "rain"});
    let done = owner
        .act(
            "bookingCancel",
            input,
            "feeMinor shareRefunds { participantId paidMinor refundDueMinor }",
        )
        .await?;
    assert_eq!(done["feeMinor"], 0);
    let refunds = done["shareRefunds"].as_array().cloned().unwrap_or_default();
    assert_eq!(refunds.len(), 2, "{refunds:?}");
    for refund in refunds {
        assert_eq!(refund["refundDueMinor"], 3_333);
    }
    let open = "select count(*) from booking.participant_obligations where status <> 'cancelled'";
    assert_eq!(
        desk.sql.query_one(open, &[]).await?.try_get::<_, i64>(0)?,
        0
    );
    desk.must_agree().await
}

#[tokio::test]
async fn those_who_take_part_check_in_one_by_one() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let (_, people) = party(&desk).await?;
    let came = json!({"id": people[0], "method": "GEO", "lat": "38.7223", "lng": "-9.1393"});
    let select = "participant { checkedInAt } checkIn { method occurredAt }";
    desk.hotel
        .owner
        .verb("bookingParticipantCheckIn", came.clone(), select)
        .await?
        .must_refuse("TOO_EARLY")?;
    desk.at(super::local(
        chrono_tz::Europe::Lisbon,
        soon(10),
        "16:00:00",
    )?)
    .await?;
    let done = desk
        .hotel
        .owner
        .act("bookingParticipantCheckIn", came, select)
        .await?;
    assert_eq!(done["checkIn"]["method"], "GEO");
    assert!(done["participant"]["checkedInAt"].is_string());
    Ok(())
}

#[tokio::test]
async fn what_was_booked_is_booked_again_and_nights_not_stayed_are_let_off() -> anyhow::Result<()> {
    let mut desk = Desk::with_rooms(2).await?;
    let order = desk.hotel.confirmed(soon(0), 4).await?;
    let again =
        json!({"id": order["id"], "startsOn": soon(20), "endsOn": soon(22), "confirm": true});
    let select = "bookingOrder { status totalMinor rebookedFromId checkInOn }";
    let done = desk
        .hotel
        .owner
        .act("bookingRebook", again.clone(), select)
        .await?;
    assert_eq!(
        done["bookingOrder"],
        json!({"status": "CONFIRMED", "totalMinor": 20_000, "rebookedFromId": order["id"], "checkInOn": soon(20)})
    );
    let missing = json!({"id": order["id"]});
    desk.hotel
        .owner
        .verb("bookingRebook", missing, select)
        .await?
        .must_refuse("INCOMPLETE")?;
    let zone = chrono_tz::Europe::Lisbon;
    desk.at(super::local(zone, soon(0), "16:00:00")?).await?;
    desk.act("bookingCheckIn", &order, json!({})).await?;
    desk.at(super::local(zone, soon(1), "09:00:00")?).await?;
    let gone = desk
        .act("bookingCheckOut", &order, json!({"letOffNights": true}))
        .await?;
    assert_eq!(
        gone["bookingOrder"]["totalMinor"], 10_000,
        "E-17: re-priced to the night stayed"
    );
    desk.must_agree().await
}

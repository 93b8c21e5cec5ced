//! Value that is held, passed on, corrected, lapsed, and what a statement tells of it.

use super::{Shop, WALLET, euros, id, with};
use chrono::{Duration, TimeZone as _};
use serde_json::{Value, json};
use tests::World;
use tests::hotel::{made, soon};

const USED: &str = "wallet { id balance held } entries { id grantId kind quantity }";

#[tokio::test]
async fn e36_value_held_for_another_cart_is_told_apart_from_an_empty_wallet() -> anyhow::Result<()>
{
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let order = hotel.book(hotel.stay(soon(0), 1)).await?;
    let customer = made(&hotel.owner, "customer", json!({ "fullName": "Ana" })).await?;
    let sql = world.database.platform(hotel.owner.biz_id).await?;
    let shop = Shop {
        world,
        owner: hotel.owner.clone(),
        customer,
        sql,
    };
    let wallet = shop.wallet(json!({})).await?;
    shop.grant(&wallet, json!({ "amount": euros(1000) }))
        .await?;
    let hold = json!({ "walletId": wallet, "amount": euros(800), "bookingOrderId": order["id"], "minutes": 10 });
    let held = shop
        .owner
        .act(
            "valueHoldPlace",
            hold.clone(),
            "valueHold { id quantity status }",
        )
        .await?;
    let again = shop
        .owner
        .verb("valueHoldPlace", hold, "valueHold { id }")
        .await?
        .must_refuse("HELD_ELSEWHERE")?;
    assert_eq!(again.user_errors()[0]["retryable"], true);
    let burn = |more: Value| {
        let input = with(json!({ "walletId": wallet, "amount": euros(300) }), more);
        let owner = shop.owner.clone();
        async move { owner.verb("walletBurn", input, USED).await }
    };
    burn(json!({})).await?.must_refuse("HELD_ELSEWHERE")?;
    burn(json!({ "amount": euros(1001) }))
        .await?
        .must_refuse("INSUFFICIENT")?;
    burn(json!({ "amount": euros(200) })).await?.must()?;
    // Who has the hold uses a part of it: the rest is free again.
    let hold_id = held["valueHold"]["id"].clone();
    burn(json!({ "holdId": hold_id, "amount": euros(801) }))
        .await?
        .must_refuse("INSUFFICIENT")?;
    let used = burn(json!({ "holdId": hold_id })).await?.must()?;
    assert_eq!(
        used.payload()["wallet"],
        json!({ "id": wallet, "balance": 500, "held": 0 })
    );
    burn(json!({ "holdId": hold_id }))
        .await?
        .must_refuse("EXPIRED")?;
    shop.must_agree().await
}

#[tokio::test]
async fn a_hold_that_has_run_out_keeps_nothing() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let order = hotel.book(hotel.stay(soon(0), 1)).await?;
    let customer = made(&hotel.owner, "customer", json!({ "fullName": "Ana" })).await?;
    let sql = world.database.platform(hotel.owner.biz_id).await?;
    let mut shop = Shop {
        world,
        owner: hotel.owner.clone(),
        customer,
        sql,
    };
    let wallet = shop.wallet(json!({})).await?;
    let (card, _) = shop.card(1000, json!({})).await?;
    shop.grant(&wallet, json!({ "amount": euros(1000) }))
        .await?;
    let hold = |target: Value| {
        with(
            json!({ "amount": euros(1000), "bookingOrderId": order["id"] }),
            target,
        )
    };
    shop.owner
        .act(
            "valueHoldPlace",
            hold(json!({ "walletId": wallet })),
            "valueHold { id }",
        )
        .await?;
    let kept = shop
        .owner
        .act(
            "valueHoldPlace",
            hold(json!({ "giftInstrumentId": card })),
            "valueHold { id }",
        )
        .await?;
    shop.later(Duration::minutes(16)).await?;
    let burn = json!({ "walletId": wallet, "amount": euros(1000) });
    shop.owner.act("walletBurn", burn, USED).await?;
    assert_eq!(shop.world.run_job("expire_value_holds").await?, 1);
    assert_eq!(shop.world.run_job("expire_value_holds").await?, 0);
    let release = json!({ "id": kept["valueHold"]["id"] });
    shop.owner
        .verb("valueHoldRelease", release, "valueHold { id }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    shop.must_agree().await
}

#[tokio::test]
async fn a_transfer_needs_four_eyes_and_conserves_what_goes_over() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let from = shop.wallet(json!({})).await?;
    let other = shop.customer("Bruno Brito").await?;
    let to = shop.wallet(json!({ "customerId": other })).await?;
    let pass = shop.pass().await?;
    shop.grant(
        &from,
        json!({ "amount": euros(700), "expiresOn": soon(10) }),
    )
    .await?;
    shop.grant(&from, json!({ "amount": euros(700) })).await?;
    let ask = |more: Value| {
        with(
            json!({ "fromWalletId": from, "toWalletId": to, "amount": euros(1000), "reason": "Family" }),
            more,
        )
    };
    let asking = "transfer { id status quantity }";
    shop.owner
        .verb("walletTransfer", ask(json!({ "toWalletId": from })), asking)
        .await?
        .must_refuse("SAME_WALLET")?;
    shop.owner
        .verb("walletTransfer", ask(json!({ "toWalletId": pass })), asking)
        .await?
        .must_refuse("OTHER_UNIT")?;
    let asked = shop
        .owner
        .act("walletTransfer", ask(json!({})), asking)
        .await?;
    let approve = json!({ "id": asked["transfer"]["id"] });
    let approving = "transfer { status } fromWallet { balance } toWallet { balance }";
    shop.owner
        .verb("walletTransferApprove", approve.clone(), approving)
        .await?
        .must_refuse("FOUR_EYES")?;
    let manager = shop.world.staff(&shop.owner, "manager", &[]).await?;
    let done = manager
        .act("walletTransferApprove", approve.clone(), approving)
        .await?;
    assert_eq!(done["transfer"]["status"], "COMPLETED");
    assert_eq!(
        (&done["fromWallet"]["balance"], &done["toWallet"]["balance"]),
        (&json!(400), &json!(1000))
    );
    manager
        .verb("walletTransferApprove", approve.clone(), approving)
        .await?
        .must_refuse("WRONG_STATUS")?;
    // What went over keeps its time: the part that ends soon went first.
    let sql = "select count(*) from entitlements.grants where wallet_id = $1 and origin = 'transfer' and ends_at is not null and quantity = 700";
    assert_eq!(shop.number(sql, &[&to]).await?, 1);
    let second = shop
        .owner
        .act("walletTransfer", ask(json!({})), asking)
        .await?;
    let second = json!({ "id": second["transfer"]["id"] });
    manager
        .verb("walletTransferApprove", second.clone(), approving)
        .await?
        .must_refuse("INSUFFICIENT")?;
    let end = with(second, json!({ "reason": "Not enough there" }));
    let ended = manager
        .act("walletTransferEnd", end.clone(), asking)
        .await?;
    assert_eq!(ended["transfer"]["status"], "REJECTED");
    manager
        .verb("walletTransferEnd", end, asking)
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(shop.account("2150").await?, 1400);
    shop.must_agree().await
}

#[tokio::test]
async fn staff_correct_and_take_back_with_a_reason() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let wallet = shop.wallet(json!({})).await?;
    let grant = shop
        .grant(&wallet, json!({ "amount": euros(1000) }))
        .await?;
    let adjust = |more: Value| {
        let input = with(
            json!({ "walletId": wallet, "reason": "Booked twice" }),
            more,
        );
        let owner = shop.owner.clone();
        async move { owner.verb("walletAdjust", input, WALLET).await }
    };
    adjust(json!({ "amount": { "amount": "-10.01", "currency": "EUR" } }))
        .await?
        .must_refuse("INSUFFICIENT")?;
    adjust(json!({ "amount": euros(5), "reason": "" }))
        .await?
        .must_refuse("REASON_REQUIRED")?;
    adjust(json!({ "units": 5 }))
        .await?
        .must_refuse("OTHER_UNIT")?;
    adjust(json!({ "amount": { "amount": "-4.00", "currency": "EUR" } }))
        .await?
        .must()?;
    adjust(json!({ "amount": euros(50) })).await?.must()?;
    assert_eq!(shop.balance(&wallet).await?, 650);
    let revoke = json!({ "id": grant, "reason": "Refunded", "isRefunded": true });
    let payload = shop
        .owner
        .act(
            "grantRevoke",
            revoke.clone(),
            "grant { status remaining } wallet { balance }",
        )
        .await?;
    assert_eq!(
        (&payload["grant"]["status"], &payload["wallet"]["balance"]),
        (&json!("REVOKED"), &json!(50))
    );
    shop.owner
        .verb("grantRevoke", revoke, "grant { id }")
        .await?
        .must_refuse("NOTHING_LEFT")?;
    assert_eq!(shop.account("2150").await?, 50);
    // 10 euros paid, 6 of them to be refunded; 4 were taken away and half a euro given.
    assert_eq!(
        (shop.account("2100").await?, shop.account("5060").await?),
        (-400, -350)
    );
    shop.must_agree().await
}

#[tokio::test]
async fn value_lapses_once_however_many_workers_run() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    let wallet = shop.wallet(json!({})).await?;
    let pass = shop.pass().await?;
    shop.grant(
        &wallet,
        json!({ "amount": euros(1000), "expiresOn": soon(0) }),
    )
    .await?;
    shop.grant(&wallet, json!({ "amount": euros(300) })).await?;
    shop.grant(
        &pass,
        json!({ "units": 7, "paid": euros(1000), "expiresOn": soon(0) }),
    )
    .await?;
    let used = shop
        .owner
        .act("walletBurn", json!({ "walletId": pass, "units": 3 }), USED)
        .await?;
    assert_eq!(shop.world.run_job("expire_grants").await?, 0);
    // In Lisbon the day begins when it begins there, not in UTC.
    let midnight = chrono_tz::Europe::Lisbon
        .from_local_datetime(&soon(0).and_hms_opt(0, 0, 0).unwrap())
        .unwrap()
        .to_utc();
    shop.at(midnight - Duration::seconds(30)).await?;
    assert_eq!(shop.world.run_job("expire_grants").await?, 0);
    shop.at(midnight + Duration::seconds(1)).await?;
    shop.owner
        .verb("walletBurn", json!({ "walletId": pass, "units": 4 }), USED)
        .await?
        .must_refuse("EXPIRED")?;
    let (one, two) = tokio::join!(
        shop.world.run_job("expire_grants"),
        shop.world.run_job("expire_grants")
    );
    assert_eq!(one? + two?, 2);
    assert_eq!(shop.world.run_job("expire_grants").await?, 0);
    assert_eq!(
        (shop.balance(&wallet).await?, shop.balance(&pass).await?),
        (300, 0)
    );
    // 10 euros of money, and 4 of 7 visits paid with 10 euros.
    assert_eq!(shop.account("4060").await?, 1000 + 572);
    shop.must_agree().await?;
    // What is given back of a use lapses too, and the books follow.
    let back =
        json!({ "entryIds": [used["entries"][0]["id"]], "reason": "Class cancelled", "units": 1 });
    shop.owner.act("walletReverse", back, USED).await?;
    assert_eq!(shop.balance(&pass).await?, 1);
    assert_eq!(shop.world.run_job("expire_grants").await?, 1);
    assert_eq!(shop.balance(&pass).await?, 0);
    shop.must_agree().await
}

#[tokio::test]
async fn a_statement_tells_every_change_and_sums_up() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let wallet = shop.wallet(json!({})).await?;
    shop.grant(&wallet, json!({ "amount": euros(1000) }))
        .await?;
    shop.owner
        .act(
            "walletBurn",
            json!({ "walletId": wallet, "amount": euros(250) }),
            USED,
        )
        .await?;
    let today = shop.now().date_naive();
    let query = |from: chrono::NaiveDate, until: chrono::NaiveDate| {
        format!(
            "{{ walletStatement(walletId: \"{wallet}\", from: \"{from}\", until: \"{until}\") {{ opening closing isCut \
             wallet {{ id }} lines {{ kind quantity balanceAfter entry {{ id }} }} }} }}"
        )
    };
    let read = shop
        .owner
        .read(&query(today - Duration::days(1), today + Duration::days(2)))
        .await?;
    let statement = &read["walletStatement"];
    assert_eq!(
        (&statement["opening"], &statement["closing"]),
        (&json!(0), &json!(750))
    );
    let lines: Vec<_> = statement["lines"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|line| (line["kind"].clone(), line["balanceAfter"].clone()))
        .collect();
    assert_eq!(
        lines,
        [(json!("GRANT"), json!(1000)), (json!("REDEEM"), json!(750))]
    );
    let later = shop
        .owner
        .read(&query(today + Duration::days(2), today + Duration::days(3)))
        .await?;
    assert_eq!(later["walletStatement"]["opening"], 750);
    let stranger = shop.world.owner().await?;
    stranger
        .ask(&query(today, today + Duration::days(1)))
        .await?
        .must_fail("NOT_FOUND")?;
    let server = shop.world.staff(&shop.owner, "server", &[]).await?;
    server
        .ask(&query(today, today + Duration::days(1)))
        .await?
        .must_fail("FORBIDDEN")?;
    assert!(id(&statement["wallet"])?.starts_with("enwa_"));
    Ok(())
}

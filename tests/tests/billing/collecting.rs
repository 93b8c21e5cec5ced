//! Collecting: reminders by the calendar, each once, and instalments.

use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::made;

use super::House;

#[tokio::test]
async fn each_step_of_dunning_comes_once_and_the_last_one_blocks() -> anyhow::Result<()> {
    let mut house = House::open().await?;
    let policy = json!({ "code": "std", "name": "Companies", "isDefault": true, "minOpenMinor": 500, "currency": "EUR" });
    let policy = made(&house.owner, "dunningPolicy", policy).await?;
    for (name, days, blocks) in [("Reminder", 5, false), ("Last letter", 20, true)] {
        let step = json!({ "policyId": policy, "name": name, "daysOverdue": days, "channel": "EMAIL", "currency": "EUR", "blocksAccount": blocks });
        made(&house.owner, "dunningPolicyStep", step).await?;
    }
    let account = house.account(json!({})).await?;
    let today = house.world.shared.database.now().date_naive();
    let more = json!({ "billingAccountId": account, "dueOn": today });
    house.invoice_of(json!([house.line(9_000)]), more).await?;
    // Too little to be dunned.
    house
        .invoice_of(json!([house.line(400)]), json!({ "dueOn": today }))
        .await?;
    let mut reminded = Vec::new();
    for days in [4, 6, 7, 21, 30] {
        let noon = (today + Duration::days(days))
            .and_hms_opt(11, 0, 0)
            .unwrap_or_default();
        house.world.clock.set(noon.and_utc());
        reminded.push(house.world.run_job("dun_overdue").await?);
    }
    assert_eq!(reminded, [0, 1, 0, 1, 0]);
    house.owner = house.world.again(&house.owner).await?;
    let data = house
        .owner
        .read("{ billingAccounts { nodes { status } } dunningActions { nodes { outcome detail openMinor } } }")
        .await?;
    assert_eq!(data["billingAccounts"]["nodes"][0]["status"], "ON_HOLD");
    assert_eq!(
        data["dunningActions"]["nodes"].as_array().map(Vec::len),
        Some(2)
    );
    // Each went out to who is behind the account, by the way of its step.
    let sent = house
        .owner
        .read("{ messages(orderBy: [{occurredAt: ASC}]) { nodes { status body thread { channel title customer { id } } } } }")
        .await?;
    let sent = sent["messages"]["nodes"].as_array().cloned();
    let sent = sent.unwrap_or_default();
    assert_eq!(sent.len(), 2);
    for (message, name) in sent.iter().zip(["Reminder", "Last letter"]) {
        let body = super::text(&message["body"]);
        assert!(
            body.starts_with(name) && body.contains("90.00 EUR"),
            "{body}"
        );
        assert_eq!(message["status"], "QUEUED");
        assert_eq!(message["thread"]["channel"], "EMAIL");
        assert_eq!(message["thread"]["customer"]["id"], json!(house.customer));
    }
    // Asked for by hand there is nothing left to do either.
    let run = house
        .act("dunningRun", json!({}), "dunningRun { status actionCount }")
        .await?;
    assert_eq!(run, json!({ "status": "DONE", "actionCount": 0 }));
    house.must_agree().await
}

#[tokio::test]
async fn instalments_sum_to_the_invoice_and_are_settled_from_the_first() -> anyhow::Result<()> {
    let house = House::open().await?;
    let invoice = house.invoice(10_000).await?;
    let plan = |more: Value| {
        let mut input = json!({ "invoiceId": invoice["id"] });
        super::merge(&mut input, more);
        input
    };
    let wrong =
        plan(json!({ "instalments": [{ "dueOn": "2026-01-31", "amount": house.money(9_999) }] }));
    let of = "paymentSchedules { dueOn amountMinor status }";
    house
        .verb("paymentScheduleCreate", wrong, of)
        .await?
        .must_refuse("WRONG_SUM")?;
    let parts = plan(json!({ "parts": 3, "firstDueOn": "2027-01-31" }));
    let made = house
        .act("paymentScheduleCreate", parts.clone(), of)
        .await?;
    let expected = [
        ("2027-01-31", 3_334),
        ("2027-02-28", 3_333),
        ("2027-03-31", 3_333),
    ];
    for (instalment, (day, minor)) in made.as_array().into_iter().flatten().zip(expected) {
        assert_eq!(
            (&instalment["dueOn"], &instalment["amountMinor"]),
            (&json!(day), &json!(minor))
        );
    }
    house
        .verb("paymentScheduleCreate", parts, of)
        .await?
        .must_refuse("ALREADY_PLANNED")?;
    house.pay(5_000, json!({})).await?;
    assert_eq!(house.world.run_job("settle_instalments").await?, 2);
    assert_eq!(house.world.run_job("settle_instalments").await?, 0);
    let data = house
        .owner
        .read("{ paymentSchedules(orderBy: [{seq: ASC}]) { nodes { status paidMinor } } }")
        .await?;
    assert_eq!(
        data["paymentSchedules"]["nodes"],
        json!([{ "status": "PAID", "paidMinor": 3_334 }, { "status": "SCHEDULED", "paidMinor": 1_666 }, { "status": "SCHEDULED", "paidMinor": 0 }])
    );
    house
        .verb("paymentScheduleCancel", plan(json!({})), of)
        .await?
        .must_refuse("WRONG_STATUS")?;
    house.must_agree().await
}

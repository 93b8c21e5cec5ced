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

impl House {
    /// A policy of one step, five days after the day, with a fee of seven euros fifty.
    async fn dunned_with_a_fee(&self) -> anyhow::Result<()> {
        let policy =
            json!({ "code": "fee", "name": "Companies", "isDefault": true, "currency": "EUR" });
        let policy = made(&self.owner, "dunningPolicy", policy).await?;
        let step = json!({ "policyId": policy, "name": "Reminder", "daysOverdue": 5, "channel": "EMAIL", "currency": "EUR", "feeMinor": 750 });
        made(&self.owner, "dunningPolicyStep", step).await.map(drop)
    }

    /// An invoice on an account that is due today.
    async fn due_today(
        &self,
        (account, customer): (&str, &str),
        minor: i64,
    ) -> anyhow::Result<Value> {
        let today = self.world.shared.database.now().date_naive();
        let more = json!({ "billingAccountId": account, "customerId": customer, "dueOn": today });
        self.invoice_of(json!([self.line(minor)]), more).await
    }

    async fn days_later(&mut self, days: i64) -> anyhow::Result<()> {
        self.world.clock.advance(Duration::days(days));
        self.owner = self.world.again(&self.owner).await?;
        Ok(())
    }

    /// What was done, with the invoices of the fees.
    async fn actions(&self) -> anyhow::Result<Vec<Value>> {
        let query = "{ dunningActions(orderBy: [{createdAt: ASC}]) { nodes { invoiceId detail feeMinor feeInvoiceId \
            feeInvoice { status totalMinor taxMinor billingAccountId customerId number } } } }";
        let data = self.owner.read(query).await?;
        let actions = data["dunningActions"]["nodes"].as_array().cloned();
        Ok(actions.unwrap_or_default())
    }
}

#[tokio::test]
async fn the_fee_of_a_step_is_invoiced_once_and_not_dunned_itself() -> anyhow::Result<()> {
    let mut house = House::open().await?;
    house.dunned_with_a_fee().await?;
    let account = house.account(json!({})).await?;
    house.due_today((&account, &house.customer), 9_000).await?;
    // Who is on hold may buy nothing, and owes the fee all the same.
    let other = made(&house.owner, "customer", json!({ "fullName": "Bruno" })).await?;
    let held = house
        .account(json!({ "name": "Held", "customerId": other }))
        .await?;
    house.due_today((&held, &other), 2_000).await?;
    let hold = json!({ "id": held, "reason": "Overdue" });
    house
        .act("billingAccountHold", hold, "billingAccount { id }")
        .await?;
    house.days_later(7).await?;
    // What would be done is not done.
    let preview = json!({ "dryRun": true });
    let run = "dunningRun { actionCount }";
    let preview = house.act("dunningRun", preview, run).await?;
    assert_eq!(preview["actionCount"], 2);
    assert_eq!(house.actions().await?, Vec::<Value>::new());
    assert_eq!(house.books("1200").await?, 11_000);
    let (one, two) = tokio::join!(
        house.world.run_job("dun_overdue"),
        house.world.run_job("dun_overdue")
    );
    assert_eq!(one? + two?, 2);
    let actions = house.actions().await?;
    assert_eq!(actions.len(), 2);
    for action in &actions {
        let fee = &action["feeInvoice"];
        assert_eq!(
            (&action["feeMinor"], &fee["totalMinor"], &fee["status"]),
            (&json!(750), &json!(750), &json!("FINALIZED")),
            "{action}"
        );
        let of = [json!([account, house.customer]), json!([held, other])];
        assert!(
            of.contains(&json!([fee["billingAccountId"], fee["customerId"]])),
            "{fee}"
        );
        let body = format!(
            "%fee of 7.50 EUR is charged by invoice {}%",
            super::text(&fee["number"])
        );
        let sql = format!("select count(*) from comms.messages where body like '{body}'");
        assert_eq!(house.count(&sql).await?, 1);
    }
    assert_eq!(house.books("1200").await?, 11_000 + 2 * 750);
    // Neither the invoice nor the fee is reminded of again.
    house.days_later(30).await?;
    assert_eq!(house.world.run_job("dun_overdue").await?, 0);
    assert_eq!(house.actions().await?.len(), 2);
    house.must_agree().await
}

#[tokio::test]
async fn what_may_not_be_charged_is_reminded_of_without_its_fee() -> anyhow::Result<()> {
    let mut house = House::open().await?;
    house.dunned_with_a_fee().await?;
    let limit = house.money(9_500);
    let account = house.account(json!({ "creditLimit": limit })).await?;
    house.due_today((&account, &house.customer), 9_000).await?;
    house.days_later(7).await?;
    assert_eq!(house.world.run_job("dun_overdue").await?, 1);
    let actions = house.actions().await?;
    let said = super::text(&actions[0]["detail"]);
    assert!(
        said.contains("without its fee") && said.contains("credit limit"),
        "{said}"
    );
    assert_eq!(
        (&actions[0]["feeMinor"], &actions[0]["feeInvoiceId"]),
        (&json!(0), &Value::Null)
    );
    assert_eq!(house.books("1200").await?, 9_000);
    house.must_agree().await
}

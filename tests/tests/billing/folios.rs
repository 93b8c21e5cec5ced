//! Folios: charges, what is taken back, where rules lead them, moving and splitting them, and how they
//! end (E-28, E-39).

use serde_json::{Value, json};

use super::{House, INVOICE, number, text};

const FOLIO: &str = "folio { id number status balanceMinor }";

impl House {
    async fn folio(&self, more: Value) -> anyhow::Result<Value> {
        let mut input = json!({ "locationId": self.location, "ownerCustomerId": self.customer });
        super::merge(&mut input, more);
        self.act("folioOpen", input, FOLIO).await
    }

    /// Posts a charge, and gives the ids of its lines.
    async fn charge(&self, folio: &Value, minor: i64, more: Value) -> anyhow::Result<Vec<String>> {
        let mut input = json!({ "folioId": folio["id"], "description": "Dinner", "amount": self.money(minor), "category": "food" });
        super::merge(&mut input, more);
        let done = self.owner.act("folioPost", input, "lines { id }").await?;
        let lines = done["lines"].as_array().cloned().unwrap_or_default();
        Ok(lines.iter().map(|line| text(&line["id"])).collect())
    }

    async fn balance(&self, folio: &Value) -> anyhow::Result<i64> {
        let query = "query($id: ID!) { folio(id: $id) { balanceMinor } }";
        let answer = self
            .owner
            .graphql(query, json!({ "id": folio["id"] }))
            .await?
            .must()?;
        number(&answer.body["data"]["folio"], "balanceMinor")
    }
}

#[tokio::test]
async fn e39_a_charge_is_taken_back_by_a_line_and_the_folio_closes_at_zero() -> anyhow::Result<()> {
    let house = House::open().await?;
    let rate = house.tax("IVA", "0.13").await?;
    let folio = house.folio(json!({})).await?;
    let lines = house
        .charge(&folio, 1_130, json!({ "taxRateId": rate }))
        .await?;
    let input = json!({ "lineId": lines[0], "amount": house.money(500), "reason": "Cold" });
    let done = house.act("folioAllowance", input, FOLIO).await?;
    assert_eq!(done["balanceMinor"], json!(630));
    let more = json!({ "lineId": lines[0], "amount": house.money(631), "reason": "Cold" });
    house
        .verb("folioAllowance", more, FOLIO)
        .await?
        .must_refuse("WRONG_AMOUNT")?;
    let close = json!({ "id": folio["id"] });
    house
        .verb("folioClose", close.clone(), FOLIO)
        .await?
        .must_refuse("BALANCE_OPEN")?;
    house.pay(630, json!({ "folioId": folio["id"] })).await?;
    let done = house.act("folioClose", close, FOLIO).await?;
    assert_eq!(done["status"], "CLOSED");
    let input = json!({ "folioId": folio["id"], "description": "Late", "amount": house.money(5) });
    house
        .verb("folioPost", input, FOLIO)
        .await?
        .must_refuse("FOLIO_CLOSED")?;
    let reopen = json!({ "id": folio["id"], "reason": "Forgot the minibar" });
    house.act("folioReopen", reopen, FOLIO).await?;
    assert_eq!(house.books("1100").await?, 0);
    assert_eq!(house.books("1010").await?, 630);
    assert_eq!(house.books("2200").await?, 130 - 58);
    house.must_agree().await
}

#[tokio::test]
async fn rules_lead_charges_on_up_to_their_limit() -> anyhow::Result<()> {
    let house = House::open().await?;
    let (guest, company, group) = (
        house.folio(json!({})).await?,
        house.folio(json!({ "kind": "EXTERNAL" })).await?,
        house.folio(json!({ "kind": "GROUP_MASTER" })).await?,
    );
    let rule = |from: &Value, to: &Value, more: Value| {
        let mut input = json!({ "fromFolioId": from["id"], "toFolioId": to["id"] });
        super::merge(&mut input, more);
        input
    };
    let limited = rule(
        &guest,
        &company,
        json!({ "categories": ["food"], "limit": house.money(1_000) }),
    );
    let made = house
        .act("folioRoutingRuleAdd", limited, "folioRoutingRule { id }")
        .await?;
    let all = rule(&company, &group, json!({}));
    house
        .act("folioRoutingRuleAdd", all, "folioRoutingRule { id }")
        .await?;
    let circle = rule(&group, &guest, json!({}));
    house
        .verb("folioRoutingRuleAdd", circle, "folioRoutingRule { id }")
        .await?
        .must_refuse("CIRCLE")?;
    house.charge(&guest, 700, json!({})).await?;
    house.charge(&guest, 700, json!({})).await?;
    house
        .charge(&guest, 300, json!({ "category": "room" }))
        .await?;
    let balances = [
        house.balance(&guest).await?,
        house.balance(&company).await?,
        house.balance(&group).await?,
    ];
    assert_eq!(balances, [400 + 300, 0, 1_000]);
    let end = json!({ "id": made["id"] });
    house
        .act(
            "folioRoutingRuleEnd",
            end.clone(),
            "folioRoutingRule { id }",
        )
        .await?;
    house
        .verb("folioRoutingRuleEnd", end, "folioRoutingRule { id }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    house.must_agree().await
}

#[tokio::test]
async fn e28_charges_move_and_split_to_the_last_minor_unit() -> anyhow::Result<()> {
    let house = House::over(tests::World::new().await?, "JPY").await?;
    let rate = house.tax("Tax", "0.1").await?;
    let (one, other) = (house.folio(json!({})).await?, house.folio(json!({})).await?);
    let lines = house
        .charge(&one, 500, json!({ "taxRateId": rate }))
        .await?;
    let split = json!({ "id": one["id"], "parts": 3 });
    let done = house
        .owner
        .act(
            "folioSplit",
            split,
            "folio { balanceMinor } folios { id balanceMinor }",
        )
        .await?;
    let parts = [
        &done["folio"]["balanceMinor"],
        &done["folios"][0]["balanceMinor"],
        &done["folios"][1]["balanceMinor"],
    ];
    assert_eq!(parts, [&json!(167), &json!(167), &json!(166)]);
    let input = json!({ "lines": [{ "lineId": lines[0], "amount": house.money(100) }], "toFolioId": other["id"] });
    house.act("folioTransfer", input, FOLIO).await?;
    let rest = json!({ "lines": [{ "lineId": lines[0] }], "toFolioId": other["id"] });
    house.act("folioTransfer", rest.clone(), FOLIO).await?;
    house
        .verb("folioTransfer", rest, FOLIO)
        .await?
        .must_refuse("NOTHING_TO_MOVE")?;
    assert_eq!(
        (house.balance(&one).await?, house.balance(&other).await?),
        (0, 167)
    );
    let sums = house
        .count("select sum(amount_minor)::bigint * 1000 + sum(tax_minor)::bigint from billing.folio_line_items")
        .await?;
    assert_eq!(sums, 500 * 1_000 + 45);
    house.must_agree().await
}

#[tokio::test]
async fn an_invoice_takes_over_charges_and_what_was_paid_for_them() -> anyhow::Result<()> {
    let house = House::open().await?;
    let folio = house.folio(json!({})).await?;
    let lines = house.charge(&folio, 10_000, json!({})).await?;
    house.pay(4_000, json!({ "folioId": folio["id"] })).await?;
    let draft = json!({ "folioId": folio["id"] });
    let draft = house.act("invoiceCreate", draft, INVOICE).await?;
    let input = json!({ "lineId": lines[0], "reason": "Too late" });
    house
        .verb("folioAllowance", input, FOLIO)
        .await?
        .must_refuse("ALREADY_BILLED")?;
    let done = house
        .act("invoiceFinalize", json!({ "id": draft["id"] }), INVOICE)
        .await?;
    assert_eq!(
        (&done["totalMinor"], &done["paidMinor"], &done["status"]),
        (&json!(10_000), &json!(4_000), &json!("PARTIALLY_PAID"))
    );
    assert_eq!(house.balance(&folio).await?, 0);
    house
        .act("folioClose", json!({ "id": folio["id"] }), FOLIO)
        .await?;
    let books = [
        ("1100", 0),
        ("1200", 6_000),
        ("4000", 10_000),
        ("2100", 0),
        ("1010", 4_000),
    ];
    for (code, balance) in books {
        assert_eq!(house.books(code).await?, balance, "account {code}");
    }
    house.must_agree().await
}

#[tokio::test]
async fn e39_an_account_takes_over_what_is_open_at_the_end() -> anyhow::Result<()> {
    let house = House::open().await?;
    let account = house
        .account(json!({ "paymentDays": 30, "creditLimit": house.money(9_000) }))
        .await?;
    let folio = house.folio(json!({})).await?;
    house.charge(&folio, 10_000, json!({})).await?;
    let input = json!({ "id": folio["id"] });
    house
        .verb("folioTransferToAccount", input.clone(), FOLIO)
        .await?
        .must_refuse("ACCOUNT_REQUIRED")?;
    let input = json!({ "id": folio["id"], "billingAccountId": account });
    // What was paid comes off after the invoice, so the limit is minded before it.
    house
        .verb("folioTransferToAccount", input.clone(), FOLIO)
        .await?
        .must_refuse("CREDIT_LIMIT_EXCEEDED")?;
    let more = json!({ "id": account, "creditLimit": house.money(20_000) });
    house
        .act("billingAccountChange", more, "billingAccount { id }")
        .await?;
    house.pay(2_500, json!({ "folioId": folio["id"] })).await?;
    let done = house
        .owner
        .act(
            "folioTransferToAccount",
            input,
            &format!("{FOLIO} {INVOICE}"),
        )
        .await?;
    assert_eq!(done["folio"]["status"], "TRANSFERRED_TO_AR");
    assert_eq!(
        (&done["invoice"]["kind"], &done["invoice"]["openMinor"]),
        (&json!("AR"), &json!(7_500))
    );
    let exposure = house
        .count("select exposure_minor from billing.billing_accounts")
        .await?;
    assert_eq!(exposure, 7_500);
    house.must_agree().await
}

/// A day that was closed keeps its lines: what was wrong in it is put right by lines of the open day.
#[tokio::test]
async fn e39_after_its_day_is_closed_a_charge_is_corrected_by_lines_of_the_open_day()
-> anyhow::Result<()> {
    let mut house = House::open().await?;
    house.world.clock.set("2027-03-10T12:00:00Z".parse()?);
    house.owner = house.world.again(&house.owner).await?;
    let folio = house.folio(json!({})).await?;
    let lines = house.charge(&folio, 1_000, json!({})).await?;
    house.world.clock.set("2027-03-11T12:00:00Z".parse()?);
    house.owner = house.world.again(&house.owner).await?;
    let night = json!({ "locationId": house.location, "throughDate": "2027-03-10" });
    house.act("periodLock", night, "periodLock { id }").await?;
    let off = json!({ "lineId": lines[0], "amount": house.money(400), "reason": "Cold" });
    house.act("folioAllowance", off, FOLIO).await?;
    let query = "{ folioLineItems(orderBy: [{createdAt: ASC}]) { nodes { kind businessDate amountMinor } } }";
    let data = house.owner.read(query).await?;
    assert_eq!(
        data["folioLineItems"]["nodes"],
        json!([
            { "kind": "CHARGE", "businessDate": "2027-03-10", "amountMinor": 1_000 },
            { "kind": "ALLOWANCE", "businessDate": "2027-03-11", "amountMinor": -400 },
        ])
    );
    // Neither the line itself nor its day can be written to, past the verbs as well.
    let app = house.world.database.app(house.owner.biz_id).await?;
    for change in [
        "update billing.folio_line_items set amount_minor = 1",
        "delete from billing.folio_line_items",
        "insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency) \
         select biz_id, gen_random_uuid(), folio_id, 'charge', 'Late', '2027-03-10', 5, currency from billing.folio_line_items limit 1",
    ] {
        assert!(app.execute(change, &[]).await.is_err(), "{change}");
    }
    assert_eq!(house.balance(&folio).await?, 600);
    assert_eq!(house.books("1100").await?, 600);
    house.must_agree().await
}

//! Settlements, payouts, transfers, reports.

use serde_json::{Value, json};

use super::{Till, money};

pub(super) async fn account(till: &Till) -> anyhow::Result<Value> {
    let data = till
        .owner
        .read("{ processorAccounts { nodes { id processor } } }")
        .await?;
    let all = data["processorAccounts"]["nodes"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let found = all
        .into_iter()
        .find(|account| account["processor"] == "SANDBOX");
    Ok(found
        .map(|account| account["id"].clone())
        .unwrap_or_default())
}

pub(super) async fn movements(till: &Till) -> anyhow::Result<Vec<String>> {
    let sql = "select external_id from payments.payment_transactions where kind in ('capture', 'refund') order by kind, id";
    Ok(till
        .sql
        .query(sql, &[])
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect())
}

#[tokio::test]
async fn a_settlement_is_matched_line_by_line_and_paid_out() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let paid = till.card("card_ok", "100.00", json!({})).await?;
    till.card("card_ok", "50.00", json!({})).await?;
    till.refund(&paid["id"], json!({"amount": money("20.00")}))
        .await?
        .must()?;
    let account = account(&till).await?;
    let moved = movements(&till).await?;
    let today = till.world.opened.now().date_naive();
    let unreconciled = "{ paymentsUnreconciled { isLine amountMinor externalId } }";
    assert_eq!(
        till.owner.read(unreconciled).await?["paymentsUnreconciled"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );
    let entries = json!([
        {"kind": "PAYMENT", "externalId": moved[0], "amount": money("100.00"), "fee": money("1.75")},
        {"kind": "PAYMENT", "externalId": moved[1], "amount": money("50.00"), "fee": money("1.00")},
        {"kind": "REFUND", "externalId": moved[2], "amount": money("-20.00")},
        {"kind": "FEE", "externalId": "fee_1", "amount": money("-2.00")},
    ]);
    let import = async |id: &str, gross: &str, fee: &str, net: &str, entries: &Value| {
        let input = json!({
            "processorAccountId": account, "externalId": id, "startsOn": today - chrono::Duration::days(1), "endsOn": today + chrono::Duration::days(2),
            "gross": money(gross), "fee": money(fee), "net": money(net), "entries": entries,
        });
        till.owner
            .verb(
                "settlementImport",
                input,
                "settlementBatch { id status netMinor }",
            )
            .await
    };
    import("set_1", "128.00", "2.75", "125.00", &entries)
        .await?
        .must_refuse("NET_DIFFERS")?;
    import("set_1", "127.00", "2.75", "124.25", &entries)
        .await?
        .must_refuse("ENTRIES_DO_NOT_SUM_UP")?;
    let done = import("set_1", "128.00", "2.75", "125.25", &entries)
        .await?
        .must()?;
    let batch = done.data("/verb/settlementBatch/id").clone();
    import("set_1", "128.00", "2.75", "125.25", &entries)
        .await?
        .must_refuse("ALREADY_IMPORTED")?;
    let select = "settlementBatch { status } differences { what }";
    let same = till
        .owner
        .act("settlementReconcile", json!({"id": batch}), select)
        .await?;
    assert_eq!(
        (&same["settlementBatch"]["status"], &same["differences"]),
        (&json!("RECONCILED"), &json!([]))
    );
    assert_eq!(
        till.owner.read(unreconciled).await?["paymentsUnreconciled"],
        json!([])
    );
    assert_eq!(
        till.books("EUR").await?,
        json!({"1030": 12_525, "2100": 13_000, "5010": 475})
    );

    let order = json!({"amount": money("125.25"), "processorAccountId": account, "settlementBatchId": batch, "externalId": "po_1"});
    let payout = till
        .owner
        .act("payoutCreate", order, "payout { id status }")
        .await?["payout"]
        .clone();
    assert_eq!(payout["status"], "IN_TRANSIT");
    assert_eq!(
        till.books("EUR").await?,
        json!({"1050": 12_525, "2100": 13_000, "5010": 475})
    );
    let failed = json!({"id": payout["id"], "reason": "wrong account"});
    till.owner
        .act("payoutFail", failed, "payout { status }")
        .await?;
    assert_eq!(till.books("EUR").await?["1030"], 12_525);
    let again = till
        .owner
        .act(
            "payoutRetry",
            json!({"id": payout["id"]}),
            "payout { id status }",
        )
        .await?["payout"]
        .clone();
    till.owner
        .verb("payoutRetry", json!({"id": payout["id"]}), "payout { id }")
        .await?
        .must_refuse("ALREADY_RETRIED")?;
    let arrived = json!({"id": again["id"], "bankRef": "SEPA 17"});
    till.owner
        .act("payoutComplete", arrived.clone(), "payout { status }")
        .await?;
    till.owner
        .verb("payoutComplete", arrived, "payout { status }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(
        till.books("EUR").await?,
        json!({"1020": 12_525, "2100": 13_000, "5010": 475})
    );
    till.must_agree().await
}

#[tokio::test]
async fn what_a_settlement_has_otherwise_is_itemised_and_explained() -> anyhow::Result<()> {
    let till = Till::open().await?;
    till.card("card_ok", "100.00", json!({})).await?;
    till.card("card_ok", "50.00", json!({})).await?;
    let account = account(&till).await?;
    let moved = movements(&till).await?;
    let today = till.world.opened.now().date_naive();
    let input = json!({
        "processorAccountId": account, "externalId": "set_1", "startsOn": today - chrono::Duration::days(1), "endsOn": today + chrono::Duration::days(2),
        "gross": money("106.00"), "fee": money("0.00"), "net": money("106.00"), "entries": [
            {"kind": "PAYMENT", "externalId": moved[0], "amount": money("99.00")},
            {"kind": "PAYMENT", "externalId": "unknown", "amount": money("7.00")},
        ],
    });
    let done = till
        .owner
        .act("settlementImport", input, "settlementBatch { id }")
        .await?;
    let batch = &done["settlementBatch"]["id"];
    let select =
        "settlementBatch { status } differences { what externalId settledMinor recordedMinor }";
    let compared = till
        .owner
        .act("settlementReconcile", json!({"id": batch}), select)
        .await?;
    assert_eq!(compared["settlementBatch"]["status"], "DISCREPANCY");
    assert_eq!(
        compared["differences"],
        json!([
            {"what": "line without movement", "externalId": "unknown", "settledMinor": 700, "recordedMinor": 0},
            {"what": "movement not settled", "externalId": moved[1], "settledMinor": 0, "recordedMinor": 5_000},
            {"what": "movement of another amount", "externalId": moved[0], "settledMinor": 9_900, "recordedMinor": 10_000},
        ])
    );
    assert_eq!(
        till.books("EUR").await?["1090"],
        -700,
        "it is kept apart until it is cleared up"
    );
    let why = json!({"id": batch, "explanation": "The processor corrected it the day after."});
    assert_eq!(
        till.owner.act("settlementReconcile", why, select).await?["settlementBatch"]["status"],
        "RECONCILED"
    );
    till.must_agree().await
}

#[tokio::test]
async fn money_moves_between_accounts_and_back() -> anyhow::Result<()> {
    let till = Till::open().await?;
    till.pay("100.00", "EUR", json!([{"kind": "CASH"}]), json!({}))
        .await?
        .must()?;
    till.pay(
        "10.00",
        "EUR",
        json!([{"kind": "BANK_TRANSFER"}]),
        json!({}),
    )
    .await?
    .must()?;
    let data = till
        .owner
        .read("{ processorAccounts { nodes { id processor } } }")
        .await?;
    let of = |kind: &str| {
        data["processorAccounts"]["nodes"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|a| a["processor"] == kind)
            .map(|a| a["id"].clone())
    };
    let (cash, bank) = (of("CASH"), of("BANK"));
    let input =
        |amount: &str| json!({"fromAccountId": cash, "toAccountId": bank, "amount": money(amount)});
    let select = "paymentTransfer { id status reversedMinor }";
    till.owner
        .verb("paymentTransferCreate", input("100.01"), select)
        .await?
        .must_refuse("INSUFFICIENT")?;
    let moved = till
        .owner
        .act("paymentTransferCreate", input("60.00"), select)
        .await?["paymentTransfer"]
        .clone();
    assert_eq!(
        till.books("EUR").await?,
        json!({"1010": 4_000, "1020": 7_000, "2100": 11_000})
    );
    let back = json!({"id": moved["id"], "amount": money("25.00")});
    till.owner
        .act("paymentTransferReverse", back, select)
        .await?;
    let rest = till
        .owner
        .act("paymentTransferReverse", json!({"id": moved["id"]}), select)
        .await?;
    assert_eq!(rest["paymentTransfer"]["status"], "REVERSED");
    till.owner
        .verb("paymentTransferReverse", json!({"id": moved["id"]}), select)
        .await?
        .must_refuse("WRONG_AMOUNT")?;
    assert_eq!(till.books("EUR").await?["1010"], 10_000);
    till.must_agree().await
}

#[tokio::test]
async fn opening_and_what_came_less_what_went_is_closing() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let paid = till.card("card_ok", "100.00", json!({})).await?;
    till.pay("500", "JPY", json!([{"kind": "CASH"}]), json!({}))
        .await?
        .must()?;
    till.refund(&paid["id"], json!({"amount": money("30.00")}))
        .await?
        .must()?;
    till.card("card_dispute", "20.00", json!({})).await?;
    assert_eq!(till.world.run_job("sandbox_disputes").await?, 1);
    assert_eq!(till.world.run_job("sandbox_disputes").await?, 0);
    let today = till.world.opened.now().date_naive();
    let query = format!(
        "{{ paymentsReconciliation(from: \"{today}\", to: \"{today}\") {{ currency openingMinor inMinor outMinor closingMinor booksMinor residueMinor differences {{ movedMinor booksMinor }} }} \
        paymentsCollected(from: \"{today}\", to: \"{today}\") {{ currency method collectedMinor refundedMinor disputedMinor netMinor }} }}"
    );
    let data = till.owner.read(&query).await?;
    assert_eq!(
        data["paymentsReconciliation"],
        json!([
            {"currency": "EUR", "openingMinor": 0, "inMinor": 12_000, "outMinor": 5_000, "closingMinor": 7_000, "booksMinor": 7_000, "residueMinor": 0, "differences": []},
            {"currency": "JPY", "openingMinor": 0, "inMinor": 500, "outMinor": 0, "closingMinor": 500, "booksMinor": 500, "residueMinor": 0, "differences": []},
        ])
    );
    assert_eq!(
        data["paymentsCollected"],
        json!([
            {"currency": "EUR", "method": "CARD", "collectedMinor": 12_000, "refundedMinor": 3_000, "disputedMinor": 2_000, "netMinor": 7_000},
            {"currency": "JPY", "method": "CASH", "collectedMinor": 500, "refundedMinor": 0, "disputedMinor": 0, "netMinor": 500},
        ])
    );
    till.must_agree().await
}

#[tokio::test]
async fn e26_an_authorization_that_runs_out_is_released() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let held = till
        .card("card_expires", "10.00", json!({"captureMode": "MANUAL"}))
        .await?;
    assert_eq!(till.world.run_job("expire_authorizations").await?, 0);
    till.world.clock.advance(chrono::Duration::minutes(2));
    assert_eq!(till.world.run_job("expire_authorizations").await?, 1);
    assert_eq!(till.world.run_job("expire_authorizations").await?, 0);
    assert_eq!(till.payment(&held["id"]).await?["status"], "CANCELED");
    till.must_agree().await
}

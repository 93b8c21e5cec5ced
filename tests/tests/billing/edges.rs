//! Edges of billing: coins that do not exist, cents that nobody owes, numbers that are not used up.

use serde_json::json;

use super::{House, INVOICE, number};

/// What is due is paid in full; what coins cannot do is a matter of the till, not of the sale.
#[tokio::test]
async fn e41_rounding_to_coins_changes_neither_the_sale_nor_what_is_owed() -> anyhow::Result<()> {
    let house = House::over(tests::World::new().await?, "CHF").await?;
    let take = "paymentIntent { amountMinor capturedMinor } roundingMinor changeMinor";
    let mut gained = 0;
    for (due, taken) in [(1_232, 1_230), (1_233, 1_235), (1_235, 1_235)] {
        let invoice = house.invoice(due).await?;
        let input = json!({
            "due": house.money(due), "given": house.money(2_000), "source": { "invoiceId": invoice["id"] },
        });
        let done = house.owner.act("paymentCashTake", input, take).await?;
        assert_eq!(
            (&done["roundingMinor"], &done["changeMinor"]),
            (&json!(taken - due), &json!(2_000 - taken))
        );
        gained += taken;
        let now = house.invoice_now(&invoice).await?;
        assert_eq!(
            (&now["status"], &now["discountMinor"], &now["openMinor"]),
            (&json!("PAID"), &json!(0), &json!(0))
        );
        assert_eq!(house.books("1010").await?, gained);
    }
    for code in ["1200", "2100"] {
        assert_eq!(house.books(code).await?, 0, "account {code}");
    }
    let short = json!({ "due": house.money(1_233), "given": house.money(1_234) });
    house
        .verb("paymentCashTake", short, take)
        .await?
        .must_refuse("NOT_ENOUGH")?;
    let nothing = json!({ "due": house.money(2) });
    house
        .verb("paymentCashTake", nothing, take)
        .await?
        .must_refuse("WRONG_AMOUNT")?;
    let today = house.world.opened.now().date_naive();
    let query = format!(
        "{{ paymentsReconciliation(from: \"{today}\", to: \"{today}\") {{ residueMinor differences {{ movedMinor booksMinor }} }} }}"
    );
    let data = house.owner.read(&query).await?;
    // What the till has more or less is itemised.
    assert_eq!(data["paymentsReconciliation"][0]["residueMinor"], 0);
    let items = data["paymentsReconciliation"][0]["differences"].as_array();
    assert_eq!(items.map(Vec::len), Some(2));
    house.must_agree().await
}

#[tokio::test]
async fn e30_a_cent_more_than_is_owed_is_never_credited_nor_owed_back() -> anyhow::Result<()> {
    let house = House::open().await?;
    let below = json!([{ "description": "Refund", "unitPrice": "-0.01" }]);
    let input =
        json!({ "locationId": house.location, "customerId": house.customer, "lines": below });
    let answer = house.verb("invoiceCreate", input, INVOICE).await?;
    assert!(answer.user_code().is_some(), "{}", answer.body);
    let wallet = json!({ "customerId": house.customer, "currency": "EUR" });
    let wallet = house.act("walletOpen", wallet, "wallet { id }").await?;
    let grant =
        json!({ "walletId": wallet["id"], "amount": house.money(5_000), "origin": "PROMO" });
    house.act("walletGrant", grant, "wallet { id }").await?;
    let invoice = house.invoice(999).await?;
    let pay = json!({
        "amount": house.money(1_000), "locationId": house.location, "source": { "invoiceId": invoice["id"] },
        "tenders": [{ "kind": "WALLET", "walletId": wallet["id"] }],
    });
    house
        .act("paymentIntentCreate", pay, "paymentIntent { id }")
        .await?;
    let now = house.invoice_now(&invoice).await?;
    assert_eq!(
        (number(&now, "paidMinor")?, number(&now, "openMinor")?),
        (999, 0)
    );
    assert_eq!(house.books("1200").await?, 0);
    house.must_agree().await
}

/// The tax of an invoice is the sum of the taxes of its lines, to the cent, and so is what is owed.
#[tokio::test]
async fn e34_what_is_rounded_is_rounded_once_and_sums_up() -> anyhow::Result<()> {
    let house = House::open().await?;
    let rate = house.tax("IVA", "0.23").await?;
    let lines: Vec<_> = (1..=40)
        .map(|n| {
            let rate = if n % 3 == 0 { json!(null) } else { json!(rate) };
            json!({ "description": "Nut", "unitPrice": format!("0.{n:02}"), "quantity": "1.5", "taxRateId": rate })
        })
        .collect();
    let invoice = house.invoice_of(json!(lines), json!({})).await?;
    let sums = house
        .sql
        .query_one(
            "select (select sum(tax_minor) from billing.invoice_lines)::bigint, (select sum(tax_minor) from billing.invoice_taxes)::bigint, \
               (select sum(total_minor) from billing.invoice_lines)::bigint",
            &[],
        )
        .await?;
    let (lines, taxes, total): (i64, i64, i64) =
        (sums.try_get(0)?, sums.try_get(1)?, sums.try_get(2)?);
    assert_eq!(number(&invoice, "taxMinor")?, lines);
    assert_eq!(lines, taxes);
    assert_eq!(number(&invoice, "totalMinor")?, total);
    assert_eq!(house.books("1200").await?, total);
    assert_eq!(house.books("2200").await?, taxes);
    house.must_agree().await
}

#[tokio::test]
async fn inv15_what_is_tried_or_refused_uses_up_no_number() -> anyhow::Result<()> {
    let house = House::open().await?;
    let mut numbers = Vec::new();
    for _ in 0..3 {
        let draft = house.draft_of(json!([house.line(100)]), json!({})).await?;
        let input = json!({ "id": draft["id"] });
        let mut dry = input.clone();
        dry["dryRun"] = json!(true);
        house.act("invoiceFinalize", dry, INVOICE).await?;
        let done = house.act("invoiceFinalize", input.clone(), INVOICE).await?;
        numbers.push(super::text(&done["number"]));
        house
            .verb("invoiceFinalize", input, INVOICE)
            .await?
            .must_refuse("WRONG_STATUS")?;
        let discarded = house.draft_of(json!([house.line(100)]), json!({})).await?;
        let input = json!({ "id": discarded["id"] });
        house.act("invoiceDiscard", input, INVOICE).await?;
    }
    let last = |text: &String| {
        text.rsplit(['-', '/'])
            .next()
            .and_then(|n| n.parse::<i64>().ok())
    };
    let counted: Vec<_> = numbers.iter().map(last).collect();
    assert_eq!(counted, [Some(1), Some(2), Some(3)], "{numbers:?}");
    house.must_agree().await
}

//! How much an account may owe: its limit, more of it for a while, and accounts of groups.

use chrono::Duration;
use serde_json::json;

use super::{House, INVOICE};

const ACCOUNT: &str = "billingAccount { id creditLimitMinor exposureMinor }";

#[tokio::test]
async fn an_account_owes_more_than_its_limit_only_while_that_is_extended() -> anyhow::Result<()> {
    let house = House::open().await?;
    let limit = json!({ "creditLimit": house.money(9_000) });
    let account = house.account(limit).await?;
    let of = json!({ "billingAccountId": account });
    house
        .invoice_of(json!([house.line(8_000)]), of.clone())
        .await?;
    let draft = house.draft_of(json!([house.line(2_000)]), of).await?;
    let issue = json!({ "id": draft["id"] });
    let refused = house
        .verb("invoiceFinalize", issue.clone(), INVOICE)
        .await?;
    refused.must_refuse("CREDIT_LIMIT_EXCEEDED")?;
    let change = |more: serde_json::Value| {
        let mut input = json!({ "id": account });
        super::merge(&mut input, more);
        input
    };
    let endless = change(json!({ "creditExtension": house.money(1_000) }));
    let endless = house.verb("billingAccountChange", endless, ACCOUNT).await?;
    endless.must_refuse("END_REQUIRED")?;
    let yen = json!({ "amount": "1000", "currency": "JPY" });
    let yen = change(json!({ "creditLimit": yen }));
    let yen = house.verb("billingAccountChange", yen, ACCOUNT).await?;
    yen.must_refuse("WRONG_CURRENCY")?;
    // Over: no more than before. Still on: what is above the limit, and not a cent more.
    for (until, minor, code) in [
        (Duration::days(-1), 1_000, Some("CREDIT_LIMIT_EXCEEDED")),
        (Duration::days(1), 999, Some("CREDIT_LIMIT_EXCEEDED")),
        (Duration::days(1), 1_000, None),
    ] {
        let more = json!({ "creditExtension": house.money(minor), "extendedUntil": house.world.opened.now() + until });
        house
            .act("billingAccountChange", change(more), ACCOUNT)
            .await?;
        let answer = house
            .verb("invoiceFinalize", issue.clone(), INVOICE)
            .await?;
        match code {
            Some(code) => answer.must_refuse(code)?,
            None => answer.must()?,
        };
    }
    let over = json!({ "creditExtension": house.money(0) });
    let now = house
        .act("billingAccountChange", change(over), ACCOUNT)
        .await?;
    assert_eq!(now["exposureMinor"], 10_000);
    // What is paid makes room again, up to the limit.
    house
        .pay(2_500, json!({ "billingAccountId": account }))
        .await?;
    let of = json!({ "billingAccountId": account });
    let draft = house.draft_of(json!([house.line(1_500)]), of).await?;
    house
        .act("invoiceFinalize", json!({ "id": draft["id"] }), INVOICE)
        .await?;
    house.must_agree().await
}

/// A family or a company that several people share owes as a customer does.
#[tokio::test]
async fn a_group_has_an_account_and_is_invoiced() -> anyhow::Result<()> {
    let house = House::open().await?;
    let (group, customer) = (
        bizing::database::new_id(),
        tests::actor::uuid(&json!(house.customer))?,
    );
    let owner = house.world.database.platform(house.owner.biz_id).await?;
    let biz_id = house.owner.biz_id;
    let opened = format!(
        "begin; insert into identity.group_accounts (biz_id, id, name, kind) values ('{biz_id}', '{group}', 'Vela, Lda.', 'company'); \
         insert into identity.group_account_members (biz_id, id, group_account_id, customer_type, customer_id, role) \
         values ('{biz_id}', '{group}', '{group}', 'Customer', '{customer}', 'owner'); commit"
    );
    owner.batch_execute(&opened).await?;
    let data = house
        .owner
        .read("{ groupAccounts { nodes { id name } } }")
        .await?;
    let group = &data["groupAccounts"]["nodes"][0]["id"];
    let both = json!({ "name": "Vela, Lda.", "groupAccountId": group, "customerId": house.customer, "currency": "EUR" });
    let both = house.verb("billingAccountOpen", both, ACCOUNT).await?;
    both.must_refuse("ONE_HOLDER")?;
    let input = json!({ "name": "Vela, Lda.", "groupAccountId": group, "currency": "EUR", "creditLimit": house.money(5_000) });
    let account = house
        .act("billingAccountOpen", input.clone(), ACCOUNT)
        .await?;
    let again = house.verb("billingAccountOpen", input, ACCOUNT).await?;
    again.must_refuse("ALREADY_OPEN")?;
    let draft = json!({ "locationId": house.location, "billingAccountId": account["id"], "lines": [house.line(4_000)] });
    let draft = house.act("invoiceCreate", draft, INVOICE).await?;
    let issued = house
        .act("invoiceFinalize", json!({ "id": draft["id"] }), INVOICE)
        .await?;
    assert_eq!(issued["openMinor"], 4_000);
    let paid = json!({ "locationId": house.location, "billingAccountId": account["id"], "amount": house.money(4_000), "method": "CASH" });
    house
        .act("receiptRecord", paid, "receipt { id unappliedMinor }")
        .await?;
    assert_eq!(house.invoice_now(&issued).await?["status"], "PAID");
    house.must_agree().await
}

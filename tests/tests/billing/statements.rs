//! Statements of accounts: each begins where the one before it ended.

use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};

use super::{House, text};

const STATEMENT: &str = "billingStatement { number startsOn endsOn openingMinor invoicedMinor creditedMinor receivedMinor closingMinor }";

fn sums(statement: &Value) -> Vec<&Value> {
    let fields = [
        "openingMinor",
        "invoicedMinor",
        "creditedMinor",
        "receivedMinor",
        "closingMinor",
    ];
    fields.iter().map(|field| &statement[field]).collect()
}

#[tokio::test]
async fn each_statement_begins_where_the_last_one_ended() -> anyhow::Result<()> {
    let mut house = House::open().await?;
    let account = house.account(json!({})).await?;
    let on_account = json!({ "billingAccountId": account });
    let lines = json!([house.line(10_000)]);
    let invoice = house.invoice_of(lines.clone(), on_account.clone()).await?;
    let receipt = house.pay(4_000, on_account.clone()).await?;
    let first: NaiveDate = text(&invoice["issuedOn"]).parse()?;
    let make = |ends_on: NaiveDate| json!({ "billingAccountId": account, "endsOn": ends_on });
    let next_day = first + Duration::days(1);
    // The day is not over.
    house
        .verb("billingStatementMake", make(next_day), STATEMENT)
        .await?
        .must_refuse("NOT_OVER")?;
    house.world.clock.advance(Duration::days(1));
    house.owner = house.world.again(&house.owner).await?;
    house
        .verb("billingStatementMake", make(first), STATEMENT)
        .await?
        .must_refuse("EMPTY")?;
    let statement = house
        .act("billingStatementMake", make(next_day), STATEMENT)
        .await?;
    assert_eq!(statement["startsOn"], json!(first));
    assert_eq!(sums(&statement), [0, 10_000, 0, 4_000, 6_000]);
    house
        .verb("billingStatementMake", make(next_day), STATEMENT)
        .await?
        .must_refuse("EMPTY")?;
    // The money did not stay, and more is invoiced.
    let bounced = json!({ "id": receipt["id"], "reason": "Bounced" });
    house
        .act("receiptReverse", bounced, "receipt { id }")
        .await?;
    house.invoice_of(lines, on_account).await?;
    house.world.clock.advance(Duration::days(1));
    house.owner = house.world.again(&house.owner).await?;
    let end = first + Duration::days(2);
    let mut wrong = make(end);
    wrong["startsOn"] = json!(first);
    house
        .verb("billingStatementMake", wrong, STATEMENT)
        .await?
        .must_refuse("NOT_NEXT")?;
    let statement = house
        .act("billingStatementMake", make(end), STATEMENT)
        .await?;
    assert_eq!(statement["startsOn"], json!(next_day));
    assert_eq!(sums(&statement), [6_000, 10_000, 0, -4_000, 20_000]);
    // It is what the account's own list comes to.
    let query = format!(
        "{{ customerStatement(billingAccountId: \"{account}\", startsOn: \"{first}\", endsOn: \"{end}\") {{ closingMinor }} }}"
    );
    let data = house.owner.read(&query).await?;
    assert_eq!(data["customerStatement"][0]["closingMinor"], json!(20_000));
    house.must_agree().await
}

#[tokio::test]
async fn of_many_who_make_a_statement_at_once_one_does() -> anyhow::Result<()> {
    let mut house = House::open().await?;
    let account = house.account(json!({})).await?;
    let on_account = json!({ "billingAccountId": account });
    let invoice = house
        .invoice_of(json!([house.line(500)]), on_account.clone())
        .await?;
    house.world.clock.advance(Duration::days(1));
    house.owner = house.world.again(&house.owner).await?;
    let day: NaiveDate = text(&invoice["issuedOn"]).parse()?;
    let input = json!({ "billingAccountId": account, "endsOn": day + Duration::days(1) });
    let tries = (0..8).map(|_| house.verb("billingStatementMake", input.clone(), STATEMENT));
    let mut made = 0;
    for answer in futures_util::future::join_all(tries).await {
        made += usize::from(answer?.user_code().is_none());
    }
    assert_eq!(made, 1);
    let stranger = house.world.owner().await?;
    stranger
        .verb("billingStatementMake", input.clone(), STATEMENT)
        .await?
        .must_fail("NOT_FOUND")?;
    let desk = house.world.staff(&house.owner, "front_desk", &[]).await?;
    desk.verb("billingStatementMake", input, STATEMENT)
        .await?
        .must_fail("FORBIDDEN")?;
    Ok(())
}

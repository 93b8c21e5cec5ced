//! Statements of accounts: each begins where the one before it ended.

use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};
use tests::hotel::{id_of, made};

use super::{House, text};

/// The clock that makes them.
const JOB: &str = "make_statements";

const STATEMENT: &str = "billingStatement { number startsOn endsOn openingMinor invoicedMinor creditedMinor receivedMinor closingMinor }";

impl House {
    /// Sets the clock.
    async fn at(&mut self, instant: &str) -> anyhow::Result<()> {
        self.world.clock.set(instant.parse()?);
        self.owner = self.world.again(&self.owner).await?;
        Ok(())
    }

    /// The statements, from the first.
    async fn statements(&self) -> anyhow::Result<Vec<Value>> {
        let fields = STATEMENT.replacen("billingStatement {", "nodes { id sentAt", 1);
        let query = format!("{{ billingStatements(orderBy: [{{startsOn: ASC}}]) {{ {fields} }} }}");
        let data = self.owner.read(&query).await?;
        let statements = data["billingStatements"]["nodes"].as_array().cloned();
        Ok(statements.unwrap_or_default())
    }
}

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

#[tokio::test]
async fn the_statement_of_a_month_is_made_once_and_mailed_with_its_document() -> anyhow::Result<()>
{
    let mut house = House::open().await?;
    house.at("2027-03-10T10:00:00Z").await?;
    let ana = json!({ "fullName": "Ana Silva", "email": "ana@example.com" });
    let ana = made(&house.owner, "customer", ana).await?;
    let account = house
        .account(json!({ "customerId": ana, "timezone": "Pacific/Auckland" }))
        .await?;
    let on_account = json!({ "billingAccountId": account, "customerId": ana });
    let lines = json!([house.line(10_000)]);
    let invoice = house.invoice_of(lines, on_account.clone()).await?;
    let receipt = house.pay(4_000, on_account.clone()).await?;
    // An account on which nothing happened has nothing to state.
    let idle = made(&house.owner, "customer", json!({ "fullName": "Idle" })).await?;
    house
        .account(json!({ "name": "Idle", "customerId": idle }))
        .await?;
    assert_eq!(house.world.run_job(JOB).await?, 0);
    // There it is April while it is March here.
    house.at("2027-03-31T12:00:00Z").await?;
    let (one, two) = tokio::join!(house.world.run_job(JOB), house.world.run_job(JOB));
    assert_eq!(one? + two?, 1);
    assert_eq!(house.world.run_job(JOB).await?, 0);
    let made = house.statements().await?;
    assert_eq!(made.len(), 1);
    assert_eq!(
        (&made[0]["startsOn"], &made[0]["endsOn"]),
        (&invoice["issuedOn"], &json!("2027-04-01"))
    );
    assert_eq!(sums(&made[0]), [0, 10_000, 0, 4_000, 6_000]);
    assert_ne!(made[0]["sentAt"], Value::Null);
    // It goes out as a mail, with its document.
    assert_eq!(house.world.run_job("message_send").await?, 1);
    let query = "{ messages { nodes { body status thread { title channel customerId } } } }";
    let data = house.owner.read(query).await?;
    let message = &data["messages"]["nodes"][0];
    let number = text(&made[0]["number"]);
    assert_eq!(
        message["thread"]["title"],
        json!(format!("Statement {number}"))
    );
    assert_eq!(message["thread"]["customerId"], json!(ana));
    assert!(text(&message["body"]).contains("60.00 EUR"), "{message}");
    let paper = house.paper("statements", &made[0]["id"]).await?;
    let (invoice, receipt) = (text(&invoice["number"]), text(&receipt["number"]));
    for words in [
        &number,
        &invoice,
        &receipt,
        "Silva, Lda.",
        "100.00",
        "-40.00",
        "60.00",
        "2027-03-31",
    ] {
        assert!(paper.contains(words), "{words:?} is not on: {paper}");
    }
    // What stays open is stated again, a month later; nobody else sees the paper.
    house.at("2027-05-02T12:00:00Z").await?;
    assert_eq!(house.world.run_job(JOB).await?, 1);
    let made = house.statements().await?;
    assert_eq!(sums(&made[1]), [6_000, 0, 0, 0, 6_000]);
    let stranger = house.world.owner().await?;
    let path = format!("/documents/statements/{}.pdf", text(&made[1]["id"]));
    assert_eq!(stranger.get_file(&path).await?.0, 404);
    house.must_agree().await
}

#[tokio::test]
async fn a_statement_that_nobody_could_get_is_made_and_not_sent() -> anyhow::Result<()> {
    let mut house = House::open().await?;
    house.at("2027-03-10T10:00:00Z").await?;
    let club = bizing::database::new_id();
    let sql = "insert into identity.group_accounts (biz_id, id, name, kind) values ($1, $2, 'Rowing club', 'team')";
    // There is no verb that makes one yet: past the trigger that asks who its owner is.
    let superuser = house.world.database.owner().await?;
    superuser
        .batch_execute("set session_replication_role = replica")
        .await?;
    superuser
        .execute(sql, &[&house.owner.biz_id, &club])
        .await?;
    let of_club = json!({ "customerId": null, "groupAccountId": id_of("idga", club) });
    let account = house.account(of_club).await?;
    let on_account = json!({ "billingAccountId": account });
    house
        .invoice_of(json!([house.line(500)]), on_account)
        .await?;
    house.at("2027-04-02T10:00:00Z").await?;
    let by_hand = json!({ "billingAccountId": account, "endsOn": "2027-04-01", "sends": true });
    house
        .verb("billingStatementMake", by_hand, STATEMENT)
        .await?
        .must_refuse("NO_CUSTOMER")?;
    assert_eq!(house.world.run_job(JOB).await?, 1);
    assert_eq!(house.statements().await?[0]["sentAt"], Value::Null);
    Ok(())
}

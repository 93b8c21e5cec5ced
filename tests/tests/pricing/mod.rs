//! Prices over HTTP, each way of pricing reckoned by hand.

mod added;
mod booked;
mod books;
mod discounts;
mod kept;
mod quotes;
mod rates;
mod stays;
mod taxes;

use anyhow::Context as _;
use serde_json::{Value, json};
use tests::actor::unique;
use tests::hotel::made;
use tests::{Answer, Hotel, World};
use tokio_postgres::Client;

/// A hotel with prices, and a look at its tables from behind.
struct House {
    world: World,
    hotel: Hotel,
    sql: Client,
}

/// What is selected of a price.
const QUOTE: &str = "quote { currency base { minor } featuresTotal { minor } discount { minor } tax { minor } includedTax { minor } \
    total { minor } digest at expiresAt \
    lines { item addOnTo name unit quantity unitPrice list { minor } discount { minor } total { minor } orderDiscount { minor } \
      taxRate tax { minor } includedTax { minor } net { minor } gross { minor } \
      periods { startsOn endsOn rateName rate units subtotal { minor } } nights { on price { minor } } } \
    features { item name units days amount { minor } tax { minor } } \
    taxes { name treatment jurisdiction rate taxable { minor } tax { minor } } \
    discounts { code amount { minor } } \
    trace { item startsOn endsOn kind rule before after } } \
  problems { code message item day }";

impl House {
    async fn open() -> anyhow::Result<Self> {
        Self::over(World::new().await?).await
    }

    async fn over(world: World) -> anyhow::Result<Self> {
        let hotel = world.hotel().await?;
        let sql = world.database.platform(hotel.owner.biz_id).await?;
        Ok(Self { world, hotel, sql })
    }

    /// The id of a new row of an entity that staff maintain.
    async fn make(&self, entity: &str, input: Value) -> anyhow::Result<String> {
        made(&self.hotel.owner, entity, input).await
    }

    /// The id of a new fee to be sold.
    async fn fee(&self, tax_category: Option<&str>) -> anyhow::Result<String> {
        let name = format!("Fee {}", unique());
        let input = json!({ "kind": "FEE", "name": name, "taxCategory": tax_category });
        self.make("sellable", input).await
    }

    /// The id of a new book of prices in a currency that hold everywhere.
    async fn book(&self, currency: &str, is_tax_inclusive: bool) -> anyhow::Result<String> {
        let code = format!("B{}", unique());
        let input = json!({ "code": code, "name": code, "currency": currency, "isTaxInclusive": is_tax_inclusive });
        self.make("priceBook", input).await
    }

    /// The id of a new price of a sellable.
    async fn rule(
        &self,
        book: &str,
        sellable: &str,
        price: &str,
        more: Value,
    ) -> anyhow::Result<String> {
        let name = format!("Rule {}", unique());
        let mut input = json!({ "priceBookId": book, "sellableId": sellable, "name": name, "unitPrice": price });
        merge(&mut input, more);
        self.make("priceRule", input).await
    }

    /// A new fee of a price in a book of its own.
    async fn priced_fee(
        &self,
        price: &str,
        tax_category: Option<&str>,
        is_inclusive: bool,
    ) -> anyhow::Result<String> {
        let (fee, book) = (
            self.fee(tax_category).await?,
            self.book("EUR", is_inclusive).await?,
        );
        self.rule(&book, &fee, price, json!({})).await?;
        Ok(fee)
    }

    /// The id of a new rate plan.
    async fn plan(&self, more: Value) -> anyhow::Result<String> {
        let code = format!("P{}", unique());
        let mut input = json!({ "code": code, "name": code, "currency": "EUR" });
        merge(&mut input, more);
        self.make("ratePlan", input).await
    }

    /// Enters the price of nights in the calendar of a plan, one for each.
    async fn calendar(
        &self,
        plan: &str,
        from: chrono::NaiveDate,
        prices: &[i64],
    ) -> anyhow::Result<()> {
        for (day, price) in from.iter_days().zip(prices) {
            self.night(plan, day, json!({ "priceMinor": price }))
                .await?;
        }
        Ok(())
    }

    /// Enters a night in the calendar of a plan.
    async fn night(
        &self,
        plan: &str,
        on: chrono::NaiveDate,
        more: Value,
    ) -> anyhow::Result<String> {
        let mut input = json!({ "ratePlanId": plan, "unitTypeId": self.hotel.unit_type, "stayDate": on, "currency": "EUR" });
        merge(&mut input, more);
        self.make("rateOverride", input).await
    }

    /// Asks for the price of items, whatever comes back.
    async fn ask(&self, items: Value, more: Value) -> anyhow::Result<Answer> {
        let mut variables = json!({ "locationId": self.hotel.location, "items": items });
        merge(&mut variables, more);
        self.hotel.owner.graphql(&document(), variables).await
    }

    /// The price of items, which there must be.
    async fn quote(&self, items: Value, more: Value) -> anyhow::Result<Value> {
        let answer = self.ask(items, more).await?.must()?;
        let quote = answer.data("/priceQuote/quote").clone();
        anyhow::ensure!(!quote.is_null(), "no price: {}", answer.body);
        Ok(quote)
    }

    /// The one problem of items that have no price.
    async fn problem(&self, items: Value, more: Value) -> anyhow::Result<Value> {
        let answer = self.ask(items, more).await?.must()?;
        let problem = answer.data("/priceQuote/problems/0").clone();
        anyhow::ensure!(!problem.is_null(), "no problem: {}", answer.body);
        Ok(problem)
    }

    /// Fails unless all that must agree does.
    async fn must_agree(&self) -> anyhow::Result<()> {
        let breaks = self.world.breaks().await?;
        anyhow::ensure!(breaks == 0, "{breaks} things do not agree");
        Ok(())
    }
}

/// The document that asks for a price.
fn document() -> String {
    format!(
        "query($locationId: ID!, $items: [PriceItemInput!]!, $customerId: ID, $channel: Channel, $discountCodes: [String!], \
         $currency: String, $at: DateTime) {{ priceQuote(locationId: $locationId, items: $items, customerId: $customerId, \
         channel: $channel, discountCodes: $discountCodes, currency: $currency, at: $at) {{ {QUOTE} }} }}"
    )
}

/// An input with some fields changed.
fn merge(input: &mut Value, changes: Value) {
    if let (Value::Object(input), Value::Object(changes)) = (input, changes) {
        input.extend(changes);
    }
}

/// The minor units at a pointer below a price.
fn minor(quote: &Value, pointer: &str) -> anyhow::Result<i64> {
    let money = quote
        .pointer(pointer)
        .and_then(|money| money["minor"].as_i64());
    money.with_context(|| format!("no amount at {pointer} of {quote}"))
}

/// The minor units of a list of amounts.
fn minors(list: &Value, field: &str) -> Vec<i64> {
    let list = list.as_array().map_or(&[][..], Vec::as_slice);
    list.iter()
        .filter_map(|one| one[field]["minor"].as_i64())
        .collect()
}

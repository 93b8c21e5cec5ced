//! What was quoted is what is charged: bookings that are priced by the price lists.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::Answer;
use tests::actor::{unique, uuid};
use tests::hotel::soon;

use super::{House, merge, minor};

const BOOKED: &str = "bookingOrder { id status baseMinor featuresMinor discountMinor taxMinor totalMinor holdId \
      lines { nodes { lineNo name unit quantity totalMinor taxMinor pricingPeriods { nodes { rateName subtotalMinor } } } } \
      reservationNights { nodes { stayDate rateMinor } } } \
    priceNow { digest total { minor } expiresAt }";

impl House {
    /// A house that taxes, with a rate plan whose nights cost 100, 120 and 140 euros, and its id.
    async fn with_nights() -> anyhow::Result<(Self, String)> {
        let house = Self::open().await?;
        let code = format!("T{}", unique());
        let profile = json!({ "code": code, "name": code, "locationId": house.hotel.location, "priceDisplay": "EXCLUSIVE" });
        let profile = house.make("taxProfile", profile).await?;
        let sql = "update catalog.sellables set tax_category = 'room' where id = $1";
        house
            .sql
            .execute(sql, &[&uuid(&json!(house.hotel.sellable))?])
            .await?;
        let rate =
            json!({ "profileId": profile, "name": "VAT", "taxCategory": "room", "rate": "0.06" });
        house.make("taxRate", rate).await?;
        let plan = house.plan(json!({})).await?;
        house
            .calendar(&plan, soon(0), &[10_000, 12_000, 14_000])
            .await?;
        Ok((house, plan))
    }

    /// A stay of three nights in two rooms by the plan, without any price.
    fn listed(&self, plan: &str, more: Value) -> Value {
        let mut input = self.hotel.stay(soon(0), 3);
        merge(
            &mut input,
            json!({ "nightlyRate": null, "ratePlanId": plan, "units": 2, "adults": 2, "confirm": true }),
        );
        merge(&mut input, more);
        input
    }

    async fn quoted(&self, plan: &str, more: Value) -> anyhow::Result<Value> {
        let item = json!({
            "unitTypeId": self.hotel.unit_type, "startsOn": soon(0), "endsOn": soon(3), "quantity": "2", "adults": 2, "ratePlanId": plan,
        });
        self.quote(json!([item]), more).await
    }

    async fn order(&self, input: Value) -> anyhow::Result<Answer> {
        self.hotel.owner.verb("bookingCreate", input, BOOKED).await
    }

    async fn coupon(&self, more: Value) -> anyhow::Result<(String, String)> {
        let code = format!("D{}", unique());
        let mut input = json!({ "code": code, "name": code, "kind": "PERCENT", "valueBps": 1000 });
        merge(&mut input, more);
        Ok((self.make("discount", input).await?, code))
    }

    async fn uses(&self, discount: &str) -> anyhow::Result<i64> {
        let query = format!("{{ discount(id: \"{discount}\") {{ usedCount }} }}");
        let found = self.hotel.owner.read(&query).await?;
        Ok(found["discount"]["usedCount"].as_i64().unwrap_or(-1))
    }
}

#[tokio::test]
async fn inv12_what_was_quoted_is_what_is_charged_to_the_cent() -> anyhow::Result<()> {
    let (house, plan) = House::with_nights().await?;
    let (discount, code) = house.coupon(json!({})).await?;
    let codes = json!({ "discountCodes": [code] });
    let quote = house.quoted(&plan, codes.clone()).await?;
    // Two rooms at 100 + 120 + 140, less a tenth, and 6 % on top.
    assert_eq!(minor(&quote, "/total")?, 72_000 - 7_200 + 3_888);
    let mut more = codes;
    merge(&mut more, json!({ "quoteDigest": quote["digest"] }));
    let done = house.order(house.listed(&plan, more)).await?.must()?;
    let order = &done.payload()["bookingOrder"];
    for (field, pointer) in [
        ("baseMinor", "/base"),
        ("featuresMinor", "/featuresTotal"),
        ("discountMinor", "/discount"),
        ("taxMinor", "/tax"),
        ("totalMinor", "/total"),
    ] {
        assert_eq!(order[field], json!(minor(&quote, pointer)?), "{field}");
    }
    let nights = order["reservationNights"]["nodes"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let nights: i64 = nights
        .iter()
        .filter_map(|night| night["rateMinor"].as_i64())
        .sum();
    assert_eq!(json!(nights), order["lines"]["nodes"][0]["totalMinor"]);
    assert_eq!(house.uses(&discount).await?, 1);
    // How it came about is kept, and reckons to the same again.
    let id = uuid(&order["id"])?;
    let sql = "select (select count(*) from pricing.tax_calculations where source_id = $1), (select count(*) from pricing.price_quotes_trace where source_id = $1)";
    let row = house.sql.query_one(sql, &[&id]).await?;
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (1, 1));
    house.must_agree().await
}

#[tokio::test]
async fn a_price_that_changed_is_told_and_nothing_is_booked() -> anyhow::Result<()> {
    let (house, plan) = House::with_nights().await?;
    let quote = house.quoted(&plan, json!({})).await?;
    let sql = "update pricing.rate_overrides set price_minor = 13000 where stay_date = $1";
    house.sql.execute(sql, &[&soon(1)]).await?;
    let digest = json!({ "quoteDigest": quote["digest"] });
    let refused = house
        .order(house.listed(&plan, digest))
        .await?
        .must_refuse("PRICE_CHANGED")?;
    let now = &refused.payload()["priceNow"];
    assert_eq!(
        now["total"]["minor"],
        json!(minor(&quote, "/total")? + 2_000 + 120),
        "{now}"
    );
    let found = house
        .hotel
        .owner
        .read("{ bookingOrders { totalCount } }")
        .await?;
    assert_eq!(found["bookingOrders"]["totalCount"], 0);
    let agreed = json!({ "quoteDigest": now["digest"] });
    let done = house.order(house.listed(&plan, agreed)).await?.must()?;
    assert_eq!(
        done.payload()["bookingOrder"]["totalMinor"],
        now["total"]["minor"]
    );
    Ok(())
}

/// Invariant 11 of discounts: the limit holds however many ask, and what does not come about gives back.
#[tokio::test]
async fn inv11_a_discount_is_used_up_by_bookings_and_free_again_when_they_end() -> anyhow::Result<()>
{
    let (house, plan) = House::with_nights().await?;
    let (discount, code) = house.coupon(json!({ "usageLimit": 3 })).await?;
    let wish = |more: Value| {
        let mut all = json!({ "units": 1, "adults": 1, "discountCodes": [code] });
        merge(&mut all, more);
        house.listed(&plan, all)
    };
    let all = join_all((0..5).map(|_| house.order(wish(json!({ "confirm": false }))))).await;
    let mut won = Vec::new();
    for answer in all {
        let answer = answer?;
        match answer.user_code() {
            None => won.push(answer.must()?.payload()["bookingOrder"].clone()),
            Some(code) => assert_eq!(code, "DISCOUNT_EXHAUSTED", "{}", answer.body),
        }
    }
    assert_eq!((won.len(), house.uses(&discount).await?), (3, 3));
    let cancel = json!({ "id": won[0]["id"], "reason": "Changed their mind" });
    house
        .hotel
        .owner
        .act("bookingCancel", cancel, "bookingOrder { status }")
        .await?;
    assert_eq!(house.uses(&discount).await?, 2);
    // One whose hold runs out gives back too, whoever finds that.
    let hold = uuid(&won[1]["holdId"])?;
    for sql in [
        "update availability.booking_holds set held_until = clock_timestamp() - interval '1 second' where id = $1",
        "update availability.allocations set expires_at = clock_timestamp() - interval '1 second' where booking_hold_id = $1 and status = 'hold'",
    ] {
        house.sql.execute(sql, &[&hold]).await?;
    }
    for _ in 0..4 {
        house
            .order(house.listed(&plan, json!({ "units": 1, "adults": 1 })))
            .await?;
    }
    assert_eq!(house.uses(&discount).await?, 1);
    house.must_agree().await
}

#[tokio::test]
async fn only_who_may_gives_prices_and_all_others_pay_those_of_the_lists() -> anyhow::Result<()> {
    let (house, plan) = House::with_nights().await?;
    let permissions = [
        "booking.create",
        "booking.read",
        "core.read",
        "hospitality.read",
    ];
    let role = json!({ "code": "site", "name": "Site", "permissions": permissions });
    let owner = &house.hotel.owner;
    owner.act("roleCreate", role, "role { id }").await?;
    let site = house.world.staff(owner, "site", &[]).await?;
    let mut cheap = house.listed(&plan, json!({ "ratePlanId": null }));
    merge(
        &mut cheap,
        json!({ "nightlyRate": { "amount": "1", "currency": "EUR" } }),
    );
    let refused = site.verb("bookingCreate", cheap.clone(), BOOKED).await?;
    refused.must_refuse("PRICE_NOT_ALLOWED")?;
    let done = site
        .verb("bookingCreate", house.listed(&plan, json!({})), BOOKED)
        .await?
        .must()?;
    assert_eq!(done.payload()["bookingOrder"]["baseMinor"], 72_000);
    // Staff's own price is taxed as any other.
    let done = house.order(cheap).await?.must()?;
    let order = &done.payload()["bookingOrder"];
    assert_eq!(
        (&order["baseMinor"], &order["taxMinor"]),
        (&json!(600), &json!(36))
    );
    Ok(())
}

#[tokio::test]
async fn what_has_no_price_or_is_not_sold_is_refused_at_its_field() -> anyhow::Result<()> {
    let (house, plan) = House::with_nights().await?;
    let no_price = house.listed(&plan, json!({ "checkOutOn": soon(4) }));
    house.order(no_price).await?.must_refuse("INVALID_PRICE")?;
    let strict = house.plan(json!({ "minStayNights": 5 })).await?;
    house
        .calendar(&strict, soon(0), &[1_000, 1_000, 1_000])
        .await?;
    let short = house.listed(&strict, json!({}));
    house.order(short).await?.must_refuse("NOT_SOLD_THEN")?;
    let unknown = house.listed(&plan, json!({ "discountCodes": ["NO SUCH"] }));
    house
        .order(unknown)
        .await?
        .must_refuse("DISCOUNT_REFUSED")?;
    Ok(())
}

/// A change of the booking changes its tax with it.
#[tokio::test]
async fn e17_tax_follows_when_nights_are_given_back() -> anyhow::Result<()> {
    let (house, plan) = House::with_nights().await?;
    let done = house
        .order(house.listed(&plan, json!({ "units": 1, "adults": 1 })))
        .await?
        .must()?;
    let order = done.payload()["bookingOrder"].clone();
    assert_eq!(order["taxMinor"], json!(36_000 * 6 / 100));
    let less = json!({ "id": order["id"], "startsOn": soon(0), "endsOn": soon(2) });
    let done = house
        .hotel
        .owner
        .act(
            "bookingReschedule",
            less,
            "bookingOrder { baseMinor taxMinor totalMinor } priceDeltaMinor",
        )
        .await?;
    let now = &done["bookingOrder"];
    assert_eq!(
        (&now["baseMinor"], &now["taxMinor"]),
        (&json!(22_000), &json!(1_320)),
        "{now}"
    );
    assert_eq!(done["priceDeltaMinor"], json!(23_320 - 38_160));
    house.must_agree().await
}

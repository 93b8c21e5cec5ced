//! Bookings of offers: the search that lists times judges them, and says what they take.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::Answer;
use tests::actor::uuid;
use tests::hotel::made;

use super::{Shop, Sign, text, with};

/// What is selected of a booking of an offer.
pub(super) const BOOKED: &str = "bookingOrder { id status startsAt endsAt totalMinor holdId lines { nodes { name offerVersionId totalMinor } } } \
    conflicts { id payload queue { code } } alternatives { startsAt endsAt resourceIds slotId } priceNow { digest }";
pub(super) const AT: &str = "2027-01-11T10:00:00Z";

/// A shop whose haircuts of 40 minutes block 10 before and 20 after, and are sold for 60 euros.
pub(super) async fn salon(stylists: usize) -> anyhow::Result<(Shop, Vec<String>)> {
    let service =
        json!({"bufferBeforeMinutes": 10, "bufferAfterMinutes": 20, "defaultDurationMinutes": 40});
    let shop = Shop::with(Sign {
        service,
        ..Sign::default()
    })
    .await?;
    shop.open_from("Europe/Lisbon", "09:00", "18:00").await?;
    let mut all = Vec::new();
    for _ in 0..stylists {
        all.push(shop.stylist(json!({})).await?);
    }
    shop.publish().await?;
    sell(&shop).await?;
    Ok((shop, all))
}

/// Gives the shop's offer a name to be sold by, and a price.
pub(super) async fn sell(shop: &Shop) -> anyhow::Result<()> {
    let sellable = bizing::database::new_id();
    let sql = format!(
        "insert into catalog.sellables (biz_id, id, kind, ref_type, ref_id, name) \
         values ('{}', '{sellable}', 'offer_version', 'OfferVersion', '{}', 'Haircut')",
        shop.owner.biz_id, shop.version
    );
    shop.sql.batch_execute(&sql).await?;
    let find = "{ sellables(filter: {kind: {eq: OFFER_VERSION}}) { nodes { id } } }";
    let found = shop.owner.read(find).await?;
    let book = json!({"code": "LIST", "name": "List", "currency": "EUR", "isTaxInclusive": true});
    let book = made(&shop.owner, "priceBook", book).await?;
    let rule = json!({"priceBookId": book, "sellableId": found["sellables"]["nodes"][0]["id"], "name": "Cut", "unitPrice": "60"});
    made(&shop.owner, "priceRule", rule).await?;
    Ok(())
}

impl Shop {
    pub(super) fn wish(&self, at: &str, more: Value) -> Value {
        let wish = json!({"locationId": self.location, "offerId": self.offer, "startsAt": at, "confirm": true});
        with(wish, more)
    }

    pub(super) async fn cut(&self, at: &str, more: Value) -> anyhow::Result<Answer> {
        let wish = self.wish(at, more);
        self.owner.verb("bookingCreate", wish, BOOKED).await
    }

    pub(super) async fn customer(&self, name: &str) -> anyhow::Result<String> {
        made(&self.owner, "customer", json!({"fullName": name})).await
    }

    /// What an order takes: the service and what it blocks, as the location's clocks show them.
    pub(super) async fn taken(&self, order: &Value) -> anyhow::Result<Vec<(String, String)>> {
        let sql = "select to_char(service_starts_at at time zone 'UTC', 'HH24:MI') || '-' || to_char(service_ends_at at time zone 'UTC', 'HH24:MI'), \
              to_char(blocked_starts_at at time zone 'UTC', 'HH24:MI') || '-' || to_char(blocked_ends_at at time zone 'UTC', 'HH24:MI') \
            from availability.allocations where source_id = $1 and status in ('hold', 'firm') order by 1";
        let rows = self.sql.query(sql, &[&uuid(&order["id"])?]).await?;
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    }
}

pub(super) fn pair(service: &str, blocked: &str) -> (String, String) {
    (service.to_owned(), blocked.to_owned())
}

#[tokio::test]
async fn e05_e07_an_offer_brings_its_own_time_and_buffers_and_costs_its_price() -> anyhow::Result<()>
{
    let (shop, _) = salon(1).await?;
    let done = shop.cut(AT, json!({})).await?.must()?;
    let order = &done.payload()["bookingOrder"];
    assert_eq!(text(&order["endsAt"]), "2027-01-11T10:40:00Z", "{order}");
    assert_eq!(order["totalMinor"], 6_000);
    assert_eq!(order["lines"]["nodes"][0]["name"], "Haircut");
    assert_ne!(order["lines"]["nodes"][0]["offerVersionId"], Value::Null);
    assert_eq!(
        shop.taken(order).await?,
        [pair("10:00-10:40", "09:50-11:00")]
    );
    Ok(())
}

/// The caller's word is not taken for it: whatever was listed once, the time is judged anew.
#[tokio::test]
async fn e06_e01_a_time_within_a_buffer_is_refused_with_times_that_can_be_had() -> anyhow::Result<()>
{
    let (shop, _) = salon(1).await?;
    shop.cut(AT, json!({})).await?.must()?;
    for at in [
        "2027-01-11T10:00:00Z",
        "2027-01-11T10:50:00Z",
        "2027-01-11T09:30:00Z",
    ] {
        let refused = shop.cut(at, json!({})).await?.must_refuse("SLOT_TAKEN")?;
        let others = refused.payload()["alternatives"].clone();
        assert!(
            others.as_array().is_some_and(|all| !all.is_empty()),
            "{at}: {others}"
        );
    }
    let closed = shop.cut("2027-01-11T20:00:00Z", json!({})).await?;
    let closed = closed.must_refuse("CLOSED")?;
    for other in closed.payload()["alternatives"]
        .as_array()
        .into_iter()
        .flatten()
        .take(1)
    {
        shop.cut(&text(&other["startsAt"]), json!({}))
            .await?
            .must()?;
    }
    Ok(())
}

/// As many as there are stylists win, whoever was first; all others are told when they could come.
#[tokio::test]
async fn e01_inv01_of_thirty_two_after_three_stylists_three_win() -> anyhow::Result<()> {
    let (shop, _) = salon(3).await?;
    let all = join_all((0..32).map(|_| shop.cut(AT, json!({})))).await;
    let mut won = 0;
    for answer in all {
        let answer = answer?;
        match answer.user_code() {
            None => {
                answer.must()?;
                won += 1;
            }
            Some(code) => {
                assert_eq!(code, "SLOT_TAKEN", "{}", answer.body);
                let others = answer.payload()["alternatives"]
                    .as_array()
                    .map_or(0, Vec::len);
                assert!(others > 0, "{}", answer.body);
            }
        }
    }
    assert_eq!(won, 3);
    let sql = "select count(*), count(distinct resource_id) from availability.allocations where status = 'firm'";
    let row = shop.sql.query_one(sql, &[]).await?;
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (3, 3));
    Ok(())
}

#[tokio::test]
async fn e14_whoever_may_books_what_is_taken_with_a_reason_and_it_is_seen() -> anyhow::Result<()> {
    let (shop, stylists) = salon(1).await?;
    shop.cut(AT, json!({})).await?.must()?;
    let over = json!({"overrideReason": "The mayor comes"});
    let done = shop.cut(AT, over.clone()).await?.must()?;
    let payload = done.payload();
    assert_eq!(
        payload["conflicts"][0]["queue"]["code"], "conflicts",
        "{payload}"
    );
    let order = uuid(&payload["bookingOrder"]["id"])?;
    let sql =
        "select override_reason, override_by_id from availability.allocations where source_id = $1";
    let row = shop.sql.query_one(sql, &[&order]).await?;
    assert_eq!(row.get::<_, String>(0), "The mayor comes");
    assert_eq!(row.get::<_, uuid::Uuid>(1), shop.owner.user_id);
    // A resource by itself, too.
    let direct = json!({
        "locationId": shop.location, "resourceId": stylists[0], "sellableId": shop.sellable, "startsAt": AT,
        "endsAt": "2027-01-11T11:00:00Z", "price": {"amount": "60", "currency": "EUR"}, "confirm": true,
    });
    let refused = shop
        .owner
        .verb("bookingCreate", direct.clone(), BOOKED)
        .await?;
    let refused = refused.must_refuse("SLOT_TAKEN")?;
    assert_ne!(
        refused.payload()["alternatives"],
        json!([]),
        "{}",
        refused.body
    );
    let forced = with(direct, over.clone());
    shop.owner
        .verb("bookingCreate", forced, BOOKED)
        .await?
        .must()?;
    shop.cut(AT, json!({"overrideReason": " "}))
        .await?
        .must_refuse("OVERRIDE_REFUSED")?;
    let desk = shop.world.staff(&shop.owner, "front_desk", &[]).await?;
    let refused = desk
        .verb("bookingCreate", shop.wish(AT, over), BOOKED)
        .await?;
    refused.must_refuse("OVERRIDE_REFUSED")?;
    Ok(())
}

#[tokio::test]
async fn what_is_optional_can_be_declined() -> anyhow::Result<()> {
    let (shop, _) = salon(1).await?;
    let other = Shop::open().await?;
    other.open_from("Europe/Lisbon", "09:00", "18:00").await?;
    other.stylist(json!({})).await?;
    let extra = other.component("coffee", ", is_optional", ", true").await?;
    let kind = other.kind.clone();
    other
        .select(extra, "type", "resource_type_id", &kind, "round_robin")
        .await?;
    let barista = other.stylist(json!({})).await?;
    other.publish().await?;
    sell(&other).await?;
    let id = bizing::graph::type_id::encode(&prefix(&other, "offerComponents").await?, extra);
    let with_it = other.cut(AT, json!({})).await?.must()?;
    assert_eq!(
        other.taken(&with_it.payload()["bookingOrder"]).await?.len(),
        2
    );
    let later = "2027-01-11T14:00:00Z";
    let without = other
        .cut(later, json!({"declinedComponentIds": [id]}))
        .await?
        .must()?;
    assert_eq!(
        other.taken(&without.payload()["bookingOrder"]).await?.len(),
        1
    );
    let needed =
        bizing::graph::type_id::encode(&prefix(&other, "offerComponents").await?, other.component);
    let refused = other
        .cut(later, json!({"declinedComponentIds": [needed]}))
        .await?;
    refused.must_refuse("NOT_BOOKABLE")?;
    let theirs = shop.cut(AT, json!({"declinedComponentIds": [id]})).await?;
    theirs.must_fail("NOT_FOUND")?;
    let _ = barista;
    Ok(())
}

/// What ids of an entity begin with.
async fn prefix(shop: &Shop, list: &str) -> anyhow::Result<String> {
    let found = shop
        .owner
        .read(&format!("{{ {list} {{ nodes {{ id }} }} }}"))
        .await?;
    let id = text(&found[list]["nodes"][0]["id"]);
    Ok(id
        .rsplit_once('_')
        .map_or_else(String::new, |(prefix, _)| prefix.to_owned()))
}

#[tokio::test]
async fn bad_wishes_name_their_field() -> anyhow::Result<()> {
    let (shop, stylists) = salon(1).await?;
    for (more, code) in [
        (json!({"endsAt": "2027-01-11T11:00:00Z"}), "INCOMPLETE"),
        (json!({"startsAt": null}), "INCOMPLETE"),
        (json!({"durationMinutes": 90}), "INVALID_DATES"),
        (json!({"partySize": 0}), "INVALID_PARTY"),
        (json!({"startsAt": "2050-01-11T10:00:00Z"}), "INVALID_DATES"),
        (json!({"discountCodes": ["NONE"]}), "DISCOUNT_REFUSED"),
        (
            json!({"price": {"amount": "1", "currency": "USD"}}),
            "WRONG_CURRENCY",
        ),
    ] {
        let answer = shop.cut(AT, more.clone()).await?;
        assert_eq!(answer.user_code(), Some(code), "{more}: {}", answer.body);
    }
    let unknown = shop
        .cut(AT, json!({"resourceIds": [stylists[0]]}))
        .await?
        .must()?;
    assert_eq!(unknown.payload()["bookingOrder"]["status"], "CONFIRMED");
    Ok(())
}

/// Those who come have roles and kinds of seats; of another offer's seats none is given.
#[tokio::test]
async fn those_who_come_have_roles_and_seats_of_the_offer() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let stylist = shop.stylist(json!({})).await?;
    let seat = format!(
        "insert into catalog.offer_seat_types (biz_id, id, offer_version_id, code, name) values ('{}', gen_random_uuid(), '{}', 'child', 'Child')",
        shop.owner.biz_id, shop.version
    );
    shop.sql.batch_execute(&seat).await?;
    shop.publish().await?;
    sell(&shop).await?;
    let found = shop
        .owner
        .read("{ offerSeatTypes { nodes { id } } }")
        .await?;
    let seat = &found["offerSeatTypes"]["nodes"][0]["id"];
    let people = json!([{"name": "Ana", "role": "PAYER"}, {"name": "Bea", "role": "CHILD", "seatTypeId": seat}]);
    let more = json!({"participants": people});
    shop.cut(AT, more.clone()).await?.must()?;
    let read = "{ bookingParticipants(orderBy: [{name: ASC}]) { nodes { name role seatTypeId } } }";
    let found = shop.owner.read(read).await?;
    assert_eq!(
        found["bookingParticipants"]["nodes"],
        json!([{"name": "Ana", "role": "PAYER", "seatTypeId": null}, {"name": "Bea", "role": "CHILD", "seatTypeId": seat}])
    );
    let other = json!({
        "locationId": shop.location, "resourceId": stylist, "sellableId": shop.sellable, "startsAt": "2027-01-11T15:00:00Z",
        "endsAt": "2027-01-11T16:00:00Z", "price": {"amount": "60", "currency": "EUR"},
    });
    let refused = shop
        .owner
        .verb("bookingCreate", with(other, more), BOOKED)
        .await?;
    refused.must_fail("NOT_FOUND")?;
    Ok(())
}

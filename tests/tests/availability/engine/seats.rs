//! Seats of kinds that need things of their own, such as a kayak for an adult and none for a child; and
//! of which there are fewer than there are places, over all who share a pool at one time.

use bizing::database::new_id;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::Answer;
use tests::actor::{unique, uuid};
use tests::hotel::{id_of, made};
use uuid::Uuid;

use super::booked::{AT, BOOKED, sell};
use super::{Shop, Sign, with};

/// A tour by a guide, for which an adult needs a kayak of their own, of which there are three.
struct Tour {
    shop: Shop,
    adult: String,
    child: String,
}

/// Gives the draft of a shop's offer a kind of seat.
async fn seat(shop: &Shop, code: &str, more: &str) -> anyhow::Result<Uuid> {
    let id = new_id();
    let (columns, values) = more.split_once('=').unwrap_or_default();
    let sql = format!(
        "insert into catalog.offer_seat_types (biz_id, id, offer_version_id, code, name{columns}) \
         values ('{}', '{id}', '{}', '{code}', '{code}'{values})",
        shop.owner.biz_id, shop.version
    );
    shop.sql.batch_execute(&sql).await?;
    Ok(id)
}

impl Tour {
    async fn open() -> anyhow::Result<Self> {
        let shop = Shop::open().await?;
        let kind = json!({"code": "KAYAK", "name": "Kayak", "kind": "EQUIPMENT"});
        let kind = made(&shop.owner, "resourceType", kind).await?;
        let kayak = shop.component("kayak", "", "").await?;
        shop.select(kayak, "type", "resource_type_id", &kind, "ranked")
            .await?;
        let (adult, child) = (
            seat(&shop, "adult", ", min_age=, 16").await?,
            seat(&shop, "child", "").await?,
        );
        let needs = format!(
            "insert into catalog.offer_seat_type_requirements (biz_id, id, offer_version_id, seat_type_id, component_id, quantity) \
             values ('{}', '{}', '{}', '{adult}', '{kayak}', 1)",
            shop.owner.biz_id,
            new_id(),
            shop.version
        );
        shop.sql.batch_execute(&needs).await?;
        for _ in 0..3 {
            shop.stylist(json!({})).await?;
            let number = format!("K{}", unique());
            shop.stylist(json!({"typeId": kind, "name": number, "number": number}))
                .await?;
        }
        shop.publish().await?;
        sell(&shop).await?;
        let (adult, child) = (id_of("ctst", adult), id_of("ctst", child));
        Ok(Self { shop, adult, child })
    }

    /// Those who take part: so many adults and children.
    fn people(&self, adults: usize, children: usize) -> Value {
        let adults = vec![json!({"name": "Ana", "seatTypeId": self.adult}); adults];
        let children = vec![json!({"name": "Bia", "seatTypeId": self.child}); children];
        let people = [adults, children].concat();
        json!({"partySize": people.len(), "participants": people})
    }

    fn seats(&self, adults: usize, children: usize) -> Value {
        let of = |id: &str, quantity: usize| json!({"seatTypeId": id, "quantity": quantity});
        let all = [(&self.adult, adults), (&self.child, children)].into_iter();
        all.filter(|(_, count)| *count > 0)
            .map(|(id, count)| of(id, count))
            .collect()
    }

    async fn listed(&self, adults: usize, children: usize) -> anyhow::Result<bool> {
        let asked = json!({"partySize": adults + children, "seats": self.seats(adults, children)});
        let asked = with(self.shop.days("2027-01-11", "2027-01-11"), asked);
        Ok(self.shop.listed(asked).await?.contains(&AT.to_owned()))
    }

    async fn taken(&self, answer: &Answer) -> anyhow::Result<usize> {
        Ok(self
            .shop
            .taken(&answer.payload()["bookingOrder"])
            .await?
            .len())
    }
}

#[tokio::test]
async fn e05_inv04_each_seat_takes_what_its_kind_needs_as_it_was_listed() -> anyhow::Result<()> {
    let tour = Tour::open().await?;
    let shop = &tour.shop;
    assert!(tour.listed(3, 2).await? && !tour.listed(4, 0).await?);
    let family = shop.cut(AT, tour.people(2, 2)).await?.must()?;
    assert_eq!(tour.taken(&family).await?, 3, "a guide and two kayaks");
    assert!(tour.listed(1, 5).await? && !tour.listed(2, 0).await?);
    let told = shop.cut(AT, tour.people(2, 0)).await?;
    told.must_refuse("SLOT_TAKEN")?;
    let school = shop.cut(AT, tour.people(0, 5)).await?.must()?;
    assert_eq!(tour.taken(&school).await?, 1, "a guide alone");
    // What is held for one adult is booked by one; another number takes something else.
    let hold = json!({"offerId": shop.offer, "startsAt": AT, "sessionRef": "cart", "units": 2, "seats": tour.seats(1, 1)});
    let young = json!([{"seatTypeId": tour.adult, "ages": [9]}]);
    let young = with(hold.clone(), json!({"seats": young}));
    let told = shop
        .owner
        .verb("holdCreate", young, "bookingHold { id }")
        .await?;
    let told = told.must_refuse("INVALID_HOLD")?;
    assert_eq!(told.user_errors()[0]["field"], json!(["seats", "0"]));
    let strange = json!({"seats": [{"seatTypeId": id_of("ctst", new_id())}]});
    let strange = with(hold.clone(), strange);
    let told = shop
        .owner
        .verb("holdCreate", strange, "bookingHold { id }")
        .await?;
    told.must_fail("NOT_FOUND")?;
    let held = shop
        .owner
        .act("holdCreate", hold, "bookingHold { id }")
        .await?;
    let from_hold = json!({"holdId": held["bookingHold"]["id"], "sessionRef": "cart"});
    shop.cut(AT, with(tour.people(0, 2), from_hold.clone()))
        .await?
        .must_refuse("HOLD_MISMATCH")?;
    let last = shop
        .cut(AT, with(tour.people(1, 1), from_hold))
        .await?
        .must()?;
    assert_eq!(tour.taken(&last).await?, 2);
    // Who joins later has no kayak, and is told so.
    let order = &family.payload()["bookingOrder"];
    let more =
        json!({"id": order["id"], "addParticipants": [{"name": "Eva", "seatTypeId": tour.adult}]});
    let told = shop
        .owner
        .verb("bookingModify", more, "bookingOrder { id }")
        .await?;
    told.must_refuse("NOT_BOOKABLE")?;
    let crowd = json!({"partySize": 1, "seats": tour.seats(1, 1)});
    let crowd = with(shop.days("2027-01-11", "2027-01-11"), crowd);
    let told = super::ask(&shop.owner, "availabilitySearch", &crowd, super::SLOTS).await?;
    told.must_fail("BAD_USER_INPUT")?;
    anyhow::ensure!(shop.world.breaks().await? == 0);
    let told = spoilt(shop).await?;
    assert!(told.contains("seats_of_a_kind"), "{told}");
    Ok(())
}

/// Gives all kinds of seats one seat, past all guards, and gives what `bizing verify` says then.
async fn spoilt(shop: &Shop) -> anyhow::Result<String> {
    let by_hand = shop.world.database.owner().await?;
    let sql =
        "set session_replication_role = replica; update catalog.offer_seat_types set capacity = 1";
    by_hand.batch_execute(sql).await?;
    Ok(shop.world.told_breaks().await?.join("\n"))
}

/// Of the two seats for children in all boats together, two are sold at a time: also where bookings only
/// overlap.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e01_inv02_of_32_who_share_a_pool_as_many_have_a_seat_of_a_kind_as_there_are()
-> anyhow::Result<()> {
    let sign = Sign {
        basis: "pool",
        ..Sign::default()
    };
    let shop = Shop::with(sign).await?;
    let child = id_of("ctst", seat(&shop, "child", ", capacity=, 2").await?);
    let boat = shop.stylist(json!({})).await?;
    let pool = json!({"code": "BOATS", "name": "Boats", "locationId": shop.location, "mode": "CONCURRENT", "capacity": 40, "unit": "boat"});
    let pool = made(&shop.owner, "capacityPool", pool).await?;
    let member = json!({"poolId": pool, "resourceId": boat});
    made(&shop.owner, "capacityPoolMember", member).await?;
    shop.publish().await?;
    sell(&shop).await?;
    let book_as = async |at: &str, child: &Value| loop {
        let one = json!({"participants": [{"name": "Bia", "seatTypeId": child}]});
        let verb = shop.owner.verb("bookingCreate", shop.wish(at, one), BOOKED);
        let answer = verb.await?;
        if answer.code() != Some("CONFLICT") {
            return anyhow::Ok(answer);
        }
    };
    let child = json!(child);
    let book = async |at: &str| book_as(at, &child).await;
    let mut won = 0;
    for answer in join_all((0..32).map(|_| book(AT))).await {
        let answer = answer?;
        match answer.user_code() {
            None => {
                answer.must()?;
                won += 1;
            }
            code => assert_eq!(code, Some("SOLD_OUT"), "{}", answer.body),
        }
    }
    assert_eq!(won, 2);
    book("2027-01-11T10:30:00Z")
        .await?
        .must_refuse("SOLD_OUT")?;
    shop.cut(AT, json!({})).await?.must()?;
    let next = book("2027-01-11T11:00:00Z").await?.must()?;
    // Moved to where they are taken, it keeps its time.
    let order = &next.payload()["bookingOrder"]["id"];
    let back = json!({"id": order, "startsAt": "2027-01-11T10:30:00Z"});
    let told = shop
        .owner
        .verb("bookingReschedule", back, "bookingOrder { id }")
        .await?;
    told.must_refuse("SOLD_OUT")?;
    let sql =
        "select count(*) from availability.allocations where pool_id = $1 and status = 'firm'";
    let taken = shop.sql.query_one(sql, &[&uuid(&json!(pool))?]).await?;
    assert_eq!(taken.get::<_, i64>(0), 4);
    // A kind is the same in the next version of the offer.
    let of = json!({"offerId": shop.offer, "copyOfId": id_of("ofv", shop.version)});
    let drafted = shop
        .owner
        .act("offerVersionDraft", of, "offerVersion { id }");
    let next = drafted.await?["offerVersion"]["id"].clone();
    let on_sale = json!({"id": next});
    shop.owner
        .act("offerVersionPublish", on_sale, "offerVersion { status }")
        .await?;
    let find = format!(
        "{{ offerSeatTypes(filter: {{offerVersionId: {{eq: {next}}}}}) {{ nodes {{ id }} }} }}"
    );
    let found = shop.owner.read(&find).await?;
    let child = &found["offerSeatTypes"]["nodes"][0]["id"];
    book_as(AT, child).await?.must_refuse("SOLD_OUT")?;
    book_as("2027-01-11T13:00:00Z", child).await?.must()?;
    anyhow::ensure!(shop.world.breaks().await? == 0);
    let told = spoilt(&shop).await?;
    assert!(told.contains("seats_shared_by_time"), "{told}");
    Ok(())
}

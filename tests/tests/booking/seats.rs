//! Seats of a kind: each who takes part pays what their seat costs, and of no kind are more sold than
//! there are.

use bizing::database::new_id;
use chrono::{Duration, NaiveTime};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::Answer;
use tests::actor::uuid;
use tests::hotel::{id_of, made, soon};

use super::places::School;
use super::with;

/// A tour for four, of whom two may be children, who pay 20.00 and all others 50.00.
struct Tour {
    school: School,
    sellable: String,
    slot: String,
    child: String,
}

const ORDER: &str =
    "bookingOrder { id holdId totalMinor partySize lines { nodes { quantity unit totalMinor } } }";

impl Tour {
    async fn open() -> anyhow::Result<Self> {
        let school = School::open().await?;
        let owner = &school.desk.hotel.owner;
        let offer = json!({"code": "TOUR", "name": "Tour", "kind": "CLASS"});
        let offer = uuid(&json!(made(owner, "offer", offer).await?))?;
        let (version, child) = (new_id(), new_id());
        let biz = owner.biz_id;
        let draft = format!(
            "insert into catalog.offer_versions (biz_id, id, offer_id, version_no, capacity_basis) values ('{biz}', '{version}', '{offer}', 1, 'slot');
             insert into catalog.offer_seat_types (biz_id, id, offer_version_id, code, name, capacity, min_age, max_age) values ('{biz}', '{child}', '{version}', 'child', 'Child', 2, 3, 12);"
        );
        school.desk.sql.batch_execute(&draft).await?;
        let (version_id, child) = (id_of("ofv", version), id_of("ctst", child));
        let sellable = json!({"kind": "OFFER_VERSION", "refType": "OfferVersion", "refId": version_id, "name": "Tour"});
        let sellable = made(owner, "sellable", sellable).await?;
        let publish = format!(
            "update catalog.offer_versions set status = 'in_review' where id = '{version}';
             update catalog.offer_versions set status = 'published', published_at = now(), effective_starts_at = now() where id = '{version}';"
        );
        school.desk.sql.batch_execute(&publish).await?;
        let book = json!({"code": "B", "name": "B", "currency": "EUR", "isTaxInclusive": true});
        let book = made(owner, "priceBook", book).await?;
        let rule = json!({"priceBookId": book, "sellableId": sellable, "name": "Anybody", "unit": "PERSON", "unitPrice": "50"});
        made(owner, "priceRule", rule.clone()).await?;
        let young = json!({"name": "Child", "seatTypeId": child, "unitPrice": "20"});
        made(owner, "priceRule", with(rule, young)).await?;
        let slot = school.session(9).await?;
        Ok(Self {
            school,
            sellable,
            slot,
            child,
        })
    }

    /// A booking of so many, of whom so many are children.
    fn wish(&self, people: i64, children: i64) -> Value {
        let adults = (children..people).map(|_| json!({"name": "Ana"}));
        let young = (0..children).map(|_| json!({"name": "Bia", "seatTypeId": self.child}));
        json!({
            "locationId": self.school.desk.hotel.location, "slotId": self.slot, "sellableId": self.sellable,
            "partySize": people, "participants": adults.chain(young).collect::<Vec<_>>(), "confirm": true,
        })
    }

    async fn book(&self, wish: Value) -> anyhow::Result<Answer> {
        let owner = &self.school.desk.hotel.owner;
        loop {
            let answer = owner.verb("bookingCreate", wish.clone(), ORDER).await?;
            if answer.code() != Some("CONFLICT") {
                return Ok(answer);
            }
        }
    }

    async fn booked(&self, wish: Value) -> anyhow::Result<Value> {
        let answer = self.book(wish).await?.must()?;
        Ok(answer.payload()["bookingOrder"].clone())
    }

    async fn modify(&self, order: &Value, change: Value) -> anyhow::Result<Answer> {
        let input = with(json!({"id": order["id"]}), change);
        let owner = &self.school.desk.hotel.owner;
        owner
            .verb(
                "bookingModify",
                input,
                "bookingOrder { totalMinor } priceDeltaMinor",
            )
            .await
    }

    /// What `priceQuote` says of so many, of whom so many are children.
    async fn quote(&self, people: i64, children: i64) -> anyhow::Result<Value> {
        self.quote_for(people, json!({"quantity": children})).await
    }

    async fn quote_for(&self, people: i64, children: Value) -> anyhow::Result<Value> {
        let starts_at = soon(0).and_time(NaiveTime::MIN).and_utc() + Duration::hours(9);
        let item = json!({
            "sellableId": self.sellable, "quantity": people.to_string(), "startsAt": starts_at, "endsAt": starts_at + Duration::hours(1),
            "seats": [with(json!({"seatTypeId": self.child}), children)],
        });
        let query = "query($locationId: ID!, $items: [PriceItemInput!]!) { priceQuote(locationId: $locationId, items: $items) { \
            quote { digest total { minor } lines { unit quantity total { minor } } trace { rule after } } problems { code message } } }";
        let variables = json!({"locationId": self.school.desk.hotel.location, "items": [item]});
        let owner = &self.school.desk.hotel.owner;
        let answer = owner.graphql(query, variables).await?.must()?;
        Ok(answer.data("/priceQuote").clone())
    }
}

#[tokio::test]
async fn inv12_each_pays_what_their_seat_costs_as_it_was_quoted() -> anyhow::Result<()> {
    let tour = Tour::open().await?;
    let quote = tour.quote(3, 2).await?["quote"].clone();
    assert_eq!(quote["total"]["minor"], 9_000, "{quote}");
    let rules = quote["trace"].as_array().cloned().unwrap_or_default();
    let rules: Vec<_> = rules.iter().map(|step| &step["rule"]).collect();
    assert_eq!(rules, [&json!("Anybody"), &json!("Child")]);
    let quoted = json!({"quoteDigest": quote["digest"]});
    let order = tour.booked(with(tour.wish(3, 2), quoted.clone())).await?;
    assert_eq!(order["totalMinor"], 9_000);
    let line = &order["lines"]["nodes"][0];
    assert_eq!(
        (&line["unit"], &line["totalMinor"]),
        (&json!("PERSON"), &json!(9_000))
    );
    // Others in their seats cost something else.
    tour.book(with(tour.wish(1, 0), quoted))
        .await?
        .must_refuse("PRICE_CHANGED")?;
    // In another session it costs the same again, as long as the same come.
    let later = tour.school.session(11).await?;
    let to = json!({"slotId": later, "reprice": true});
    let desk = &tour.school.desk;
    let moved = desk.act("bookingReschedule", &order, to).await?;
    assert_eq!(moved["bookingOrder"]["totalMinor"], 9_000);
    assert_eq!(
        tour.quote(1, 2).await?["problems"][0]["code"],
        "INVALID_ITEM"
    );
    let crowd = with(tour.wish(2, 2), json!({"partySize": 1}));
    let told = tour.book(crowd).await?.must_refuse("INVALID_PARTY")?;
    assert_eq!(told.user_errors()[0]["field"], json!(["participants"]));
    let strange = json!({"participants": [{"name": "Eva", "seatTypeId": id_of("ctst", new_id())}]});
    tour.book(with(tour.wish(1, 0), strange))
        .await?
        .must_fail("NOT_FOUND")?;
    desk.must_agree().await
}

#[tokio::test]
async fn who_joins_later_pays_for_their_seat_and_finds_no_more_than_there_are() -> anyhow::Result<()>
{
    let tour = Tour::open().await?;
    let order = tour.booked(tour.wish(1, 0)).await?;
    let child = json!({"name": "Bia", "seatTypeId": tour.child});
    let line = json!({"sellableId": tour.sellable, "seatTypeId": tour.child});
    let more = json!({"units": 2, "addLines": [line], "addParticipants": [child]});
    let done = tour.modify(&order, more).await?.must()?;
    assert_eq!(done.payload()["priceDeltaMinor"], 2_000, "{}", done.body);
    let second = tour.booked(tour.wish(1, 1)).await?;
    let told = tour.book(tour.wish(1, 1)).await?.must_refuse("SOLD_OUT")?;
    assert!(told.user_message().contains("Child"), "{}", told.body);
    // Another session has seats of its own; moved back, they are taken.
    let later = tour.school.session(11).await?;
    let away = tour
        .booked(with(tour.wish(1, 1), json!({"slotId": later})))
        .await?;
    let desk = &tour.school.desk;
    let back = desk
        .verb("bookingReschedule", &away, json!({"slotId": tour.slot}))
        .await?;
    let back = back.must_refuse("SOLD_OUT")?;
    assert!(back.user_message().contains("Child"), "{}", back.body);
    let third = tour.booked(tour.wish(1, 0)).await?;
    let join = json!({"addParticipants": [child]});
    tour.modify(&third, join.clone())
        .await?
        .must_refuse("SOLD_OUT")?;
    let strange = json!({"addLines": [{"sellableId": tour.school.desk.hotel.sellable, "seatTypeId": tour.child}]});
    tour.modify(&third, strange).await?.must_fail("NOT_FOUND")?;
    desk.act("bookingCancel", &second, json!({"reason": "x"}))
        .await?;
    tour.modify(&third, join).await?.must()?;
    desk.must_agree().await
}

/// A kind of seat is for some ages: whoever says theirs is told where they do not fit, before anything is
/// taken.
#[tokio::test]
async fn who_is_too_young_or_too_old_for_a_seat_is_refused_at_their_own_field() -> anyhow::Result<()>
{
    let tour = Tour::open().await?;
    let child = |age: i32| json!({"name": "Bia", "seatTypeId": tour.child, "age": age});
    let wish = |age: i32| {
        let people = json!({"participants": [{"name": "Ana", "age": 40}, child(age)]});
        with(tour.wish(2, 0), people)
    };
    for age in [2, 13, -1] {
        let told = tour.book(wish(age)).await?.must_refuse("INVALID_PARTY")?;
        let field = &told.user_errors()[0]["field"];
        assert_eq!(*field, json!(["participants", "1", "age"]), "{}", told.body);
    }
    let order = tour.booked(wish(12)).await?;
    let join = |age: i32| json!({"units": 3, "addParticipants": [child(age)]});
    let told = tour.modify(&order, join(2)).await?;
    let told = told.must_refuse("INVALID_PARTY")?;
    let field = &told.user_errors()[0]["field"];
    assert_eq!(
        *field,
        json!(["addParticipants", "0", "age"]),
        "{}",
        told.body
    );
    tour.modify(&order, join(3)).await?.must()?;
    // A quote says so, too, and that there never are so many.
    for (children, told) in [
        (json!({"ages": [3, 13]}), "up to 12"),
        (json!({"quantity": 3}), "there are 2 seats"),
    ] {
        let answer = tour.quote_for(4, children).await?;
        assert_eq!(answer["problems"][0]["code"], "INVALID_ITEM", "{answer}");
        let message = answer["problems"][0]["message"].as_str();
        assert!(
            message.is_some_and(|message| message.contains(told)),
            "{answer}"
        );
    }
    tour.school.desk.must_agree().await
}

/// A seat that a hold keeps is free when the hold has run out.
#[tokio::test]
async fn e11_an_expired_hold_keeps_no_seat_of_a_kind() -> anyhow::Result<()> {
    let tour = Tour::open().await?;
    let held = tour
        .booked(with(tour.wish(2, 2), json!({"confirm": false})))
        .await?;
    tour.book(tour.wish(1, 1)).await?.must_refuse("SOLD_OUT")?;
    tour.school.desk.let_expire(&held).await?;
    tour.booked(tour.wish(2, 2)).await?;
    tour.school.desk.must_agree().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e01_inv02_of_32_who_want_the_last_seats_of_a_kind_as_many_win_as_there_are()
-> anyhow::Result<()> {
    let tour = Tour::open().await?;
    let answers = join_all((0..32).map(|_| tour.book(tour.wish(1, 1)))).await;
    let mut won = 0;
    for answer in answers {
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
    tour.school.desk.must_agree().await
}

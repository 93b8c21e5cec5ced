//! Bookings of places: in a session, and of space over days; deposits, and offers on sale.

use bizing::database::new_id;
use chrono::{DateTime, Duration, NaiveTime, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::{id_of, made, soon};
use tests::{Actor, Answer};

use super::{Desk, with};

/// What ids of versions of offers begin with.
const VERSION: &str = "ofv";

/// A class with sessions of four places, and a hall of space for ten pallets.
pub(super) struct School {
    pub(super) desk: Desk,
    pub(super) pool: String,
    pub(super) hall: String,
}

impl School {
    pub(super) async fn open() -> anyhow::Result<Self> {
        let desk = Desk::open().await?;
        let owner = &desk.hotel.owner;
        let pool = |code: &str, capacity: i32| json!({"code": code, "name": code, "locationId": desk.hotel.location, "capacity": capacity});
        let sessions = made(owner, "capacityPool", pool("YOGA", 4)).await?;
        let hall = made(owner, "capacityPool", pool("HALL", 10)).await?;
        Ok(Self {
            pool: sessions,
            hall,
            desk,
        })
    }

    /// A session so many hours into a day.
    pub(super) async fn session(&self, hours: i64) -> anyhow::Result<String> {
        let starts_at: DateTime<Utc> =
            soon(0).and_time(NaiveTime::MIN).and_utc() + Duration::hours(hours);
        let owner = &self.desk.hotel.owner;
        let (id, pool, location) = (
            new_id(),
            uuid(&json!(self.pool))?,
            uuid(&json!(self.desk.hotel.location))?,
        );
        let sql = "insert into availability.slots (biz_id, id, pool_id, location_id, business_date, starts_at, ends_at, capacity)
            values ($1, $2, $3, $4, $5, $6, $6::timestamptz + interval '1 hour', 4)";
        let day = starts_at.date_naive();
        self.desk
            .sql
            .execute(
                sql,
                &[&owner.biz_id, &id, &pool, &location, &day, &starts_at],
            )
            .await?;
        Ok(id_of("slt", id))
    }

    pub(super) fn class(&self, slot: &str, people: i32) -> Value {
        json!({
            "locationId": self.desk.hotel.location, "slotId": slot, "sellableId": self.desk.hotel.sellable,
            "partySize": people, "price": {"amount": "40", "currency": "EUR"},
        })
    }

    pub(super) fn storage(&self, days: i64, units: i32) -> Value {
        json!({
            "locationId": self.desk.hotel.location, "poolId": self.hall, "sellableId": self.desk.hotel.sellable,
            "startsOn": soon(0), "endsOn": soon(days), "units": units, "dailyRate": {"amount": "1.50", "currency": "EUR"},
            "storage": {"goods": "Tiles"},
        })
    }

    /// What is taken of all slots.
    pub(super) async fn taken(&self) -> anyhow::Result<Vec<(i32, i32)>> {
        let sql = "select held, occupied from availability.slots where held + occupied > 0 order by starts_at, id";
        let rows = self.desk.sql.query(sql, &[]).await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect()
    }
}

/// Books, and asks again as long as the answer is that others keep the same rows for too long: on a
/// busy machine those who wait for a slot may wait longer than one is let wait.
async fn patiently(owner: &Actor, input: Value) -> anyhow::Result<Answer> {
    loop {
        let select = "bookingOrder { id kind }";
        let answer = owner.verb("bookingCreate", input.clone(), select).await?;
        if answer.code() != Some("CONFLICT") {
            return Ok(answer);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e01_inv02_of_those_who_want_the_last_places_of_a_session_as_many_win_as_fit()
-> anyhow::Result<()> {
    let school = School::open().await?;
    let slot = school.session(9).await?;
    let owner = &school.desk.hotel.owner;
    let answers = join_all((0..32).map(|index| {
        let input = with(school.class(&slot, 1), json!({"confirm": index % 2 == 0}));
        patiently(owner, input)
    }))
    .await;
    let mut won = 0;
    for answer in answers {
        let answer = answer?;
        match answer.user_code() {
            None => {
                let answer = answer.must()?;
                assert_eq!(answer.payload()["bookingOrder"]["kind"], "CLASS");
                won += 1;
            }
            code => assert_eq!(code, Some("SOLD_OUT"), "{}", answer.body),
        }
    }
    assert_eq!(won, 4);
    school.desk.must_agree().await
}

#[tokio::test]
async fn a_party_has_its_places_and_takes_them_along_to_another_session() -> anyhow::Result<()> {
    let school = School::open().await?;
    let (slot, later) = (school.session(9).await?, school.session(11).await?);
    let owner = &school.desk.hotel.owner;
    for (people, code) in [(5, "INVALID_PARTY"), (0, "INVALID_PARTY")] {
        let answer = owner
            .verb(
                "bookingCreate",
                school.class(&slot, people),
                "bookingOrder { id }",
            )
            .await?;
        let answer = answer.must_refuse(code)?;
        assert_eq!(answer.user_errors()[0]["field"], json!(["partySize"]));
    }
    let input = with(school.class(&slot, 3), json!({"confirm": true}));
    let order = school.desk.hotel.book(input).await?;
    assert_eq!(school.taken().await?, [(0, 3)]);
    let full = school
        .desk
        .hotel
        .book(with(school.class(&later, 2), json!({"confirm": true})))
        .await?;
    let to = json!({"slotId": later});
    school
        .desk
        .verb("bookingReschedule", &order, to.clone())
        .await?
        .must_refuse("SOLD_OUT")?;
    assert_eq!(school.taken().await?, [(0, 3), (0, 2)]);
    school
        .desk
        .act("bookingCancel", &full, json!({"reason": "x"}))
        .await?;
    school.desk.act("bookingReschedule", &order, to).await?;
    assert_eq!(school.taken().await?, [(0, 3)]);
    school.desk.must_agree().await
}

#[tokio::test]
async fn e16_storage_takes_its_units_on_every_day_or_on_none() -> anyhow::Result<()> {
    let school = School::open().await?;
    let owner = &school.desk.hotel.owner;
    let input = with(school.storage(3, 6), json!({"confirm": true}));
    let order = school.desk.hotel.book(input).await?;
    assert_eq!(order["totalMinor"], 2_700);
    let answer = owner
        .verb("bookingCreate", school.storage(5, 5), "bookingOrder { id }")
        .await?;
    answer.must_refuse("SOLD_OUT")?;
    assert_eq!(school.taken().await?, [(0, 6), (0, 6), (0, 6)]);
    let moved = school
        .desk
        .act(
            "bookingReschedule",
            &order,
            json!({"startsOn": soon(2), "endsOn": soon(6)}),
        )
        .await?;
    assert_eq!(moved["bookingOrder"]["totalMinor"], 3_600);
    assert_eq!(school.taken().await?.len(), 4);
    let data = owner
        .read("{ storageDetails { nodes { units goods } } bookingOrderLines { nodes { unit quantity startsOn endsOn } } }")
        .await?;
    assert_eq!(
        data["storageDetails"]["nodes"],
        json!([{"units": 6, "goods": "Tiles"}])
    );
    assert_eq!(
        data["bookingOrderLines"]["nodes"][0]["quantity"],
        "24.000000"
    );
    let rooms = json!({"poolId": school.desk.hotel.pool});
    owner
        .verb(
            "bookingCreate",
            with(school.storage(2, 1), rooms),
            "bookingOrder { id }",
        )
        .await?
        .must_fail("NOT_FOUND")?;
    school.desk.must_agree().await
}

#[tokio::test]
async fn an_offer_that_is_not_on_sale_is_not_booked_and_one_that_is_asks_its_deposit()
-> anyhow::Result<()> {
    let school = School::open().await?;
    let desk = &school.desk;
    let owner = &desk.hotel.owner;
    let slot = school.session(9).await?;
    let offer = json!({"code": "YOGA", "name": "Yoga", "kind": "CLASS"});
    let offer = made(owner, "offer", offer).await?;
    let version = new_id();
    let draft = "insert into catalog.offer_versions (biz_id, id, offer_id, version_no, deposit_kind, deposit_bps)
        values ($1, $2, $3, 1, 'percent', 2500)";
    let ids = (owner.biz_id, uuid(&json!(offer))?);
    desk.sql.execute(draft, &[&ids.0, &version, &ids.1]).await?;
    let sellable = json!({"kind": "OFFER_VERSION", "refType": "OfferVersion", "refId": id_of(VERSION, version), "name": "Yoga"});
    let sellable = made(owner, "sellable", sellable).await?;
    let input = with(school.class(&slot, 1), json!({"sellableId": sellable}));
    let answer = owner
        .verb("bookingCreate", input.clone(), "bookingOrder { id }")
        .await?;
    let answer = answer.must_refuse("NOT_BOOKABLE")?;
    assert_eq!(answer.user_errors()[0]["field"], json!(["sellableId"]));
    let publish = "update catalog.offer_versions set status = 'published', published_at = now(), effective_starts_at = now()";
    for step in [
        "update catalog.offer_versions set status = 'in_review'",
        publish,
    ] {
        desk.sql.execute(step, &[]).await?;
    }
    let done = owner
        .act(
            "bookingCreate",
            input,
            "bookingOrder { depositDueMinor totalMinor }",
        )
        .await?;
    assert_eq!(
        done["bookingOrder"],
        json!({"depositDueMinor": 1_000, "totalMinor": 4_000})
    );
    desk.must_agree().await
}

/// A session in a house that is blocked is neither booked nor moved to, as none is listed.
#[tokio::test]
async fn a_session_of_a_blocked_house_has_no_places() -> anyhow::Result<()> {
    let school = School::open().await?;
    let (slot, later) = (school.session(9).await?, school.session(11).await?);
    let owner = &school.desk.hotel.owner;
    let input = with(school.class(&slot, 1), json!({"confirm": true}));
    let order = school.desk.hotel.book(input).await?;
    let day = soon(0).and_time(NaiveTime::MIN).and_utc();
    let block = json!({
        "locationId": school.desk.hotel.location, "startsAt": day + Duration::hours(10), "endsAt": day + Duration::hours(14),
        "reason": "OTHER",
    });
    owner
        .act("blockCreate", block, "availabilityBlock { id }")
        .await?;
    let refused = owner
        .verb(
            "bookingCreate",
            school.class(&later, 1),
            "bookingOrder { id }",
        )
        .await?;
    refused.must_refuse("CLOSED")?;
    let to = json!({"slotId": later});
    school
        .desk
        .verb("bookingReschedule", &order, to)
        .await?
        .must_refuse("CLOSED")?;
    assert_eq!(school.taken().await?, [(0, 1)]);
    school.desk.must_agree().await
}

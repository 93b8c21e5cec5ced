//! What contains resources is taken with them: a house with its rooms, a room with its beds. Who has a
//! room keeps the house from others, and its neighbours are free.

use chrono::{DateTime, Duration, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::Answer;
use tests::actor::uuid;
use tests::hotel::id_of;

use super::{Shop, ask, with, written};

pub(super) const DAY: &str = "2027-01-11";

pub(super) fn at(time: &str) -> anyhow::Result<DateTime<Utc>> {
    Ok(format!("{DAY}T{time}:00Z").parse()?)
}

/// A house of two rooms, in the first of which is a bed; each is for one at a time.
pub(super) struct House {
    pub(super) shop: Shop,
    pub(super) house: String,
    pub(super) rooms: [String; 2],
    pub(super) bed: String,
}

impl House {
    pub(super) async fn open() -> anyhow::Result<Self> {
        let shop = Shop::open().await?;
        let house = shop.stylist(json!({})).await?;
        let within = json!({"parentResourceId": house});
        let rooms = [
            shop.stylist(within.clone()).await?,
            shop.stylist(within).await?,
        ];
        let bed = json!({"parentResourceId": rooms[0]});
        let bed = shop.stylist(bed).await?;
        shop.publish().await?;
        Ok(Self {
            shop,
            house,
            rooms,
            bed,
        })
    }

    /// Books one of them for an hour, and asks again as long as others keep the same rows for too long.
    pub(super) async fn book(
        &self,
        resource: &str,
        from: &str,
        more: Value,
    ) -> anyhow::Result<Answer> {
        let from = at(from)?;
        let input = json!({
            "locationId": self.shop.location, "resourceId": resource, "sellableId": self.shop.sellable,
            "startsAt": written(from), "endsAt": written(from + Duration::hours(1)),
            "price": {"amount": "60", "currency": "EUR"}, "confirm": true,
        });
        let input = with(input, more);
        loop {
            let select = "bookingOrder { id } alternatives { startsAt endsAt }";
            let verb = self.shop.owner.verb("bookingCreate", input.clone(), select);
            let answer = verb.await?;
            if answer.code() != Some("CONFLICT") {
                return Ok(answer);
            }
        }
    }

    /// The allocation of a booking, as an id of the graph.
    async fn allocation(&self, order: &Value) -> anyhow::Result<String> {
        let sql = "select id from availability.allocations where source_id = $1 and status in ('hold', 'firm')";
        let row = self.shop.sql.query_one(sql, &[&uuid(order)?]).await?;
        Ok(id_of("alc", row.try_get(0)?))
    }

    pub(super) async fn cancel(&self, order: &Value) -> anyhow::Result<()> {
        let input = json!({"id": order, "reason": "x"});
        let verb = self
            .shop
            .owner
            .act("bookingCancel", input, "bookingOrder { id }");
        verb.await.map(drop)
    }

    /// What stands in the way of one of them at ten.
    pub(super) async fn blockers(&self, resource: &str) -> anyhow::Result<Value> {
        let arguments = json!({
            "offerId": self.shop.offer, "from": written(at("10:00")?), "byStaff": true, "resourceIds": [resource],
        });
        let select = "refused { components { blockers { kind causeId candidateId withinResourceId remedy } } }";
        let answer = ask(&self.shop.owner, "availabilityExplain", &arguments, select);
        let answer = answer.await?.must()?;
        Ok(answer
            .data("/answer/refused/0/components/0/blockers")
            .clone())
    }
}

#[tokio::test]
async fn e03_a_house_is_taken_with_all_that_is_in_it() -> anyhow::Result<()> {
    let house = House::open().await?;
    let whole = house.book(&house.house, "10:00", json!({})).await?.must()?;
    let whole = whole.payload()["bookingOrder"]["id"].clone();
    let inside = [&house.rooms[0], &house.rooms[1], &house.bed];
    for resource in inside {
        let told = house.book(resource, "10:30", json!({})).await?;
        let told = told.must_refuse("SLOT_TAKEN")?;
        let other = &told.payload()["alternatives"][0]["startsAt"];
        assert!(other.is_string(), "{}", told.body);
        let later = json!({"dryRun": true});
        house.book(resource, "11:00", later).await?.must()?;
    }
    let cause = house.allocation(&whole).await?;
    assert_eq!(
        house.blockers(&house.bed).await?,
        json!([{"kind": "ALLOCATION", "causeId": cause, "candidateId": house.bed, "withinResourceId": house.house, "remedy": "RELEASE"}])
    );
    let listed = json!({"resourceIds": [house.bed], "stepMinutes": 60});
    let listed = with(house.shop.days(DAY, DAY), listed);
    let ten = written(at("10:00")?);
    assert!(!house.shop.listed(listed.clone()).await?.contains(&ten));
    // A hold keeps no more than can be booked.
    let hold = json!({"resourceId": house.bed, "startsAt": written(at("10:30")?), "endsAt": written(at("11:30")?), "sessionRef": "s"});
    let owner = &house.shop.owner;
    owner
        .verb("holdCreate", hold, "bookingHold { id }")
        .await?
        .must_refuse("SLOT_TAKEN")?;
    house.cancel(&whole).await?;
    assert!(house.shop.listed(listed).await?.contains(&ten));
    Ok(())
}

#[tokio::test]
async fn e03_a_taken_room_keeps_the_house_and_its_beds_and_not_its_neighbour() -> anyhow::Result<()>
{
    let house = House::open().await?;
    let [room, neighbour] = &house.rooms;
    let taken = house.book(room, "10:00", json!({})).await?.must()?;
    let taken = taken.payload()["bookingOrder"]["id"].clone();
    for resource in [&house.house, &house.bed] {
        house
            .book(resource, "10:30", json!({}))
            .await?
            .must_refuse("SLOT_TAKEN")?;
    }
    let cause = house.allocation(&taken).await?;
    assert_eq!(
        house.blockers(&house.house).await?,
        json!([{"kind": "ALLOCATION", "causeId": cause, "candidateId": house.house, "withinResourceId": null, "remedy": "RELEASE"}])
    );
    let beside = house.book(neighbour, "10:00", json!({})).await?.must()?;
    // The neighbour does not move into the house while the room is taken, and keeps what it has.
    let order = beside.payload()["bookingOrder"]["id"].clone();
    let into = json!({"id": order, "resourceId": house.house});
    let select = "bookingOrder { id } alternatives { startsAt }";
    let owner = &house.shop.owner;
    let told = owner
        .verb("bookingReschedule", into.clone(), select)
        .await?;
    let told = told.must_refuse("SLOT_TAKEN")?;
    assert!(
        told.payload()["alternatives"][0]["startsAt"].is_string(),
        "{}",
        told.body
    );
    // Once it is free, the house is theirs with the room that they had.
    house.cancel(&taken).await?;
    owner.act("bookingReschedule", into, select).await?;
    house
        .book(neighbour, "10:00", json!({}))
        .await?
        .must_refuse("SLOT_TAKEN")?;
    Ok(())
}

#[tokio::test]
async fn e10_what_a_shopper_holds_of_a_room_gives_way_to_the_house() -> anyhow::Result<()> {
    let house = House::open().await?;
    let owner = &house.shop.owner;
    let hold = json!({"resourceId": house.bed, "startsAt": written(at("10:00")?), "endsAt": written(at("11:00")?), "sessionRef": "cart"});
    owner.act("holdCreate", hold, "bookingHold { id }").await?;
    house
        .book(&house.house, "10:00", json!({}))
        .await?
        .must_refuse("SLOT_TAKEN")?;
    let own = json!({"sessionRef": "cart"});
    house.book(&house.house, "10:00", own).await?.must()?;
    Ok(())
}

/// The database has the last word: whatever writes a claim, it is not past what contains it.
#[tokio::test]
async fn inv01_no_claim_goes_past_what_contains_it_or_is_in_it() -> anyhow::Result<()> {
    let house = House::open().await?;
    let (ten, eleven) = (written(at("10:00")?), written(at("11:00")?));
    let shop = &house.shop;
    shop.take(&house.rooms[0], &ten, &eleven, "").await?;
    for resource in [&house.house, &house.bed] {
        let refused = shop.take(resource, &ten, &eleven, "").await;
        anyhow::ensure!(refused.is_err(), "{resource} was taken");
    }
    shop.take(&house.rooms[1], &ten, &eleven, "").await?;
    shop.take(&house.house, &eleven, &written(at("12:00")?), "")
        .await?;
    // What is let in on purpose conflicts with nothing.
    let user = shop.owner.user_id;
    let over = format!(", override_by_id, override_reason=, '{user}', 'agreed'");
    shop.take(&house.house, &ten, &eleven, &over).await?;
    Ok(())
}

const OVERLAPS: &str = "select count(*) from availability.allocations a \
    join availability.allocations b on b.status in ('hold', 'firm') and b.blocked_period && a.blocked_period \
    join availability.resources_above($1, array[a.resource_id]) u on u.id = b.resource_id \
    where a.status in ('hold', 'firm')";

/// 32 want the house or a room of it at once, three times.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e01_inv01_of_those_who_want_a_house_and_its_rooms_never_both_win() -> anyhow::Result<()> {
    let house = House::open().await?;
    for from in ["10:00", "12:00", "14:00"] {
        let wanted = [&house.house, &house.rooms[0], &house.rooms[1], &house.bed];
        let tries = (0..32).map(|index| house.book(wanted[index % 4], from, json!({})));
        let mut won = [0; 4];
        for (index, answer) in join_all(tries).await.into_iter().enumerate() {
            let answer = answer?;
            match answer.user_code() {
                None => {
                    answer.must()?;
                    won[index % 4] += 1;
                }
                code => assert_eq!(code, Some("SLOT_TAKEN"), "{}", answer.body),
            }
        }
        // The house alone, or its second room and of the first the room or its bed.
        let possible = [[1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]];
        assert!(possible.contains(&won), "{from}: {won:?}");
    }
    let biz = house.shop.owner.biz_id;
    let found = house.shop.sql.query_one(OVERLAPS, &[&biz]).await?;
    assert_eq!(found.try_get::<_, i64>(0)?, 0);
    Ok(())
}

//! Sessions in rooms, and rooms that are blocked: a session takes its room as a booking does, and what
//! closes a room closes the house to whoever wants the whole.

use bizing::database::new_id;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::Answer;
use tests::actor::uuid;
use tests::hotel::id_of;

use super::houses::{DAY, House, at};
use super::{text, with, written};

impl House {
    /// A session of four places in one of them, for an hour.
    async fn session(&self, resource: &str, from: &str) -> anyhow::Result<String> {
        let (id, starts_at) = (new_id(), at(from)?);
        let sql = format!(
            "insert into availability.slots (biz_id, id, resource_id, location_id, business_date, starts_at, ends_at, capacity) \
             values ('{}', '{id}', '{}', '{}', '{DAY}', '{starts_at}', '{starts_at}'::timestamptz + interval '1 hour', 4)",
            self.shop.owner.biz_id,
            uuid(&json!(resource))?,
            uuid(&json!(self.shop.location))?,
        );
        self.shop.sql.batch_execute(&sql).await?;
        Ok(id_of("slt", id))
    }

    async fn join(&self, session: &str) -> anyhow::Result<Answer> {
        let input = json!({
            "locationId": self.shop.location, "slotId": session, "sellableId": self.shop.sellable, "partySize": 1,
            "price": {"amount": "10", "currency": "EUR"}, "confirm": true,
        });
        loop {
            let verb = self
                .shop
                .owner
                .verb("bookingCreate", input.clone(), "bookingOrder { id }");
            let answer = verb.await?;
            if answer.code() != Some("CONFLICT") {
                return Ok(answer);
            }
        }
    }

    async fn joined(&self, session: &str) -> anyhow::Result<Value> {
        let answer = self.join(session).await?.must()?;
        Ok(answer.payload()["bookingOrder"]["id"].clone())
    }
}

#[tokio::test]
async fn e03_a_session_takes_its_room_and_with_it_the_house_and_the_beds() -> anyhow::Result<()> {
    let house = House::open().await?;
    let [room, neighbour] = &house.rooms;
    let session = house.session(room, "10:00").await?;
    // Until somebody has a place, the room is free.
    let dry = json!({"dryRun": true});
    house
        .book(&house.house, "10:00", dry.clone())
        .await?
        .must()?;
    let first = house.joined(&session).await?;
    let second = house.joined(&session).await?;
    for resource in [&house.house, room, &house.bed] {
        let told = house.book(resource, "10:30", json!({})).await?;
        told.must_refuse("SLOT_TAKEN")?;
    }
    house.book(neighbour, "10:00", dry.clone()).await?.must()?;
    house.book(&house.house, "11:00", dry).await?.must()?;
    for (resource, within) in [(&house.house, Value::Null), (&house.bed, json!(room))] {
        assert_eq!(
            house.blockers(resource).await?,
            json!([{"kind": "ALLOCATION", "causeId": session, "candidateId": resource, "withinResourceId": within, "remedy": "RELEASE"}])
        );
    }
    house.cancel(&first).await?;
    let told = house.book(&house.house, "10:00", json!({})).await?;
    told.must_refuse("SLOT_TAKEN")?;
    house.cancel(&second).await?;
    let whole = house.book(&house.house, "10:00", json!({})).await?.must()?;
    house.join(&session).await?.must_refuse("SLOT_TAKEN")?;
    house.cancel(&whole.payload()["bookingOrder"]["id"]).await?;
    let bed = house.book(&house.bed, "10:30", json!({})).await?.must()?;
    house.join(&session).await?.must_refuse("SLOT_TAKEN")?;
    house.cancel(&bed.payload()["bookingOrder"]["id"]).await?;
    // E-10: what a shopper holds of the session is not in their own way, nor of the house in that of a place.
    let owner = &house.shop.owner;
    let hold = json!({"slotIds": [session], "sessionRef": "cart"});
    owner.act("holdCreate", hold, "bookingHold { id }").await?;
    let told = house.book(&house.house, "10:00", json!({})).await?;
    told.must_refuse("SLOT_TAKEN")?;
    let own = json!({"sessionRef": "cart", "confirm": false});
    let whole = house.book(&house.house, "10:00", own).await?.must()?;
    house.cancel(&whole.payload()["bookingOrder"]["id"]).await?;
    let (ten, eleven) = (written(at("10:00")?), written(at("11:00")?));
    let hold =
        json!({"resourceId": house.house, "startsAt": ten, "endsAt": eleven, "sessionRef": "cart"});
    owner.act("holdCreate", hold, "bookingHold { id }").await?;
    house.join(&session).await?.must_refuse("SLOT_TAKEN")?;
    let place = json!({"slotIds": [session], "sessionRef": "cart"});
    owner.act("holdCreate", place, "bookingHold { id }").await?;
    house.joined(&session).await?;
    anyhow::ensure!(house.shop.world.breaks().await? == 0);
    Ok(())
}

/// The database has the last word, whatever writes the claim.
#[tokio::test]
async fn inv01_no_claim_goes_past_a_session_nor_a_place_past_a_claim() -> anyhow::Result<()> {
    let house = House::open().await?;
    let (shop, room) = (&house.shop, &house.rooms[0]);
    let (ten, eleven) = (written(at("10:00")?), written(at("11:00")?));
    let session = house.session(room, "10:00").await?;
    let order = house.joined(&session).await?;
    for resource in [&house.house, room, &house.bed] {
        let refused = shop.take(resource, &ten, &eleven, "").await;
        anyhow::ensure!(refused.is_err(), "{resource} was taken");
    }
    shop.take(&house.rooms[1], &ten, &eleven, "").await?;
    house.cancel(&order).await?;
    shop.take(&house.bed, &ten, &eleven, "").await?;
    let place = format!(
        "select availability.claim_places(array['{0}'::uuid], 1, null, 'Slot', '{0}', 'firm', null)",
        uuid(&json!(session))?
    );
    let refused = shop.sql.batch_execute(&place).await;
    anyhow::ensure!(refused.is_err(), "a place was had beside a bed");
    Ok(())
}

/// `bizing verify` names what somebody has written past the guards.
#[tokio::test]
async fn inv01_what_went_past_the_guards_is_named() -> anyhow::Result<()> {
    let house = House::open().await?;
    let (shop, [room, neighbour]) = (&house.shop, &house.rooms);
    let first = house.book(room, "10:00", json!({})).await?.must()?;
    house.book(neighbour, "10:30", json!({})).await?.must()?;
    let session = house.session(neighbour, "12:00").await?;
    house.joined(&session).await?;
    assert_eq!(shop.world.told_breaks().await?, Vec::<String>::new());
    let by_hand = shop.world.database.owner().await?;
    let sql = format!(
        "set session_replication_role = replica; \
         update availability.allocations set resource_id = '{}' where source_id = '{}'; \
         update availability.slots set starts_at = starts_at - interval '1 hour 30 minutes', \
           ends_at = ends_at - interval '1 hour 30 minutes' where id = '{}'",
        uuid(&json!(house.house))?,
        uuid(&first.payload()["bookingOrder"]["id"])?,
        uuid(&json!(session))?,
    );
    by_hand.batch_execute(&sql).await?;
    let told = shop.world.told_breaks().await?;
    for check in ["houses_and_rooms", "sessions_and_bookings"] {
        assert!(
            told.iter().any(|line| line.contains(check)),
            "{check}: {told:?}"
        );
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e01_inv01_of_32_who_want_a_house_or_a_place_in_its_room_one_kind_wins()
-> anyhow::Result<()> {
    let house = House::open().await?;
    for from in ["10:00", "12:00"] {
        let session = house.session(&house.rooms[0], from).await?;
        let tries = (0..32).map(|index| {
            let (house, session) = (&house, &session);
            async move {
                match index % 2 {
                    0 => house.join(session).await,
                    _ => house.book(&house.house, from, json!({})).await,
                }
            }
        });
        let mut won = [0; 2];
        for (index, answer) in join_all(tries).await.into_iter().enumerate() {
            let answer = answer?;
            match answer.user_code() {
                None => {
                    answer.must()?;
                    won[index % 2] += 1;
                }
                code => assert!(
                    matches!(code, Some("SLOT_TAKEN" | "SOLD_OUT")),
                    "{}",
                    answer.body
                ),
            }
        }
        assert!(matches!(won, [4, 0] | [0, 1]), "{from}: {won:?}");
    }
    anyhow::ensure!(house.shop.world.breaks().await? == 0);
    Ok(())
}

/// A room that is blocked or under repair closes the house, and not its neighbour; the block of a house
/// that is booked goes around what is booked in it.
#[tokio::test]
async fn e03_a_blocked_room_closes_its_house() -> anyhow::Result<()> {
    let house = House::open().await?;
    let (shop, [room, neighbour]) = (&house.shop, &house.rooms);
    let block = async |resource: &str, more: Value| {
        let input = json!({"resourceId": resource, "startsAt": written(at("10:00")?), "endsAt": written(at("12:00")?), "reason": "OTHER"});
        let verb = shop
            .owner
            .verb("blockCreate", with(input, more), "availabilityBlock { id }");
        verb.await
    };
    let made = block(room, json!({})).await?.must()?;
    let blocked = made.payload()["availabilityBlock"]["id"].clone();
    let told = house.book(&house.house, "10:30", json!({})).await?;
    told.must_refuse("CLOSED")?;
    assert_eq!(
        house.blockers(&house.house).await?,
        json!([{"kind": "BLOCK", "causeId": blocked, "candidateId": house.house, "withinResourceId": null, "remedy": "LIFT"}])
    );
    let listed = json!({"resourceIds": [house.house]});
    let listed = shop.listed(with(shop.days(DAY, DAY), listed)).await?;
    assert!(!listed.contains(&written(at("11:00")?)) && listed.contains(&written(at("12:00")?)));
    let (ten, eleven) = (written(at("10:00")?), written(at("11:00")?));
    let raw = shop.take(&house.house, &ten, &eleven, "").await;
    anyhow::ensure!(raw.is_err(), "the house was taken with a blocked room");
    let beside = house.book(neighbour, "10:30", json!({})).await?.must()?;
    // Nobody blocks the house over what is booked in it, unless the block goes around.
    block(&house.house, json!({}))
        .await?
        .must_refuse("SLOT_TAKEN")?;
    let around = block(&house.house, json!({"aroundBookings": true}))
        .await?
        .must()?;
    let told = house.book(neighbour, "11:30", json!({})).await?;
    told.must_refuse("CLOSED")?;
    // What is booked there may end sooner.
    let order = &beside.payload()["bookingOrder"]["id"];
    let sql = format!(
        "update availability.allocations set service_ends_at = service_ends_at - interval '10 minutes', \
           blocked_ends_at = blocked_ends_at - interval '10 minutes' where source_id = '{}' and status = 'firm'",
        uuid(order)?
    );
    shop.sql.batch_execute(&sql).await?;
    for block in [&blocked, &around.payload()["availabilityBlock"]["id"]] {
        let lift = json!({"id": block});
        shop.owner
            .act("blockRelease", lift, "availabilityBlock { id }")
            .await?;
    }
    house.cancel(order).await?;
    let repair = new_id();
    let sql = format!(
        "insert into resources.maintenance_work_orders (biz_id, id, number, resource_id, location_id, kind, title, starts_at, ends_at) \
         values ('{}', '{repair}', 'W-1', '{}', '{}', 'corrective', 'Slats', '{ten}', '{eleven}')",
        shop.owner.biz_id,
        uuid(&json!(house.bed))?,
        uuid(&json!(shop.location))?,
    );
    shop.sql.batch_execute(&sql).await?;
    let told = house.book(&house.house, "10:30", json!({})).await?;
    told.must_refuse("SLOT_TAKEN")?;
    assert_eq!(
        house.blockers(&house.house).await?,
        json!([{"kind": "MAINTENANCE", "causeId": id_of("rswo", repair), "candidateId": house.house, "withinResourceId": null, "remedy": "FINISH_WORK"}])
    );
    house.book(neighbour, "10:30", json!({})).await?.must()?;
    Ok(())
}

/// Who waits for a room has it when the house comes free, and who waits for the house when the last of its
/// rooms does.
#[tokio::test]
async fn e02_what_comes_free_of_a_house_is_offered_to_who_waits_for_its_rooms_and_the_other_way()
-> anyhow::Result<()> {
    let house = House::open().await?;
    let shop = &house.shop;
    let order = async |resource: &str| -> anyhow::Result<Value> {
        let done = house.book(resource, "10:00", json!({})).await?.must()?;
        Ok(done.payload()["bookingOrder"]["id"].clone())
    };
    let waits = async |name: &str, resource: &str| -> anyhow::Result<String> {
        let wish = json!({
            "customerId": shop.customer(name).await?, "locationId": shop.location, "offerId": shop.offer, "resourceId": resource,
            "startsAt": written(at("10:00")?), "endsAt": written(at("11:00")?),
        });
        let joined = shop
            .owner
            .act("waitlistJoin", wish, "waitlistEntry { id }")
            .await?;
        Ok(text(&joined["waitlistEntry"]["id"]))
    };
    let status = async |entry: &str| -> anyhow::Result<String> {
        let sql = "select status::text from availability.waitlist_entries where id = $1";
        Ok(shop
            .sql
            .query_one(sql, &[&uuid(&json!(entry))?])
            .await?
            .get(0))
    };
    let whole = order(&house.house).await?;
    let ana = waits("Ana", &house.rooms[1]).await?;
    let eva = waits("Eva", &house.house).await?;
    house.cancel(&whole).await?;
    // She who came first has her room; the house is not whole any more.
    assert_eq!(
        (status(&ana).await?, status(&eva).await?),
        ("offered".into(), "waiting".into())
    );
    let bed = order(&house.bed).await?;
    let leave = json!({"id": ana});
    shop.owner
        .act("waitlistLeave", leave, "waitlistEntry { id }")
        .await?;
    assert_eq!(
        status(&eva).await?,
        "waiting",
        "there still is somebody in the bed"
    );
    house.cancel(&bed).await?;
    assert_eq!(status(&eva).await?, "offered");
    let kept =
        "select count(*) from availability.allocations where status = 'hold' and resource_id = $1";
    let kept = shop
        .sql
        .query_one(kept, &[&uuid(&json!(house.house))?])
        .await?;
    assert_eq!(kept.get::<_, i64>(0), 1);
    Ok(())
}

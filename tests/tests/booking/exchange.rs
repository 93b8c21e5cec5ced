//! E-15, the second half: two bookings exchange their rooms in one transaction, both or neither.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::{Plan, id_of, made};
use tests::{Actor, Answer};

use super::resources::Room;
use super::{Desk, with};

const BOTH: &str = "bookingOrder { id version totalMinor startsAt } otherOrder { id version totalMinor startsAt } \
    blockers { kind causeType causeId candidateId startsAt remedy }";

/// Two rooms, side by side.
struct Pair {
    room: Room,
    second: String,
}

impl Pair {
    async fn open() -> anyhow::Result<Self> {
        let room = Room::open(Desk::open().await?).await?;
        let second = room.another("R-2").await?;
        Ok(Self { room, second })
    }

    fn owner(&self) -> &Actor {
        &self.room.desk.hotel.owner
    }

    /// A confirmed booking of a room, so many minutes from a minute of the day on.
    async fn book(&self, resource: &str, from: i64, minutes: i64) -> anyhow::Result<Value> {
        let more = json!({"resourceId": resource, "confirm": true});
        let input = with(self.room.use_(from, minutes), more);
        self.room.desk.hotel.book(input).await
    }

    async fn exchange(
        &self,
        by: &Actor,
        (one, other): (&Value, &Value),
        more: Value,
    ) -> anyhow::Result<Answer> {
        let input = json!({"id": one["id"], "otherId": other["id"]});
        let verb = by.verb("bookingResourceExchange", with(input, more), BOTH);
        verb.await
    }

    /// The allocations of a booking that stand, with the room and the minute from which it is taken.
    async fn held(&self, order: &Value) -> anyhow::Result<Vec<(String, String, i64)>> {
        let sql = "select a.id, a.resource_id, (extract(epoch from a.service_starts_at)::bigint / 60) % 1440 \
            from availability.allocations a where a.source_id = $1 and a.status in ('hold', 'firm') order by 3, 2";
        let rows = self
            .room
            .desk
            .sql
            .query(sql, &[&uuid(&order["id"])?])
            .await?;
        let read = |row: &tokio_postgres::Row| {
            let resource = id_of("res", row.get(1));
            (id_of("alc", row.get(0)), resource, row.get(2))
        };
        Ok(rows.iter().map(read).collect())
    }

    /// The rooms of a booking, in the order of their times.
    async fn rooms(&self, order: &Value) -> anyhow::Result<Vec<String>> {
        let held = self.held(order).await?.into_iter();
        Ok(held.map(|(_, room, _)| room).collect())
    }
}

#[tokio::test]
async fn e15_two_bookings_exchange_their_rooms_at_their_own_times_or_both_keep_them()
-> anyhow::Result<()> {
    let pair = Pair::open().await?;
    let (first, second) = (&pair.room.resource, &pair.second);
    let one = pair.book(first, 600, 60).await?;
    let other = pair.book(second, 630, 90).await?;
    let both = (&one, &other);
    let owner = pair.owner();
    let dry = json!({"dryRun": true});
    pair.exchange(owner, both, dry).await?.must()?;
    assert_eq!(pair.rooms(&one).await?, [first.as_str()]);
    let versions = json!({"expectedVersion": one["version"], "otherExpectedVersion": other["version"], "reason": "A wheelchair"});
    let done = pair
        .exchange(owner, both, versions.clone())
        .await?
        .must()?
        .payload()
        .clone();
    assert_eq!(pair.rooms(&one).await?, [second.as_str()]);
    assert_eq!(pair.rooms(&other).await?, [first.as_str()]);
    let minutes = |held: Vec<(String, String, i64)>| held.first().map(|held| held.2);
    assert_eq!(minutes(pair.held(&one).await?), Some(600));
    assert_eq!(minutes(pair.held(&other).await?), Some(630));
    for (order, before) in [(&done["bookingOrder"], &one), (&done["otherOrder"], &other)] {
        assert_eq!(order["totalMinor"], 6_000, "{done}");
        assert_eq!(order["startsAt"], before["startsAt"]);
        assert_ne!(order["version"], before["version"]);
    }
    // Who does the work in them goes along.
    let sql = "select count(*) from booking.fulfillment_assignments s \
        join availability.allocations a on a.id = s.allocation_id and a.resource_id = s.resource_id \
        where a.status = 'firm' and s.status = 'accepted'";
    let working: i64 = pair.room.desk.sql.query_one(sql, &[]).await?.get(0);
    assert_eq!(working, 2);
    // Whoever read them before has to look again.
    let stale = pair.exchange(owner, both, versions).await?;
    stale.must_fail("CONFLICT")?;
    // What is in the way of one keeps both where they are, and is named.
    let third = pair.book(second, 660, 60).await?;
    let told = pair.exchange(owner, both, json!({})).await?;
    let told = told.must_refuse("SLOT_TAKEN")?;
    assert_eq!(told.user_errors()[0]["field"], json!(["otherId"]));
    let cause = pair.held(&third).await?.remove(0).0;
    let blocker = &told.payload()["blockers"][0];
    assert_eq!(
        (&blocker["kind"], &blocker["causeId"], &blocker["remedy"]),
        (&json!("ALLOCATION"), &json!(cause), &json!("RELEASE")),
        "{}",
        told.body
    );
    assert_eq!(blocker["candidateId"], json!(second));
    assert_eq!(pair.rooms(&one).await?, [second.as_str()]);
    assert_eq!(pair.rooms(&other).await?, [first.as_str()]);
    let gone = json!({"reason": "x"});
    pair.room.desk.act("bookingCancel", &third, gone).await?;
    pair.exchange(owner, both, json!({})).await?.must()?;
    assert_eq!(pair.rooms(&one).await?, [first.as_str()]);
    pair.room.desk.must_agree().await
}

#[tokio::test]
async fn e15_an_exchange_says_what_of_several_and_is_refused_where_there_is_nothing()
-> anyhow::Result<()> {
    let pair = Pair::open().await?;
    let (first, second) = (&pair.room.resource, &pair.second);
    let third = pair.room.another("R-3").await?;
    let owner = pair.owner();
    let (one, held) = (
        pair.book(first, 600, 60).await?,
        pair.room
            .desk
            .hotel
            .book(with(pair.room.use_(600, 60), json!({"resourceId": third})))
            .await?,
    );
    let wide = pair.room.use_(720, 60);
    let line = json!({"sellableId": wide["sellableId"], "resourceId": second, "startsAt": wide["startsAt"], "endsAt": wide["endsAt"], "unitPrice": "10"});
    let input = json!({"id": one["id"], "addLines": [line]});
    owner
        .act("bookingModify", input, "bookingOrder { id }")
        .await?;
    let told = pair.exchange(owner, (&one, &held), json!({})).await?;
    let told = told.must_refuse("INCOMPLETE")?;
    assert_eq!(told.user_errors()[0]["field"], json!(["allocationId"]));
    // Two lines of one booking.
    let lines = pair.held(&one).await?;
    let named = json!({"allocationId": lines[0].0, "otherAllocationId": lines[1].0});
    pair.exchange(owner, (&one, &one), named.clone())
        .await?
        .must()?;
    assert_eq!(pair.rooms(&one).await?, [second.clone(), first.clone()]);
    pair.exchange(owner, (&one, &one), named)
        .await?
        .must_fail("NOT_FOUND")?;
    let lines = pair.held(&one).await?;
    let same = json!({"allocationId": lines[0].0, "otherAllocationId": lines[0].0});
    pair.exchange(owner, (&one, &one), same)
        .await?
        .must_refuse("NOT_EXCHANGEABLE")?;
    // One of several with a booking that is only held: it stays held.
    let named = json!({"allocationId": lines[0].0});
    pair.exchange(owner, (&one, &held), named).await?.must()?;
    assert_eq!(pair.rooms(&one).await?, [third, first.clone()]);
    assert_eq!(pair.rooms(&held).await?, [second.as_str()]);
    let sql = "select count(*) from availability.allocations where status = 'hold' and source_id = $1 and expires_at is not null";
    let id = uuid(&held["id"])?;
    let row = pair.room.desk.sql.query_one(sql, &[&id]).await?;
    assert_eq!(row.get::<_, i64>(0), 1);
    let named = json!({"allocationId": pair.held(&one).await?[0].0});
    pair.room.desk.let_expire(&held).await?;
    let told = pair.exchange(owner, (&one, &held), named.clone()).await?;
    let told = told.must_refuse("HOLD_EXPIRED")?;
    assert_eq!(told.user_errors()[0]["field"], json!(["otherId"]));
    let gone = json!({"reason": "x"});
    pair.room.desk.act("bookingCancel", &one, gone).await?;
    pair.exchange(owner, (&one, &held), named)
        .await?
        .must_refuse("WRONG_STATUS")?;
    pair.room.desk.must_agree().await
}

#[tokio::test]
async fn e15_who_exchanges_must_reach_both_and_may_ask_for_the_price_of_the_lists()
-> anyhow::Result<()> {
    let pair = Pair::open().await?;
    let (first, second) = (&pair.room.resource, &pair.second);
    let (owner, world) = (pair.owner(), &pair.room.desk.world);
    let (one, other) = (
        pair.book(first, 600, 60).await?,
        pair.book(second, 600, 60).await?,
    );
    let both = (&one, &other);
    let elsewhere = world.hotel_of(owner, &Plan::default()).await?;
    let permissions = ["booking.reschedule", "booking.read", "core.read"];
    let role = json!({"code": "mover", "name": "Mover", "permissions": permissions});
    owner.act("roleCreate", role, "role { id }").await?;
    let there = world
        .staff(owner, "mover", &[elsewhere.location.as_str()])
        .await?;
    let stranger = world.owner().await?;
    for by in [&there, &stranger] {
        let told = pair.exchange(by, both, json!({})).await?;
        told.must_fail("NOT_FOUND")?;
    }
    let viewer = json!({"code": "viewer2", "name": "Viewer", "permissions": ["booking.read"]});
    owner.act("roleCreate", viewer, "role { id }").await?;
    let viewer = world.staff(owner, "viewer2", &[]).await?;
    pair.exchange(&viewer, both, json!({}))
        .await?
        .must_fail("FORBIDDEN")?;
    // The better room costs more; the prices that staff gave stay until they are asked for anew.
    let sellable = &pair.room.desk.hotel.sellable;
    let book = json!({"code": "B", "name": "B", "currency": "EUR", "isTaxInclusive": true});
    let book = made(owner, "priceBook", book).await?;
    for (resource, price) in [(first, "70"), (second, "90")] {
        let rule = json!({"priceBookId": book, "sellableId": sellable, "resourceId": resource, "name": "Room", "unitPrice": price});
        made(owner, "priceRule", rule).await?;
    }
    let by_lists = json!({"reprice": true});
    let done = pair.exchange(owner, both, by_lists).await?.must()?;
    let done = done.payload();
    assert_eq!(done["bookingOrder"]["totalMinor"], 9_000, "{done}");
    assert_eq!(done["otherOrder"]["totalMinor"], 7_000, "{done}");
    pair.room.desk.must_agree().await
}

/// 16 exchange the same two again and again, while 16 want the rooms of either.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e15_inv01_of_32_who_exchange_and_book_the_same_rooms_none_overlaps_and_none_is_lost()
-> anyhow::Result<()> {
    let pair = Pair::open().await?;
    let (first, second) = (&pair.room.resource, &pair.second);
    let one = pair.book(first, 600, 60).await?;
    let other = pair.book(second, 630, 60).await?;
    let tries = (0..32_usize).map(async |index| -> anyhow::Result<bool> {
        loop {
            let answer = if index % 2 == 0 {
                let both = if index % 4 == 0 {
                    (&one, &other)
                } else {
                    (&other, &one)
                };
                pair.exchange(pair.owner(), both, json!({})).await?
            } else {
                let resource = [first, second][index / 2 % 2];
                let more = json!({"resourceId": resource, "confirm": true});
                let input = with(pair.room.use_(640, 30), more);
                let select = "bookingOrder { id }";
                pair.owner().verb("bookingCreate", input, select).await?
            };
            match (answer.code(), answer.user_code()) {
                (Some("CONFLICT"), _) => {}
                (None, Some("SLOT_TAKEN")) if index % 2 == 1 => return Ok(false),
                _ => {
                    answer.must()?;
                    return Ok(index % 2 == 0);
                }
            }
        }
    });
    let mut exchanged = 0;
    for done in join_all(tries).await {
        exchanged += usize::from(done?);
    }
    assert_eq!(exchanged, 16, "a booker came between");
    assert_eq!(pair.rooms(&one).await?, [first.as_str()]);
    assert_eq!(pair.rooms(&other).await?, [second.as_str()]);
    pair.room.desk.must_agree().await
}

//! Holds that are refused: pools that are shared by time are judged by their calendars, and whoever is
//! refused is told of other times.

use serde_json::{Value, json};
use tests::hotel::made;

use super::{House, minute, with};

const HELD: &str = "bookingHold { id } alternatives { startsAt endsAt resourceIds slotId }";

impl House {
    async fn tried(&self, input: Value) -> anyhow::Result<tests::Answer> {
        self.hotel.owner.verb("holdCreate", input, HELD).await
    }

    /// Three bikes, to be had from nine to twelve.
    async fn bikes(&self) -> anyhow::Result<String> {
        let owner = &self.hotel.owner;
        let pool = json!({
            "code": "BIKES", "name": "Bikes", "locationId": self.hotel.location, "capacity": 3, "mode": "CONCURRENT", "unit": "bike",
        });
        let pool = made(owner, "capacityPool", pool).await?;
        let calendar =
            json!({"code": "BIKES", "name": "Bikes", "kind": "OPENING", "timezone": "UTC"});
        let calendar = made(owner, "calendar", calendar).await?;
        let binding =
            json!({"calendarId": calendar, "subjectType": "CapacityPool", "subjectId": pool});
        made(owner, "calendarBinding", binding).await?;
        let rule =
            json!({"calendarId": calendar, "localStart": "09:00:00", "localEnd": "12:00:00"});
        made(owner, "availabilityRule", rule).await?;
        Ok(pool)
    }
}

fn ride(pool: &str, session: &str, from: i64, units: i64) -> Value {
    json!({"poolId": pool, "sessionRef": session, "startsAt": minute(from), "endsAt": minute(from + 60), "units": units})
}

#[tokio::test]
async fn e05_a_pool_that_is_shared_by_time_is_held_when_its_calendar_is_open() -> anyhow::Result<()>
{
    let house = House::open(1).await?;
    let pool = house.bikes().await?;
    for from in [8 * 60, 11 * 60 + 30, 12 * 60] {
        let told = house.tried(ride(&pool, "a", from, 1)).await?;
        let told = told.must_refuse("CLOSED")?;
        for other in told.payload()["alternatives"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let there =
                json!({"startsAt": other["startsAt"], "endsAt": other["endsAt"], "dryRun": true});
            let there = with(ride(&pool, "a", from, 1), there);
            house.tried(there).await?.must()?;
        }
    }
    house.tried(ride(&pool, "a", 9 * 60, 2)).await?.must()?;
    // Two of three are out until ten.
    let told = house.tried(ride(&pool, "b", 9 * 60 + 30, 2)).await?;
    let told = told.must_refuse("SOLD_OUT")?;
    let first = &told.payload()["alternatives"][0];
    assert_eq!(first["startsAt"], json!(minute(10 * 60)), "{}", told.body);
    house
        .tried(ride(&pool, "b", 9 * 60 + 30, 1))
        .await?
        .must()?;
    // A block of the place closes it, too.
    let block = json!({"locationId": house.hotel.location, "startsAt": minute(600), "endsAt": minute(720), "reason": "OTHER"});
    let owner = &house.hotel.owner;
    owner
        .act("blockCreate", block, "availabilityBlock { id }")
        .await?;
    house
        .tried(ride(&pool, "c", 10 * 60 + 30, 1))
        .await?
        .must_refuse("CLOSED")?;
    house.must_agree().await
}

#[tokio::test]
async fn e01_who_cannot_hold_a_resource_is_told_when_it_is_free() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let resource = house.resource().await?;
    let use_ = |session: &str| json!({"resourceId": resource, "sessionRef": session, "startsAt": minute(600), "endsAt": minute(660)});
    house.tried(use_("a")).await?.must()?;
    let told = house.tried(use_("b")).await?.must_refuse("SLOT_TAKEN")?;
    let others = told.payload()["alternatives"].clone();
    assert_eq!(others[0]["startsAt"], json!(minute(540)), "{others}");
    assert_eq!(others[0]["resourceIds"], json!([resource]));
    let there = json!({"startsAt": others[1]["startsAt"], "endsAt": others[1]["endsAt"]});
    house.tried(with(use_("b"), there)).await?.must()?;
    house.must_agree().await
}

//! A random history of sixteen clients who book, confirm, move, exchange, cancel, and let holds run out, all at
//! once, of stays, of a house and of the rooms in it: checked from outside against what each of them was
//! told. `BOOKING_HISTORY` sets how many steps are taken together.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tests::Answer;
use tests::hotel::{made, soon};

use super::resources::Room;
use super::{Desk, with};

const CLIENTS: u64 = 16;
const ROOMS: i32 = 3;
const DAYS: i64 = 14;

/// What a client knows of a booking: what it was told last.
#[derive(Clone, Debug)]
struct Known {
    order: Value,
    status: &'static str,
    /// What is used, by its place in [`Estate::all`]; none of a stay.
    of: Option<usize>,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

impl Known {
    fn tell(&mut self, row: &Value) -> anyhow::Result<()> {
        self.starts_at = serde_json::from_value(row["startsAt"].clone())?;
        self.ends_at = serde_json::from_value(row["endsAt"].clone())?;
        Ok(())
    }

    fn is_active(&self) -> bool {
        matches!(self.status, "HELD" | "CONFIRMED")
    }
}

/// A house and two rooms in it: who has the house has the rooms.
struct Estate {
    room: Room,
    all: [String; 3],
}

impl Estate {
    async fn open() -> anyhow::Result<Self> {
        let room = Room::open(Desk::with_rooms(ROOMS).await?).await?;
        let owner = &room.desk.hotel.owner;
        let kind = json!({"code": "INSIDE", "name": "Room inside", "kind": "ROOM"});
        let kind = made(owner, "resourceType", kind).await?;
        let mut inside = Vec::new();
        for number in ["I-1", "I-2"] {
            let input = json!({
                "typeId": kind, "locationId": room.desk.hotel.location, "name": number, "number": number,
                "parentResourceId": room.resource,
            });
            let id = made(owner, "resource", input).await?;
            let into_use = json!({"id": id, "to": "ACTIVE"});
            owner
                .act("resourceTransition", into_use, "resource { id }")
                .await?;
            inside.push(id);
        }
        let all = [room.resource.clone(), inside.remove(0), inside.remove(0)];
        Ok(Self { room, all })
    }

    /// Uses a verb, again as long as the answer is that others keep the same rows for too long.
    async fn verb(&self, name: &str, input: Value) -> anyhow::Result<Answer> {
        let owner = &self.room.desk.hotel.owner;
        loop {
            let answer = owner.verb(name, input.clone(), ROW).await?;
            if answer.code() != Some("CONFLICT") {
                return Ok(answer);
            }
        }
    }
}

const ROW: &str = "bookingOrder { id status holdId startsAt endsAt }";

/// One client: its bookings are its own, so that it knows what becomes of each.
struct Player {
    estate: Arc<Estate>,
    random: StdRng,
    known: Vec<Known>,
}

impl Player {
    async fn play(mut self, steps: u64) -> anyhow::Result<Vec<Known>> {
        for _ in 0..steps {
            let open: Vec<usize> = (0..self.known.len())
                .filter(|index| self.known[*index].is_active())
                .collect();
            let dice = self.random.random_range(0..11);
            if open.is_empty() || dice < 4 {
                self.book().await?;
                continue;
            }
            let index = open[self.random.random_range(0..open.len())];
            match dice {
                4..7 => self.shift(index).await?,
                7 => {
                    self.step(index, "bookingCancel", json!({"reason": "x"}), "CANCELLED")
                        .await?
                }
                8 if self.known[index].status == "HELD" => self.expire(index).await?,
                10 => self.exchange(index).await?,
                _ if self.known[index].status == "HELD" => {
                    self.step(index, "bookingConfirm", json!({}), "CONFIRMED")
                        .await?;
                }
                _ => {}
            }
        }
        Ok(self.known)
    }

    /// What a client may be refused with; anything else is a fault.
    fn fine(code: Option<&str>) -> bool {
        matches!(code, Some("SOLD_OUT" | "SLOT_TAKEN"))
    }

    async fn book(&mut self) -> anyhow::Result<()> {
        let of = match self.random.random_range(0..6) {
            0..3 => None,
            more => Some(more - 3),
        };
        let confirm = self.random.random_bool(0.5);
        let room = &self.estate.room;
        let input = if let Some(of) = of {
            let usage = room.use_(15 * self.random.random_range(0..40), 30);
            with(usage, json!({"resourceId": self.estate.all[of]}))
        } else {
            let from = self.random.random_range(0..DAYS - 4);
            let nights = self.random.random_range(1..5);
            room.desk.hotel.stay(soon(from), nights)
        };
        let input = with(input, json!({"confirm": confirm}));
        let answer = self.estate.verb("bookingCreate", input).await?;
        if !answer.user_errors().is_empty() {
            anyhow::ensure!(Self::fine(answer.user_code()), "{}", answer.body);
            return Ok(());
        }
        let row = answer.must()?.payload()["bookingOrder"].clone();
        let mut known = Known {
            status: if confirm { "CONFIRMED" } else { "HELD" },
            of,
            starts_at: DateTime::UNIX_EPOCH,
            ends_at: DateTime::UNIX_EPOCH,
            order: row.clone(),
        };
        known.tell(&row)?;
        self.known.push(known);
        Ok(())
    }

    /// To other days, or to another time of whatever of the house.
    async fn shift(&mut self, index: usize) -> anyhow::Result<()> {
        let known = self.known[index].clone();
        let (change, of) = if known.of.is_some() {
            let minutes = 15 * self.random.random_range(0..40);
            let to = self.estate.room.use_(minutes, 30);
            let of = self.random.random_range(0..self.estate.all.len());
            let to = json!({"startsAt": to["startsAt"], "resourceId": self.estate.all[of]});
            (to, Some(of))
        } else {
            let to = soon(self.random.random_range(0..DAYS - 4));
            (json!({"startsOn": to}), None)
        };
        let input = with(json!({"id": known.order["id"]}), change);
        let answer = self.estate.verb("bookingReschedule", input).await?;
        if !answer.user_errors().is_empty() {
            anyhow::ensure!(Self::fine(answer.user_code()), "{}", answer.body);
            return Ok(());
        }
        let row = answer.must()?.payload()["bookingOrder"].clone();
        self.known[index].of = of;
        self.known[index].tell(&row)
    }

    /// Two bookings of its own, of different things, change places.
    async fn exchange(&mut self, index: usize) -> anyhow::Result<()> {
        let own = self.known[index].of;
        let suits = |known: &Known| known.is_active() && known.of.is_some() && known.of != own;
        let other = self.known.iter().position(suits);
        let (Some(other), Some(_)) = (other, own) else {
            return Ok(());
        };
        let ids = (
            &self.known[index].order["id"],
            &self.known[other].order["id"],
        );
        let input = json!({"id": ids.0, "otherId": ids.1});
        let answer = self.estate.verb("bookingResourceExchange", input).await?;
        if !answer.user_errors().is_empty() {
            anyhow::ensure!(Self::fine(answer.user_code()), "{}", answer.body);
            return Ok(());
        }
        answer.must()?;
        self.known[index].of = self.known[other].of;
        self.known[other].of = own;
        Ok(())
    }

    async fn step(
        &mut self,
        index: usize,
        verb: &str,
        more: Value,
        to: &'static str,
    ) -> anyhow::Result<()> {
        let input = with(json!({"id": self.known[index].order["id"]}), more);
        self.estate.verb(verb, input).await?.must()?;
        self.known[index].status = to;
        Ok(())
    }

    /// Lets the hold run out; confirming it then is too late.
    async fn expire(&mut self, index: usize) -> anyhow::Result<()> {
        let order = self.known[index].order.clone();
        self.estate.room.desk.let_expire(&order).await?;
        let input = json!({"id": order["id"]});
        let late = self.estate.verb("bookingConfirm", input).await?;
        late.must_refuse("HOLD_EXPIRED")?;
        self.known[index].status = "EXPIRED";
        Ok(())
    }
}

/// What must hold of what all were told, by itself: no night has more stays than rooms, no two uses of
/// one thing overlap, and none of the house and of a room in it.
fn is_possible(all: &[Known]) -> anyhow::Result<()> {
    let active = || all.iter().filter(|known| known.is_active());
    for day in 0..DAYS {
        let noon = soon(day)
            .and_hms_opt(23, 0, 0)
            .unwrap_or_default()
            .and_utc();
        let sleep = active()
            .filter(|known| known.of.is_none() && known.starts_at < noon && noon < known.ends_at);
        let count = sleep.count();
        anyhow::ensure!(
            count <= usize::try_from(ROOMS)?,
            "{count} stays on {}",
            soon(day)
        );
    }
    let uses: Vec<&Known> = active().filter(|known| known.of.is_some()).collect();
    for (index, one) in uses.iter().enumerate() {
        for other in &uses[index + 1..] {
            let is_same = one.of == other.of || one.of == Some(0) || other.of == Some(0);
            let overlap = one.starts_at < other.ends_at && other.starts_at < one.ends_at;
            anyhow::ensure!(!(is_same && overlap), "{one:?} and {other:?} overlap");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e01_e12_inv01_inv06_a_random_history_of_sixteen_clients_loses_and_invents_nothing()
-> anyhow::Result<()> {
    let steps = std::env::var("BOOKING_HISTORY")
        .ok()
        .and_then(|text| text.parse().ok());
    let steps: u64 = steps.unwrap_or(240);
    let estate = Arc::new(Estate::open().await?);
    let room = &estate.room;
    let players = (0..CLIENTS).map(|seed| {
        let player = Player {
            estate: Arc::clone(&estate),
            random: StdRng::seed_from_u64(seed),
            known: Vec::new(),
        };
        player.play(steps / CLIENTS)
    });
    let mut all = Vec::new();
    for known in join_all(players).await {
        all.extend(known?);
    }
    anyhow::ensure!(
        all.len() > usize::try_from(steps / 20)?,
        "only {} bookings",
        all.len()
    );
    room.desk.world.run_job("expire_holds").await?;
    is_possible(&all)?;
    for known in &all {
        let id = known.order["id"].as_str().unwrap_or_default();
        let query = format!("{{ bookingOrder(id: \"{id}\") {{ status startsAt endsAt }} }}");
        let data = room.desk.hotel.owner.read(&query).await?;
        let row = &data["bookingOrder"];
        let found: (DateTime<Utc>, DateTime<Utc>) = (
            serde_json::from_value(row["startsAt"].clone())?,
            serde_json::from_value(row["endsAt"].clone())?,
        );
        assert_eq!(row["status"], known.status, "{known:?}");
        assert_eq!(found, (known.starts_at, known.ends_at), "{known:?}");
    }
    let count = "select count(*) from booking.booking_orders";
    let found: i64 = room.desk.sql.query_one(count, &[]).await?.try_get(0)?;
    assert_eq!(usize::try_from(found)?, all.len(), "ghosts");
    let torn = "select count(*) from booking.booking_orders o where o.status in ('held', 'confirmed') and o.kind = 'stay' \
        and (select count(*) from availability.allocations a where a.source_id = o.id and a.status in ('hold', 'firm')) \
          <> o.check_out_on - o.check_in_on";
    assert_eq!(
        room.desk
            .sql
            .query_one(torn, &[])
            .await?
            .try_get::<_, i64>(0)?,
        0
    );
    room.desk.must_agree().await
}

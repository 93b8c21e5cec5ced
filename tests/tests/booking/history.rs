//! A random history of sixteen clients who book, confirm, move, cancel, and let holds run out, all at
//! once: checked from outside against what each of them was told. `BOOKING_HISTORY` sets how many
//! steps are taken together.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tests::hotel::soon;

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
    is_stay: bool,
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

const ROW: &str = "bookingOrder { id status holdId startsAt endsAt }";

/// One client: its bookings are its own, so that it knows what becomes of each.
struct Player {
    room: Arc<Room>,
    random: StdRng,
    known: Vec<Known>,
}

impl Player {
    async fn play(mut self, steps: u64) -> anyhow::Result<Vec<Known>> {
        for _ in 0..steps {
            let open: Vec<usize> = (0..self.known.len())
                .filter(|index| self.known[*index].is_active())
                .collect();
            let dice = self.random.random_range(0..10);
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
        let is_stay = self.random.random_bool(0.5);
        let confirm = self.random.random_bool(0.5);
        let input = if is_stay {
            let from = self.random.random_range(0..DAYS - 4);
            self.room
                .desk
                .hotel
                .stay(soon(from), self.random.random_range(1..5))
        } else {
            self.room.use_(15 * self.random.random_range(0..40), 30)
        };
        let input = with(input, json!({"confirm": confirm}));
        let answer = self
            .room
            .desk
            .hotel
            .owner
            .verb("bookingCreate", input, ROW)
            .await?;
        if !answer.user_errors().is_empty() {
            anyhow::ensure!(Self::fine(answer.user_code()), "{}", answer.body);
            return Ok(());
        }
        let row = answer.must()?.payload()["bookingOrder"].clone();
        let mut known = Known {
            status: if confirm { "CONFIRMED" } else { "HELD" },
            is_stay,
            starts_at: bizing::database::Clock::now(&bizing::database::SystemClock),
            ends_at: bizing::database::Clock::now(&bizing::database::SystemClock),
            order: row.clone(),
        };
        known.tell(&row)?;
        self.known.push(known);
        Ok(())
    }

    async fn shift(&mut self, index: usize) -> anyhow::Result<()> {
        let known = self.known[index].clone();
        let change = if known.is_stay {
            json!({"startsOn": soon(self.random.random_range(0..DAYS - 4))})
        } else {
            let to = self.room.use_(15 * self.random.random_range(0..40), 30);
            json!({"startsAt": to["startsAt"]})
        };
        let input = with(json!({"id": known.order["id"]}), change);
        let owner = &self.room.desk.hotel.owner;
        let answer = owner.verb("bookingReschedule", input, ROW).await?;
        if !answer.user_errors().is_empty() {
            anyhow::ensure!(Self::fine(answer.user_code()), "{}", answer.body);
            return Ok(());
        }
        let row = answer.must()?.payload()["bookingOrder"].clone();
        self.known[index].tell(&row)
    }

    async fn step(
        &mut self,
        index: usize,
        verb: &str,
        more: Value,
        to: &'static str,
    ) -> anyhow::Result<()> {
        let order = self.known[index].order.clone();
        self.room.desk.act(verb, &order, more).await?;
        self.known[index].status = to;
        Ok(())
    }

    /// Lets the hold run out; confirming it then is too late.
    async fn expire(&mut self, index: usize) -> anyhow::Result<()> {
        let order = self.known[index].order.clone();
        self.room.desk.let_expire(&order).await?;
        let late = self
            .room
            .desk
            .verb("bookingConfirm", &order, json!({}))
            .await?;
        late.must_refuse("HOLD_EXPIRED")?;
        self.known[index].status = "EXPIRED";
        Ok(())
    }
}

/// What must hold of what all were told, by itself: no night has more stays than rooms, and no two
/// uses of the room overlap.
fn is_possible(all: &[Known]) -> anyhow::Result<()> {
    let active = || all.iter().filter(|known| known.is_active());
    for day in 0..DAYS {
        let noon = soon(day)
            .and_hms_opt(23, 0, 0)
            .unwrap_or_default()
            .and_utc();
        let sleep = active()
            .filter(|known| known.is_stay && known.starts_at < noon && noon < known.ends_at);
        let count = sleep.count();
        anyhow::ensure!(
            count <= usize::try_from(ROOMS)?,
            "{count} stays on {}",
            soon(day)
        );
    }
    let mut uses: Vec<&Known> = active().filter(|known| !known.is_stay).collect();
    uses.sort_by_key(|known| known.starts_at);
    for pair in uses.windows(2) {
        anyhow::ensure!(pair[0].ends_at <= pair[1].starts_at, "{pair:?} overlap");
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
    let room = Arc::new(Room::open(Desk::with_rooms(ROOMS).await?).await?);
    let players = (0..CLIENTS).map(|seed| {
        let player = Player {
            room: Arc::clone(&room),
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
    let _ = Duration::zero();
    room.desk.must_agree().await
}

//! Random histories over five years, with leap days, changes of clocks, schedules, holidays and
//! policies, people who leave and come back, of leave that comes in at once, by months or by hours, from any anchor, against leave as one
//! would keep it on paper.

mod asking;
mod changes;

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{Days, NaiveDate};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::id_of;

use super::paper::{Paper, Way};
use super::{Office, Terms, with};

/// How many things happen in a history.
const STEPS: u32 = 70;
/// The day on which the person came: a leap day.
const HIRED: &str = "2024-02-29";

struct History {
    office: Office,
    paper: Paper,
    dice: StdRng,
    today: NaiveDate,
    weekdays: Vec<String>,
    told: String,
    /// How often they had left, and came back.
    returns: u32,
}

/// Where a history begins, and by which policy.
struct Beginning {
    way: Way,
    amount: i32,
    limit: i32,
    encashes_debts: bool,
    /// The day on which years of leave begin; that of being hired if none.
    anchor: Option<(u32, u32)>,
}

#[tokio::test]
async fn inv20_a_history_ends_as_it_does_on_paper() -> anyhow::Result<()> {
    let upfront = Beginning {
        way: Way::Upfront,
        amount: 6000,
        limit: 0,
        encashes_debts: false,
        anchor: Some((1, 1)),
    };
    run(1, &upfront).await
}

#[tokio::test]
async fn inv19_a_history_with_a_limit_below_zero_ends_as_it_does_on_paper() -> anyhow::Result<()> {
    let in_debt = Beginning {
        way: Way::Upfront,
        amount: 6000,
        limit: 960,
        encashes_debts: false,
        anchor: Some((7, 28)),
    };
    run(2, &in_debt).await
}

#[tokio::test]
async fn inv20_a_history_of_months_from_a_leap_day_on_ends_as_it_does_on_paper()
-> anyhow::Result<()> {
    let monthly = Beginning {
        way: Way::Monthly,
        amount: 530,
        limit: 1440,
        encashes_debts: true,
        anchor: None,
    };
    run(3, &monthly).await
}

#[tokio::test]
async fn inv20_a_history_of_months_of_a_fixed_year_ends_as_it_does_on_paper() -> anyhow::Result<()>
{
    let monthly = Beginning {
        way: Way::Monthly,
        amount: 700,
        limit: 480,
        encashes_debts: false,
        anchor: Some((4, 6)),
    };
    run(4, &monthly).await
}

#[tokio::test]
async fn inv20_a_history_of_hours_worked_ends_as_it_does_on_paper() -> anyhow::Result<()> {
    let by_hours = Beginning {
        way: Way::Hours(10),
        amount: 75,
        limit: 2400,
        encashes_debts: false,
        anchor: None,
    };
    run(5, &by_hours).await
}

impl Beginning {
    fn policy(&self) -> Value {
        let policy = json!({ "amountMinutes": self.amount, "carryMaxMinutes": 1440, "negativeLimitMinutes": self.limit,
            "encashesDebts": self.encashes_debts });
        let policy = match self.way {
            Way::Upfront => policy,
            Way::Monthly => with(policy, json!({ "accrual": "MONTHLY" })),
            Way::Hours(hours) => with(
                policy,
                json!({ "accrual": "PER_HOUR", "accrualHours": hours }),
            ),
        };
        match self.anchor {
            Some((month, day)) => with(policy, json!({ "anchorMonth": month, "anchorDay": day })),
            None => with(policy, json!({ "periodAnchor": "HIRE_DATE" })),
        }
    }

    fn paper(&self) -> Paper {
        let hired = super::day(HIRED);
        let anchor = self
            .anchor
            .and_then(|(month, day)| NaiveDate::from_ymd_opt(2000, month, day));
        Paper {
            work: [480, 480, 480, 480, 480, 0, 0],
            feasts: BTreeMap::new(),
            way: self.way,
            anchor,
            amount: self.amount,
            limit: self.limit,
            carry_max: 1440,
            encashes_debts: self.encashes_debts,
            hired,
            left: None,
            worked: BTreeMap::new(),
            years: BTreeMap::new(),
            requests: Vec::new(),
        }
    }
}

async fn run(seed: u64, beginning: &Beginning) -> anyhow::Result<()> {
    let office = Office::as_of(Terms {
        today: "2024-03-04",
        policy: beginning.policy(),
        hired_on: HIRED,
        ..Terms::default()
    })
    .await?;
    let rows = office
        .sql
        .query(
            "select id from workforce.work_schedule_days order by weekday",
            &[],
        )
        .await?;
    let weekdays = rows.iter().map(|row| Ok(id_of("wfsd", row.try_get(0)?)));
    let weekdays = weekdays.collect::<anyhow::Result<_>>()?;
    let mut history = History {
        office,
        paper: beginning.paper(),
        dice: StdRng::seed_from_u64(seed),
        today: super::day("2024-03-04"),
        weekdays,
        told: String::new(),
        returns: 0,
    };
    history.clock(0).await?;
    for step in 0..STEPS {
        history
            .step()
            .await
            .with_context(|| format!("step {step}: {}", history.told))?;
        history
            .compare()
            .await
            .with_context(|| format!("after step {step}: {}", history.told))?;
    }
    anyhow::ensure!(history.returns > 0, "nobody left and came back");
    history.leave().await?;
    history.office.must_agree().await
}

impl History {
    async fn step(&mut self) -> anyhow::Result<()> {
        let is_gone = self.paper.left.is_some_and(|left| left <= self.today);
        if is_gone && self.dice.random_range(0..4) == 0 {
            return self.employment().await;
        }
        match self.dice.random_range(0..100) {
            0..30 => {
                if matches!(self.paper.way, Way::Hours(_)) {
                    self.work().await?;
                }
                let days = self.dice.random_range(5..150);
                self.clock(days).await
            }
            30..62 => self.ask().await,
            62..76 => self.decide().await,
            76..84 => self.end().await,
            84..86 => self.adjust().await,
            86..88 if !matches!(self.paper.way, Way::Hours(_)) => self.adjust().await,
            86..88 => self.work().await,
            88..92 => self.feast().await,
            92..94 => self.schedule().await,
            94..96 => self.policy().await,
            _ => self.employment().await,
        }
    }

    /// Days pass, and the clock does its work.
    async fn clock(&mut self, days: u64) -> anyhow::Result<()> {
        self.today = self.today + Days::new(days);
        self.told = format!("the clock is at {}", self.today);
        self.office
            .world
            .clock
            .set(super::nine(&self.today.to_string()));
        self.office.owner = self.office.world.again(&self.office.owner).await?;
        self.reckon().await?;
        self.office.world.run_job("leave_periods").await?;
        self.office.world.run_job("leave_taken").await?;
        self.paper.tick(self.today);
        // Asked again, the clock changes nothing.
        self.office.world.run_job("leave_periods").await?;
        Ok(())
    }

    async fn reckon(&mut self) -> anyhow::Result<()> {
        let input = json!({ "staffId": self.office.staff });
        self.office
            .owner
            .act("leaveRecalculate", input, "checkedCount")
            .await?;
        self.paper.reckon(self.today);
        Ok(())
    }

    /// The tables say what the paper says.
    async fn compare(&self) -> anyhow::Result<()> {
        let sql = "select p.starts_on, b.accrued_minutes, b.carried_in_minutes, b.taken_minutes, b.reserved_minutes, b.expired_minutes, \
              b.carried_out_minutes, b.encashed_minutes, b.adjusted_minutes, b.balance_minutes, p.status = 'closed' \
            from workforce.leave_periods p join workforce.leave_balances b on b.biz_id = p.biz_id and b.period_id = p.id \
            where p.staff_id = $1 order by p.starts_on";
        let rows = self
            .office
            .sql
            .query(sql, &[&uuid(&json!(self.office.staff))?])
            .await?;
        let found: Vec<_> = rows
            .iter()
            .map(|row| -> anyhow::Result<_> {
                let numbers = (1..10)
                    .map(|index| row.try_get::<_, i32>(index))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok((
                    row.try_get::<_, NaiveDate>(0)?,
                    numbers,
                    row.try_get::<_, bool>(10)?,
                ))
            })
            .collect::<anyhow::Result<_>>()?;
        let paper: Vec<_> = self
            .paper
            .years
            .iter()
            .map(|(year, of)| {
                let numbers = vec![
                    of.came_in(),
                    of.carried_in,
                    self.paper.taken(*year),
                    self.paper.reserved(*year),
                    of.carry_lost + of.expired,
                    of.carried_out,
                    of.encashed,
                    of.adjusted,
                    self.paper.balance(*year),
                ];
                (*year, numbers, of.closed)
            })
            .collect();
        anyhow::ensure!(
            found == paper,
            "the tables say\n{found:?}, the paper\n{paper:?}"
        );
        for request in &self.paper.requests {
            let (status, total) = self.office.request(&request.id).await?;
            let ended = matches!(request.status, "rejected" | "withdrawn" | "cancelled");
            anyhow::ensure!(
                status == request.status,
                "{} is {status}, on paper {}",
                request.id,
                request.status
            );
            anyhow::ensure!(
                ended || total == request.total(),
                "{} costs {total}, on paper {}",
                request.id,
                request.total()
            );
        }
        Ok(())
    }

    /// At last they leave: days to come are given back, what came in for them too, and all agrees.
    async fn leave(&mut self) -> anyhow::Result<()> {
        if self.paper.left.is_none() {
            self.employment().await?;
        }
        for days in [0, 40, 400] {
            self.clock(days).await?;
            self.compare().await?;
        }
        let late = "select count(*) from workforce.leave_request_days d join workforce.staff s on s.biz_id = d.biz_id and s.id = d.staff_id \
            where d.status in ('reserved', 'charged') and d.leave_on >= s.terminated_on";
        anyhow::ensure!(self.office.count(late).await? == 0, "days after the last");
        let open = "select count(*) from workforce.leave_periods p join workforce.staff s on s.biz_id = p.biz_id and s.id = p.staff_id \
            where s.terminated_on is not null and p.status = 'open'";
        anyhow::ensure!(self.office.count(open).await? == 0, "periods stay open");
        Ok(())
    }
}

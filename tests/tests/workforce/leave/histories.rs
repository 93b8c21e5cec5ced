//! Random histories over five years, with leap days, changes of clocks, schedules, holidays and
//! policies, against leave as one would keep it on paper.

use anyhow::Context as _;
use chrono::{Datelike, Days, NaiveDate};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::id_of;

use super::model::{Paper, PaperDay, PaperRequest, Part};
use super::{Office, REQUEST, Terms};

/// How many things happen in a history.
const STEPS: u32 = 70;

struct History {
    office: Office,
    paper: Paper,
    dice: StdRng,
    today: NaiveDate,
    weekdays: Vec<String>,
    told: String,
}

#[tokio::test]
async fn inv20_a_history_ends_as_it_does_on_paper() -> anyhow::Result<()> {
    run(1, 0).await
}

#[tokio::test]
async fn inv19_a_history_with_a_limit_below_zero_ends_as_it_does_on_paper() -> anyhow::Result<()> {
    run(2, 960).await
}

async fn run(seed: u64, limit: i32) -> anyhow::Result<()> {
    let policy =
        json!({ "amountMinutes": 6000, "carryMaxMinutes": 1440, "negativeLimitMinutes": limit });
    let office = Office::as_of(Terms {
        today: "2024-03-04",
        policy,
        hired_on: "2024-02-29",
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
    let paper = Paper {
        work: [480, 480, 480, 480, 480, 0, 0],
        feasts: std::collections::BTreeMap::new(),
        amount: 6000,
        limit,
        carry_max: 1440,
        hired: super::day("2024-02-29"),
        years: std::collections::BTreeMap::new(),
        requests: Vec::new(),
    };
    let dice = StdRng::seed_from_u64(seed);
    let mut history = History {
        office,
        paper,
        dice,
        today: super::day("2024-03-04"),
        weekdays,
        told: String::new(),
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
    history.leave().await?;
    history.office.must_agree().await
}

impl History {
    async fn step(&mut self) -> anyhow::Result<()> {
        match self.dice.random_range(0..100) {
            0..30 => {
                let days = self.dice.random_range(5..150);
                self.clock(days).await
            }
            30..62 => self.ask().await,
            62..76 => self.decide().await,
            76..84 => self.end().await,
            84..88 => self.adjust().await,
            88..94 => self.feast().await,
            94..97 => self.schedule().await,
            _ => self.policy().await,
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

    fn some_days(&mut self) -> Vec<(NaiveDate, Part)> {
        let first = self.today + Days::new(self.dice.random_range(0..260)) - Days::new(15);
        let length = self.dice.random_range(1..13);
        let mut days: Vec<_> = first
            .iter_days()
            .take(length)
            .map(|day| (day, Part::Full))
            .collect();
        let half = self.dice.random_range(0..6);
        if length == 1 && half < 2 {
            days[0].1 = if half == 0 { Part::Am } else { Part::Pm };
        } else if length > 1 && half == 0 {
            days[0].1 = Part::Pm;
        } else if length > 1 && half == 1 {
            days[length - 1].1 = Part::Am;
        }
        days
    }

    /// What the paper says to a request: why not, or the paper with it.
    fn on_paper(&self, days: &[(NaiveDate, Part)]) -> Result<Paper, &'static str> {
        let costs: Vec<(NaiveDate, i32)> = days
            .iter()
            .map(|(on, part)| {
                (
                    *on,
                    if *on < self.paper.hired {
                        0
                    } else {
                        self.paper.cost(*on, *part)
                    },
                )
            })
            .collect();
        if days.iter().any(|(on, _)| *on < self.paper.hired) {
            return Err("NOT_EMPLOYED");
        }
        if costs.iter().all(|(_, minutes)| *minutes == 0) {
            return Err("NOTHING_TO_TAKE");
        }
        if days.iter().any(|(on, part)| self.paper.is_away(*on, *part)) {
            return Err("ALREADY_AWAY");
        }
        let mut after = self.paper.clone();
        for (on, _) in days {
            after.begin(on.year());
        }
        if !after.fits(&costs) {
            return Err("INSUFFICIENT_BALANCE");
        }
        let days = days.iter().zip(costs);
        let days = days.map(|((on, part), (_, minutes))| {
            (
                *on,
                PaperDay {
                    part: *part,
                    minutes,
                    kept: true,
                },
            )
        });
        after.requests.push(PaperRequest {
            id: String::new(),
            status: "submitted",
            days: days.collect(),
        });
        Ok(after)
    }

    /// Leave is previewed and asked for; the paper, the preview and the verb say the same.
    async fn ask(&mut self) -> anyhow::Result<()> {
        let days = self.some_days();
        let (first, last) = (days[0], days[days.len() - 1]);
        let input = json!({
            "staffId": self.office.staff, "leaveTypeId": self.office.kind, "startsOn": first.0,
            "endsOn": last.0 + Days::new(1), "startPortion": first.1.code(), "endPortion": last.1.code(),
        });
        self.told = format!(
            "{} asks for {} {:?} to {} {:?}",
            self.today, first.0, first.1, last.0, last.1
        );
        let paper = self.on_paper(&days);
        let preview = self.preview(&input).await?;
        let answer = self
            .office
            .owner
            .verb("leaveRequestSubmit", input, REQUEST)
            .await?;
        match paper {
            Err(code) => {
                anyhow::ensure!(
                    preview["obstacles"][0]["code"] == code,
                    "not {code}: {preview}"
                );
                answer.must_refuse(code)?;
            }
            Ok(mut after) => {
                let answer = answer.must()?;
                anyhow::ensure!(preview["isPossible"] == true, "{preview}");
                let request = after.requests.last_mut().context("a request")?;
                request.id = answer.get("/verb/requestId")?;
                let total = answer.payload()["totalMinutes"].clone();
                anyhow::ensure!(
                    total == request.total() && preview["totalMinutes"] == total,
                    "{preview} {total}"
                );
                self.paper = after;
                for period in preview["periods"].as_array().into_iter().flatten() {
                    let year: i32 = period["startsOn"].as_str().unwrap_or_default()[..4].parse()?;
                    anyhow::ensure!(
                        period["availableAfter"] == self.paper.free(year),
                        "{year}: {preview}"
                    );
                }
            }
        }
        Ok(())
    }

    async fn preview(&self, input: &Value) -> anyhow::Result<Value> {
        let query = "query($staffId: ID, $leaveTypeId: ID!, $startsOn: Date!, $endsOn: Date, $startPortion: LeavePortion, $endPortion: LeavePortion) { \
            preview: leavePreview(staffId: $staffId, leaveTypeId: $leaveTypeId, startsOn: $startsOn, endsOn: $endsOn, \
              startPortion: $startPortion, endPortion: $endPortion) { \
              isPossible totalMinutes periods { startsOn availableAfter } obstacles { code } } }";
        let answer = self
            .office
            .owner
            .graphql(query, input.clone())
            .await?
            .must()?;
        Ok(answer.data("/preview").clone())
    }

    /// One of the requests in some status.
    fn one(&mut self, of: &[&str]) -> Option<usize> {
        let found: Vec<usize> = (0..self.paper.requests.len())
            .filter(|index| of.contains(&self.paper.requests[*index].status))
            .collect();
        (!found.is_empty()).then(|| found[self.dice.random_range(0..found.len())])
    }

    async fn decide(&mut self) -> anyhow::Result<()> {
        let Some(index) = self.one(&["submitted"]) else {
            return Ok(());
        };
        let approve = self.dice.random_range(0..4) > 0;
        let id = self.paper.requests[index].id.clone();
        self.told = format!("{} decides {approve}", self.today);
        self.office
            .decide(&self.office.owner, &id, approve)
            .await?
            .must()?;
        self.paper.requests[index].status = if approve { "approved" } else { "rejected" };
        Ok(())
    }

    /// A request is withdrawn or cancelled, or days of it are recalled.
    async fn end(&mut self) -> anyhow::Result<()> {
        let Some(index) = self.one(&["submitted", "approved", "partially_recalled", "taken"])
        else {
            return Ok(());
        };
        let (id, status) = (
            self.paper.requests[index].id.clone(),
            self.paper.requests[index].status,
        );
        self.told = format!("{} ends what is {status}", self.today);
        let owner = &self.office.owner;
        if status == "submitted" {
            owner
                .act("leaveRequestWithdraw", json!({ "id": id }), "status")
                .await?;
            self.paper.requests[index].status = "withdrawn";
        } else if status != "taken" && self.dice.random_range(0..2) == 0 {
            owner
                .act("leaveRequestCancel", json!({ "id": id }), "status")
                .await?;
            self.paper.requests[index].status = "cancelled";
        } else {
            let kept = self.paper.requests[index]
                .days
                .iter()
                .find(|(_, day)| day.kept);
            let Some(on) = kept.map(|(on, _)| *on) else {
                return Ok(());
            };
            let input = json!({ "id": id, "days": [on], "reason": "Needed" });
            owner
                .act("leaveRequestRecallDays", input, "returnedMinutes")
                .await?;
            self.paper.requests[index].status = "partially_recalled";
            if let Some(day) = self.paper.requests[index].days.get_mut(&on) {
                day.kept = false;
            }
        }
        Ok(())
    }

    async fn adjust(&mut self) -> anyhow::Result<()> {
        let minutes = self.dice.random_range(-400..400);
        let year = self.today.year();
        self.told = format!("{} adjusts by {minutes}", self.today);
        let input = json!({ "staffId": self.office.staff, "leaveTypeId": self.office.kind, "minutes": minutes, "note": "So it is" });
        let answer = self
            .office
            .owner
            .verb("leaveBalanceAdjust", input, "balanceMinutes")
            .await?;
        if minutes == 0 {
            answer.must_refuse("INCOMPLETE")?;
        } else if self.paper.free(year) + minutes < -self.paper.limit {
            answer.must_refuse("INSUFFICIENT_BALANCE")?;
        } else {
            answer.must()?;
            if let Some(of) = self.paper.years.get_mut(&year) {
                of.adjusted += minutes;
            }
        }
        Ok(())
    }

    /// A holiday comes, mostly on a day that somebody has asked for.
    async fn feast(&mut self) -> anyhow::Result<()> {
        let coming: Vec<NaiveDate> = self
            .paper
            .requests
            .iter()
            .flat_map(|request| request.days.keys().copied())
            .filter(|on| *on >= self.today)
            .collect();
        let on = if coming.is_empty() {
            self.today + Days::new(9)
        } else {
            coming[self.dice.random_range(0..coming.len())]
        };
        if self.paper.feasts.contains_key(&on) {
            return Ok(());
        }
        let (kind, halves) = [
            ("FULL", (true, true)),
            ("HALF_AM", (true, false)),
            ("HALF_PM", (false, true)),
        ][self.dice.random_range(0..3)];
        self.told = format!("{} is told of a feast on {on}: {kind}", self.today);
        self.office.feast(&on.to_string(), kind).await?;
        self.paper.feasts.insert(on, halves);
        self.reckon().await
    }

    async fn schedule(&mut self) -> anyhow::Result<()> {
        let index = self.dice.random_range(0..5_usize);
        let minutes = self.dice.random_range(200..600);
        self.told = format!("{} works {minutes} on weekday {index}", self.today);
        let input = json!({ "id": self.weekdays[index], "workMinutes": minutes });
        self.office.change("workScheduleDay", input).await?;
        self.paper.work[index] = minutes;
        self.reckon().await
    }

    /// The policy gives another amount from the next year on.
    async fn policy(&mut self) -> anyhow::Result<()> {
        let amount = self.dice.random_range(4000..8000);
        self.told = format!("{} the policy gives {amount}", self.today);
        let input = json!({ "id": self.office.policy, "amountMinutes": amount });
        self.office.change("leavePolicy", input).await?;
        self.paper.amount = amount;
        Ok(())
    }

    /// The tables say what the paper says.
    async fn compare(&self) -> anyhow::Result<()> {
        let sql = "select p.starts_on, b.accrued_minutes, b.carried_in_minutes, b.taken_minutes, b.reserved_minutes, b.expired_minutes, \
              b.carried_out_minutes, b.adjusted_minutes, b.balance_minutes, p.status = 'closed' \
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
                let numbers = (1..9)
                    .map(|index| row.try_get::<_, i32>(index))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok((
                    row.try_get::<_, NaiveDate>(0)?.year(),
                    numbers,
                    row.try_get::<_, bool>(9)?,
                ))
            })
            .collect::<anyhow::Result<_>>()?;
        let paper: Vec<_> = self
            .paper
            .years
            .iter()
            .map(|(year, of)| {
                let numbers = vec![
                    of.accrued,
                    of.carried_in,
                    self.paper.taken(*year),
                    self.paper.reserved(*year),
                    of.carry_lost + of.expired,
                    of.carried_out,
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
        let left = self.today + Days::new(20);
        let input = json!({ "id": self.office.staff, "terminatedOn": left });
        self.office.change("staff", input).await?;
        for days in [0, 40, 400] {
            self.clock(days).await?;
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

//! What changes in a history besides: corrections, holidays, schedules, policies, and hours worked.

use chrono::{Days, NaiveDate};
use rand::RngExt as _;
use serde_json::json;

use super::History;

impl History {
    pub(super) async fn adjust(&mut self) -> anyhow::Result<()> {
        if !self.paper.works(self.today) {
            return Ok(());
        }
        let minutes = self.dice.random_range(-400..400);
        let mut after = self.paper.clone();
        after.begin(self.today, self.today);
        let year = after.year_of(self.today);
        self.told = format!("{} adjusts by {minutes}", self.today);
        let input = json!({ "staffId": self.office.staff, "leaveTypeId": self.office.kind, "minutes": minutes, "note": "So it is" });
        let answer = self
            .office
            .owner
            .verb("leaveBalanceAdjust", input, "balanceMinutes")
            .await?;
        if minutes == 0 {
            answer.must_refuse("INCOMPLETE")?;
        } else if after.free(year) + minutes < -after.limit {
            answer.must_refuse("INSUFFICIENT_BALANCE")?;
        } else {
            answer.must()?;
            if let Some(of) = after.years.get_mut(&year) {
                of.adjusted += minutes;
            }
            self.paper = after;
        }
        Ok(())
    }

    /// A holiday comes, mostly on a day that somebody has asked for.
    pub(super) async fn feast(&mut self) -> anyhow::Result<()> {
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

    pub(super) async fn schedule(&mut self) -> anyhow::Result<()> {
        let index = self.dice.random_range(0..5_usize);
        let minutes = self.dice.random_range(200..600);
        self.told = format!("{} works {minutes} on weekday {index}", self.today);
        let input = json!({ "id": self.weekdays[index], "workMinutes": minutes });
        self.office.change("workScheduleDay", input).await?;
        self.paper.work[index] = minutes;
        self.reckon().await
    }

    /// The policy gives another amount from the next time on.
    pub(super) async fn policy(&mut self) -> anyhow::Result<()> {
        let amount = self.paper.amount * self.dice.random_range(70..140) / 100;
        self.told = format!("{} the policy gives {amount}", self.today);
        let input = json!({ "id": self.office.policy, "amountMinutes": amount });
        self.office.change("leavePolicy", input).await?;
        self.paper.amount = amount;
        Ok(())
    }

    /// Some days of the last two weeks were worked, as far as they are not recorded yet.
    pub(super) async fn work(&mut self) -> anyhow::Result<()> {
        for _ in 0..self.dice.random_range(1..5) {
            let on = self.today - Days::new(self.dice.random_range(1..15));
            let hours = self.dice.random_range(1..13);
            if !self.paper.works(on) || self.paper.worked.contains_key(&on) {
                continue;
            }
            self.told = format!("{} records {hours} hours of {on}", self.today);
            let input = json!({
                "staffId": self.office.staff, "startsAt": format!("{on}T08:00:00Z"), "endsAt": format!("{on}T{:02}:00:00Z", 8 + hours),
            });
            self.office
                .owner
                .act("timeRecord", input, "workTimeSegment { id }")
                .await?;
            self.paper.worked.insert(on, hours * 60);
        }
        Ok(())
    }

    /// Somebody is to leave, later or sooner than was said, stays, or comes back: as if they had never left,
    /// or as somebody new.
    pub(super) async fn employment(&mut self) -> anyhow::Result<()> {
        let (today, hired) = (self.today, self.paper.hired);
        let soon = today + Days::new(self.dice.random_range(1..40));
        let is_same = self.dice.random_range(0..3) == 0;
        let (hired, left) = match self.paper.left {
            None => (hired, Some(soon)),
            Some(left) if today < left => (hired, Some(soon).filter(|_| !is_same)),
            Some(_) if is_same => {
                self.returns += 1;
                (hired, None)
            }
            Some(left) => {
                self.returns += 1;
                let ago = today - Days::new(self.dice.random_range(0..20));
                (left.max(ago), None)
            }
        };
        self.told = format!("{today} is told of somebody here from {hired} to {left:?}");
        let input = json!({ "id": self.office.staff, "hiredOn": hired, "terminatedOn": left });
        self.office.change("staff", input).await?;
        (self.paper.hired, self.paper.left) = (hired, left);
        self.paper.come_back();
        self.reckon().await
    }
}

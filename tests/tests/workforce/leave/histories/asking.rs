//! What people do in a history: they ask, decide, withdraw, cancel and recall.

use anyhow::Context as _;
use chrono::{Days, NaiveDate};
use rand::RngExt as _;
use serde_json::{Value, json};

use super::super::REQUEST;
use super::super::paper::{Paper, PaperDay, PaperRequest, Part};
use super::History;

impl History {
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
                let works = self.paper.works(*on);
                let cost = if works {
                    self.paper.cost(*on, *part)
                } else {
                    0
                };
                (*on, cost)
            })
            .collect();
        if days.iter().any(|(on, _)| !self.paper.works(*on)) {
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
            after.begin(*on, self.today);
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
    pub(super) async fn ask(&mut self) -> anyhow::Result<()> {
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
                    let year = super::super::day(period["startsOn"].as_str().unwrap_or_default());
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

    pub(super) async fn decide(&mut self) -> anyhow::Result<()> {
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
    pub(super) async fn end(&mut self) -> anyhow::Result<()> {
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
}

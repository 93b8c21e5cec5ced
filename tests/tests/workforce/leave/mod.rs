//! Leave: what is asked for, decided, charged, carried over, and lost.

mod accruals;
mod approvals;
mod balances;
mod days;
mod debts;
mod histories;
mod paper;
mod recalculation;
mod refusals;
mod requests;
mod seen;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use tests::actor::{unique, uuid};
use tests::hotel::{Plan, id_of, location, made};
use tests::{Actor, Answer, World};
use tokio_postgres::Client;

/// Tests that together use each verb of leave.
pub(super) const SENT_TWICE: &[super::Scenario] = &[
    accruals::who_leaves_keeps_their_part_and_is_paid_out_the_rest,
    balances::e58_what_waits_in_a_closed_period_is_decided_late_and_closing_again_corrects,
    balances::a_correction_says_why_and_stays_above_the_limit,
    balances::periods_are_begun_ahead_and_end_when_they_are_over,
    refusals::verbs_that_manage_need_the_permission,
    requests::a_draft_takes_nothing_until_it_is_sent,
    requests::a_request_is_reserved_then_taken_and_the_person_is_out,
    requests::what_has_begun_is_cancelled_by_others_and_days_are_recalled_by_managers,
    requests::work_within_leave_is_handed_to_stand_ins_once_each,
    recalculation::e54_inv20_a_holiday_that_comes_late_gives_its_minutes_back,
    recalculation::e54_a_schedule_that_changes_moves_days_to_come_alone_and_never_below_the_limit,
];

/// What is selected of a request.
const REQUEST: &str = "requestId number status totalMinutes";

/// A business with a worker, a manager and the manager's manager, five days of eight hours a week, 22
/// days of holiday a year, of which five are carried over for three months.
struct Office {
    world: World,
    owner: Actor,
    /// Signs in as a housekeeper: may do nothing of workforce but for themselves.
    worker: Actor,
    /// Leads the worker; signs in as a housekeeper as well.
    boss: Actor,
    /// Leads the manager.
    chief: Actor,
    location: String,
    calendar: String,
    schedule: String,
    kind: String,
    policy: String,
    staff: String,
    boss_staff: String,
    chief_staff: String,
    sql: Client,
}

/// An input with some fields changed.
fn with(mut input: Value, changes: Value) -> Value {
    if let (Value::Object(input), Value::Object(changes)) = (&mut input, changes) {
        input.extend(changes);
    }
    input
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}

/// Nine o'clock in Lisbon or an hour later, on a day.
fn nine(text: &str) -> DateTime<Utc> {
    format!("{text}T09:00:00Z").parse().unwrap_or_default()
}

/// How an office is to be.
struct Terms {
    today: &'static str,
    policy: Value,
    hired_on: &'static str,
    connections: u32,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            today: "2026-03-02",
            policy: json!({}),
            hired_on: "2020-01-01",
            connections: 4,
        }
    }
}

impl Office {
    /// An office on Monday, 2 March 2026.
    async fn open() -> anyhow::Result<Self> {
        Self::as_of(Terms::default()).await
    }

    async fn with_policy(policy: Value) -> anyhow::Result<Self> {
        Self::as_of(Terms {
            policy,
            ..Terms::default()
        })
        .await
    }

    async fn as_of(terms: Terms) -> anyhow::Result<Self> {
        let world = World::with_pool(terms.connections).await?;
        world.clock.set(nine(terms.today));
        let owner = world.owner().await?;
        let sql = world.database.platform(owner.biz_id).await?;
        let location = location(&owner, &Plan::default()).await?;
        let input = json!({ "code": "feasts", "name": "Feasts", "kind": "HOLIDAY", "timezone": "Europe/Lisbon" });
        let calendar = made(&owner, "calendar", input).await?;
        let input =
            json!({ "name": "Office", "timezone": "Europe/Lisbon", "holidayCalendarId": calendar });
        let schedule = made(&owner, "workSchedule", input).await?;
        for weekday in 1..=5 {
            let input = json!({
                "workScheduleId": schedule, "weekday": weekday, "startsAtLocal": "09:00:00", "cycleWeeks": 1,
                "workMinutes": 480, "breakMinutes": 60,
            });
            made(&owner, "workScheduleDay", input).await?;
        }
        let kind = json!({ "code": "holiday", "name": "Holiday" });
        let kind = made(&owner, "leaveType", kind).await?;
        let policy = json!({
            "code": "all", "name": "For all", "leaveTypeId": kind, "accrual": "UPFRONT", "amountMinutes": 10560,
            "carryMaxMinutes": 2400, "carryExpiresAfterMonths": 3, "allowsHours": true, "startsOn": "2015-01-01",
        });
        let policy = made(&owner, "leavePolicy", with(policy, terms.policy)).await?;
        let worker = world.staff(&owner, "housekeeper", &[]).await?;
        let boss = world.staff(&owner, "housekeeper", &[]).await?;
        let chief = world.staff(&owner, "housekeeper", &[]).await?;
        let mut office = Self {
            world,
            owner,
            worker,
            boss,
            chief,
            location,
            calendar,
            schedule,
            kind,
            policy,
            staff: String::new(),
            boss_staff: String::new(),
            chief_staff: String::new(),
            sql,
        };
        office.chief_staff = office.hire(Some(&office.chief), json!({})).await?;
        let under = json!({ "managerId": office.chief_staff });
        office.boss_staff = office.hire(Some(&office.boss), under).await?;
        let under = json!({ "managerId": office.boss_staff, "hiredOn": terms.hired_on });
        office.staff = office.hire(Some(&office.worker), under).await?;
        Ok(office)
    }

    /// Somebody new, who signs in or does not.
    async fn hire(&self, actor: Option<&Actor>, more: Value) -> anyhow::Result<String> {
        let member = match actor {
            Some(actor) => Some(self.member(actor).await?),
            None => None,
        };
        let input = json!({
            "fullName": format!("Person {}", unique()), "number": format!("E{}", unique()), "hiredOn": "2020-01-01",
            "homeLocationId": self.location, "workScheduleId": self.schedule, "memberId": member,
        });
        made(&self.owner, "staff", with(input, more)).await
    }

    /// The id of somebody's membership.
    async fn member(&self, actor: &Actor) -> anyhow::Result<String> {
        let sql = "select id from identity.members where biz_id = $1 and user_id = $2";
        let row = self
            .sql
            .query_one(sql, &[&self.owner.biz_id, &actor.user_id])
            .await?;
        Ok(id_of("mbr", row.try_get(0)?))
    }

    /// Sets the clock, and signs everybody in anew, as tokens have ended.
    async fn at(&mut self, today: &str) -> anyhow::Result<()> {
        self.world.clock.set(nine(today));
        for actor in [
            &mut self.owner,
            &mut self.worker,
            &mut self.boss,
            &mut self.chief,
        ] {
            *actor = self.world.again(actor).await?;
        }
        Ok(())
    }

    /// Does all clock work of leave.
    async fn tick(&self) -> anyhow::Result<u64> {
        let mut done = 0;
        for job in ["leave_periods", "leave_recalculate", "leave_taken"] {
            done += self.world.run_job(job).await?;
        }
        Ok(done)
    }

    fn wish(&self, from: &str, back: &str) -> Value {
        json!({ "leaveTypeId": self.kind, "startsOn": from, "endsOn": back })
    }

    /// What the worker asks for.
    async fn ask(&self, input: Value) -> anyhow::Result<Answer> {
        self.worker.verb("leaveRequestSubmit", input, REQUEST).await
    }

    /// The id of a request of the worker that must be sent.
    async fn asked(&self, from: &str, back: &str) -> anyhow::Result<String> {
        let answer = self.ask(self.wish(from, back)).await?.must()?;
        answer.get("/verb/requestId")
    }

    /// The id of a request of the worker that must be approved.
    async fn approved(&self, from: &str, back: &str) -> anyhow::Result<String> {
        let id = self.asked(from, back).await?;
        self.decide(&self.boss, &id, true).await?.must()?;
        Ok(id)
    }

    async fn decide(&self, by: &Actor, id: &str, approve: bool) -> anyhow::Result<Answer> {
        let note = if approve {
            Value::Null
        } else {
            json!("Too busy")
        };
        let input = json!({ "id": id, "approve": approve, "note": note });
        let selection = "status work { kind shiftId assignmentId title startsAt endsAt }";
        by.verb("leaveRequestDecide", input, selection).await
    }

    /// What a preview says to the worker.
    async fn preview(&self, input: &Value) -> anyhow::Result<Value> {
        let query = "query($leaveTypeId: ID!, $startsOn: Date!, $endsOn: Date, $startPortion: LeavePortion, \
              $endPortion: LeavePortion, $fromMinute: Int, $toMinute: Int, $staffId: ID) { \
            preview: leavePreview(leaveTypeId: $leaveTypeId, startsOn: $startsOn, endsOn: $endsOn, startPortion: $startPortion, \
              endPortion: $endPortion, fromMinute: $fromMinute, toMinute: $toMinute, staffId: $staffId) { \
              isPossible totalMinutes approvalLevels days { day portion scheduledMinutes minutes holidayId } \
              periods { startsOn endsOn isNew minutes availableBefore availableAfter balanceMinutes reservedMinutes } \
              obstacles { code message day missingMinutes } coverage { day away team } work { kind title startsAt endsAt } } }";
        let answer = self.worker.graphql(query, input.clone()).await?.must()?;
        Ok(answer.data("/preview").clone())
    }

    /// The version of a row of master data.
    async fn version(&self, entity: &str, id: &Value) -> anyhow::Result<i32> {
        let table = match entity {
            "staff" => "workforce.staff",
            "holiday" => "availability.holidays",
            "leavePolicy" => "workforce.leave_policies",
            _ => "workforce.work_schedule_days",
        };
        let sql = format!("select version from {table} where id = $1");
        Ok(self.sql.query_one(&sql, &[&uuid(id)?]).await?.try_get(0)?)
    }

    /// Changes a row of master data.
    async fn change(&self, entity: &str, input: Value) -> anyhow::Result<()> {
        let version = self.version(entity, &input["id"]).await?;
        let input = with(input, json!({ "version": version }));
        let selection = format!("{entity} {{ id }}");
        let verb = format!("{entity}Update");
        self.owner.act(&verb, input, &selection).await.map(drop)
    }

    /// A holiday of the office.
    async fn feast(&self, on: &str, kind: &str) -> anyhow::Result<String> {
        let input =
            json!({ "calendarId": self.calendar, "holidayOn": on, "name": "Feast", "kind": kind });
        made(&self.owner, "holiday", input).await
    }

    /// What the worker's period of a day holds: balance, reserved, taken, carried in, expired, carried
    /// out.
    async fn balance(&self, on: &str) -> anyhow::Result<[i32; 6]> {
        self.balance_of(&self.staff, on).await
    }

    async fn balance_of(&self, staff: &str, on: &str) -> anyhow::Result<[i32; 6]> {
        let sql = "select b.balance_minutes, b.reserved_minutes, b.taken_minutes, b.carried_in_minutes, b.expired_minutes, \
              b.carried_out_minutes \
            from workforce.leave_balances b join workforce.leave_periods p on p.biz_id = b.biz_id and p.id = b.period_id \
            where p.staff_id = $1 and p.leave_type_id = $2 and p.period @> $3::date";
        let (staff, kind) = (uuid(&json!(staff))?, uuid(&json!(self.kind))?);
        let row = self.sql.query_opt(sql, &[&staff, &kind, &day(on)]).await?;
        let row = row.with_context(|| format!("no period of {on}"))?;
        let mut found = [0; 6];
        for (index, number) in found.iter_mut().enumerate() {
            *number = row.try_get(index)?;
        }
        Ok(found)
    }

    /// The id of the worker's period of a day.
    async fn period(&self, on: &str) -> anyhow::Result<String> {
        let sql = "select p.id from workforce.leave_periods p where p.staff_id = $1 and p.leave_type_id = $2 and p.period @> $3::date";
        let (staff, kind) = (uuid(&json!(self.staff))?, uuid(&json!(self.kind))?);
        let row = self.sql.query_one(sql, &[&staff, &kind, &day(on)]).await?;
        Ok(id_of("wfpd", row.try_get(0)?))
    }

    /// Where a request stands, and what it costs.
    async fn request(&self, id: &str) -> anyhow::Result<(String, i32)> {
        let sql = "select r.status::text, r.total_minutes from workforce.leave_requests r where r.id = $1";
        let row = self.sql.query_one(sql, &[&uuid(&json!(id))?]).await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    }

    /// One number of the tables.
    async fn count(&self, sql: &str) -> anyhow::Result<i64> {
        Ok(self.sql.query_one(sql, &[]).await?.try_get(0)?)
    }

    /// Fails unless all that must agree does.
    async fn must_agree(&self) -> anyhow::Result<()> {
        let breaks = self.world.breaks().await?;
        anyhow::ensure!(breaks == 0, "{breaks} things do not agree");
        Ok(())
    }
}

//! Somebody's book of one type of leave: the policies that give it, its periods, and what each holds.
//! It is read whole, changed in memory, and written back in a few statements: so a preview is the same
//! as what happens, but for the writing.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::leaving::cut;
use super::person::{LeaveKind, Person};
use super::rules::account::Figures;
use super::rules::accrual::{Accrual, Due, Terms, due};
use super::rules::years::{Anchor, Days};
use foundation::database::{Error, Scope, new_id};

/// A time of policies: from a day on, until another if there is an end.
type Validity = (NaiveDate, Option<NaiveDate>);

/// A policy, and for which days it is somebody's.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The policy.
    pub id: Uuid,
    /// What it says.
    pub terms: Terms,
    valid: Validity,
    /// 0 where it was assigned, 1 of the person's group, 2 of everybody, 3 where it is only that of a
    /// period of before.
    rank: i32,
    assigned: Option<Validity>,
}

impl Policy {
    fn holds_on(&self, day: NaiveDate) -> bool {
        let within = |(from, to): Validity| day >= from && to.is_none_or(|to| day < to);
        self.rank < 3 && within(self.valid) && self.assigned.is_none_or(within)
    }
}

/// A period of somebody's leave.
#[derive(Clone, Debug)]
pub struct Account {
    /// The period.
    pub id: Uuid,
    /// Its days.
    pub days: Days,
    /// Where it stands.
    pub status: &'static str,
    /// The policy by which leave comes in.
    pub policy_id: Uuid,
    /// When it was last closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// What it holds.
    pub figures: Figures,
    /// What came in, by day.
    pub accrued: Vec<Due>,
    /// Whether it is yet to be written.
    pub is_new: bool,
}

/// An entry of the ledger that is yet to be written.
#[derive(Clone, Debug)]
pub struct Posting {
    /// The period.
    pub period_id: Uuid,
    /// A value of `workforce.leave_ledger_kind`.
    pub kind: &'static str,
    /// The minutes, with their sign.
    pub minutes: i32,
    /// The day of leave.
    pub day_id: Option<Uuid>,
    /// The day for which it counts.
    pub on: NaiveDate,
    /// Why.
    pub note: Option<String>,
}

/// The book.
#[derive(Clone, Debug)]
pub struct Book {
    /// Whose.
    pub person: Person,
    /// Of what.
    pub kind: LeaveKind,
    /// The periods, by day.
    pub accounts: Vec<Account>,
    /// What is yet to be written.
    pub postings: Vec<Posting>,
    /// On which days what periods took over is lost, yet to be written.
    pub carry_dates: Vec<(Uuid, NaiveDate)>,
    /// Periods that end on another day than they did, yet to be written.
    pub ends: Vec<(Uuid, NaiveDate)>,
    policies: Vec<Policy>,
}

const POLICIES: &str = "select p.id, p.accrual::text, p.amount_minutes, p.accrual_hours, p.max_balance_minutes, p.carry_max_minutes, \
      p.carry_expires_after_months, p.negative_limit_minutes, p.min_notice_days, p.allows_half_days, p.allows_hours, \
      p.prorates_on_hire, p.prorates_on_termination, p.probation_days, p.period_anchor::text, p.anchor_month, p.anchor_day, \
      p.approval_levels, p.starts_on, p.ends_on, a.starts_on, a.ends_on, \
      case when p.deleted_at is not null then 3 when a.id is not null then 0 when p.staff_group not in ('', $4) then 3 \
        when p.staff_group <> '' then 1 else 2 end, \
      p.encashes_debts \
    from workforce.leave_policies p \
    left join workforce.leave_policy_assignments a on a.biz_id = p.biz_id and a.policy_id = p.id and a.staff_id = $2 \
      and a.deleted_at is null \
    where p.biz_id = $1 and p.leave_type_id = $3 and (a.id is not null \
      or p.staff_group in ('', $4) and p.deleted_at is null \
      or exists (select from workforce.leave_periods r where r.biz_id = p.biz_id and r.policy_id = p.id and r.staff_id = $2)) \
    order by p.id, a.starts_on";

const ACCOUNTS: &str = "select p.id, p.starts_on, p.ends_on, p.status::text, p.policy_id, p.closed_at, \
      b.accrued_minutes, b.carried_in_minutes, b.carry_expires_on, b.taken_minutes, b.reserved_minutes, b.expired_minutes, \
      b.carried_out_minutes, b.encashed_minutes, b.adjusted_minutes, b.negative_limit_minutes, \
      (select coalesce(-sum(e.minutes), 0)::integer from workforce.leave_ledger_entries e \
        where e.biz_id = p.biz_id and e.period_id = p.id and e.kind = 'carry_expiry'), \
      (select coalesce(sum(d.minutes), 0)::integer from workforce.leave_request_days d \
        where d.biz_id = p.biz_id and d.period_id = p.id and d.status in ('reserved', 'charged') \
          and d.leave_on < coalesce(b.carry_expires_on, 'infinity')), \
      (select coalesce(jsonb_agg(jsonb_build_array(e.effective_on, e.minutes)), '[]') from workforce.leave_ledger_entries e \
        where e.biz_id = p.biz_id and e.period_id = p.id and e.kind = 'accrual') \
    from workforce.leave_periods p \
    left join workforce.leave_balances b on b.biz_id = p.biz_id and b.period_id = p.id \
    where p.biz_id = $1 and p.staff_id = $2 and p.leave_type_id = $3 order by p.starts_on";

impl Book {
    /// Reads somebody's book. Who changes it has locked the person.
    pub async fn read(scope: &Scope, person: Person, kind: LeaveKind) -> Result<Self, Error> {
        let base = [scope.biz_id().into(), person.id.into(), kind.id.into()];
        let mut with_group = base.to_vec();
        with_group.push(person.group.as_str().into());
        let policies = scope.query(POLICIES, &with_group);
        let accounts = scope.query(ACCOUNTS, &base);
        let (policies, accounts) = futures_util::try_join!(policies, accounts)?;
        let policies = policies.iter().map(|row| policy(row, &person));
        let mut accounts: Vec<Account> = accounts.iter().map(account).collect::<Result<_, _>>()?;
        let ends = cut(&mut accounts, &person);
        Ok(Self {
            policies: policies.collect::<Result<_, _>>()?,
            accounts,
            postings: Vec::new(),
            carry_dates: Vec::new(),
            ends,
            person,
            kind,
        })
    }

    /// The policy that gives this leave to the person on a day: the one that was assigned to them,
    /// else that of their group, else that of everybody.
    pub fn policy_on(&self, day: NaiveDate) -> Option<&Policy> {
        let mine = self.policies.iter().filter(|policy| policy.holds_on(day));
        mine.min_by_key(|policy| policy.rank)
    }

    /// What the policy of a period says.
    pub fn terms(&self, account: usize) -> Option<Terms> {
        let id = self.accounts.get(account)?.policy_id;
        let found = self.policies.iter().find(|policy| policy.id == id);
        found.map(|policy| policy.terms.clone())
    }

    /// The period of a day, if there is one.
    pub fn at(&self, day: NaiveDate) -> Option<usize> {
        let holds = |account: &Account| account.days.0 <= day && day < account.days.1;
        self.accounts.iter().position(holds)
    }

    /// The period of a day; where there is none yet, it is begun, with what comes in as it does: days
    /// of the coming year can be asked for before it begins. None where no policy gives this leave.
    pub fn open_at(&mut self, day: NaiveDate, today: NaiveDate) -> Option<usize> {
        if let Some(found) = self.at(day) {
            return Some(found);
        }
        let policy = self.policy_on(day)?;
        let (policy_id, terms) = (policy.id, policy.terms.clone());
        let mut days = terms.anchor.year(day);
        for other in &self.accounts {
            if other.days.1 <= day {
                days.0 = days.0.max(other.days.1);
            } else {
                days.1 = days.1.min(other.days.0);
            }
        }
        let index = self
            .accounts
            .iter()
            .take_while(|other| other.days.0 < days.0)
            .count();
        let account = Account {
            id: new_id(),
            days,
            status: "planned",
            policy_id,
            closed_at: None,
            figures: Figures {
                limit: terms.negative_limit,
                ..Figures::default()
            },
            accrued: Vec::new(),
            is_new: true,
        };
        self.accounts.insert(index, account);
        self.accrue(index, today.max(days.0));
        if days.0 <= today
            && let Some(account) = self.accounts.get_mut(index)
        {
            account.status = "open";
        }
        Some(index)
    }

    /// Lets in what the calendar says up to a day, and has not come in yet. What goes beyond the most
    /// that may be held comes in and is lost at once, so that it never comes again.
    pub fn accrue(&mut self, index: usize, until: NaiveDate) {
        let Some(terms) = self.terms(index) else {
            return;
        };
        let (who, Some(account)) = (self.person.who, self.accounts.get(index)) else {
            return;
        };
        let known: Vec<NaiveDate> = account.accrued.iter().map(|due| due.on).collect();
        // Upfront leave comes once a period, whatever day it came on; unless that was before they came.
        let is_complete =
            terms.accrual == Accrual::Upfront && known.iter().any(|on| *on >= who.hired_on);
        for due in due(&terms, who, account.days, until) {
            if !is_complete && !known.contains(&due.on) {
                self.let_in(index, due, terms.max_balance, None);
            }
        }
    }

    /// Lets in an accrual, and loses what goes beyond the most that may be held.
    pub fn let_in(&mut self, index: usize, due: Due, most: Option<i32>, note: Option<&str>) {
        self.post(index, "accrual", due.minutes, due.on, note);
        let beyond = self
            .accounts
            .get(index)
            .map_or(0, |account| account.figures.beyond(most, due.minutes));
        let note = Some("Beyond the most that may be held");
        self.post(index, "expiry", -beyond, due.on, note);
    }

    /// Adds an entry that belongs to no day of leave; none of 0 minutes.
    pub fn post(
        &mut self,
        index: usize,
        kind: &'static str,
        minutes: i32,
        on: NaiveDate,
        note: Option<&str>,
    ) {
        let Some(account) = self.accounts.get_mut(index).filter(|_| minutes != 0) else {
            return;
        };
        let figures = &mut account.figures;
        match kind {
            "accrual" => {
                figures.accrued += minutes;
                account.accrued.push(Due { on, minutes });
            }
            "carry_in" => figures.carried_in += minutes,
            "carry_out" => figures.carried_out -= minutes,
            "carry_expiry" => {
                figures.expired -= minutes;
                figures.carry_expired -= minutes;
            }
            "expiry" => figures.expired -= minutes,
            "encashment" => figures.encashed -= minutes,
            _ => figures.adjusted += minutes,
        }
        self.postings.push(Posting {
            period_id: account.id,
            kind,
            minutes,
            day_id: None,
            on,
            note: note.map(str::to_owned),
        });
    }

    /// The postings and new periods, as the statements that write them take them; they are written
    /// then.
    pub(super) fn drain(&mut self) -> (serde_json::Value, serde_json::Value) {
        let new: Vec<_> = self
            .accounts
            .iter_mut()
            .filter(|account| account.is_new)
            .map(|account| {
                account.is_new = false;
                json!({
                    "id": account.id, "balance_id": new_id(), "policy_id": account.policy_id,
                    "starts_on": account.days.0, "ends_on": account.days.1,
                    "negative_limit": account.figures.limit, "is_open": account.status != "planned",
                })
            })
            .collect();
        let postings: Vec<_> = self
            .postings
            .drain(..)
            .map(|posting| {
                json!({
                    "id": new_id(), "period_id": posting.period_id, "kind": posting.kind,
                    "minutes": posting.minutes, "day_id": posting.day_id, "effective_on": posting.on,
                    "note": posting.note,
                })
            })
            .collect();
        (new.into(), postings.into())
    }

    /// The periods by id.
    pub fn by_id(&self) -> HashMap<Uuid, usize> {
        let all = self.accounts.iter().enumerate();
        all.map(|(index, account)| (account.id, index)).collect()
    }
}

fn policy(row: &tokio_postgres::Row, person: &Person) -> Result<Policy, Error> {
    let accrual: String = row.try_get(1)?;
    let anchor: String = row.try_get(14)?;
    let (month, day): (i16, i16) = (row.try_get(15)?, row.try_get(16)?);
    let small = |index: usize| row.try_get::<_, i16>(index);
    let assigned: Option<NaiveDate> = row.try_get(20)?;
    let assigned_to: Option<NaiveDate> = row.try_get(21)?;
    Ok(Policy {
        id: row.try_get(0)?,
        terms: Terms {
            accrual: Accrual::of(&accrual),
            amount: row.try_get(2)?,
            per_hours: row.try_get::<_, Option<i32>>(3)?.unwrap_or(0),
            max_balance: row.try_get(4)?,
            carry_max: row.try_get(5)?,
            carry_months: row.try_get::<_, Option<i16>>(6)?.map(i32::from),
            negative_limit: row.try_get(7)?,
            encashes_debts: row.try_get(23)?,
            notice_days: small(8)?.into(),
            half_days: row.try_get(9)?,
            hours: row.try_get(10)?,
            prorates_on_hire: row.try_get(11)?,
            prorates_on_leaving: row.try_get(12)?,
            probation_days: small(13)?.into(),
            anchor: if anchor == "hire_date" {
                Anchor::Hire(person.who.hired_on)
            } else {
                Anchor::Fixed(month.unsigned_abs().into(), day.unsigned_abs().into())
            },
            levels: small(17)?.unsigned_abs().into(),
        },
        valid: (row.try_get(18)?, row.try_get(19)?),
        assigned: assigned.map(|from| (from, assigned_to)),
        rank: row.try_get(22)?,
    })
}

fn account(row: &tokio_postgres::Row) -> Result<Account, Error> {
    let status: String = row.try_get(3)?;
    let number = |index: usize| -> Result<i32, Error> {
        Ok(row.try_get::<_, Option<i32>>(index)?.unwrap_or(0))
    };
    let accrued: Vec<(NaiveDate, i32)> = serde_json::from_value(row.try_get(18)?)
        .map_err(|error| Error::Internal(format!("a ledger cannot be read: {error}")))?;
    Ok(Account {
        id: row.try_get(0)?,
        days: (row.try_get(1)?, row.try_get(2)?),
        status: match status.as_str() {
            "planned" => "planned",
            "open" => "open",
            _ => "closed",
        },
        policy_id: row.try_get(4)?,
        closed_at: row.try_get(5)?,
        figures: Figures {
            accrued: number(6)?,
            carried_in: number(7)?,
            carry_expires_on: row.try_get(8)?,
            taken: number(9)?,
            reserved: number(10)?,
            expired: number(11)?,
            carried_out: number(12)?,
            encashed: number(13)?,
            adjusted: number(14)?,
            limit: number(15)?,
            carry_expired: number(16)?,
            early: number(17)?,
        },
        accrued: accrued
            .into_iter()
            .map(|(on, minutes)| Due { on, minutes })
            .collect(),
        is_new: false,
    })
}

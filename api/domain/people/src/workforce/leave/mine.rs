//! `myLeave` and `myLeaveInbox`: what everybody who works here may see of their own leave, whatever
//! else their roles let them read.

use async_graphql::{InputObject, SimpleObject};
use entities::workforce::{leave_period, leave_request, leave_type, staff};
use uuid::Uuid;

use super::choices::{PeriodStatus, RequestStatus};
use super::person::whom;
use crate::workforce::delegation::decided_for;
use foundation::database::Error;
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Choice, Day, Id, Instant};
use foundation::graph::verb::Permission;
use foundation::identity::roles::SELF_SERVICE;

/// The leave of whoever is signed in: what is left by type and period, and their requests of these
/// periods, 500 at most.
#[derive(InputObject)]
pub struct MyLeaveInput {
    /// Only periods and requests that end after this day; those of the last two years if not given.
    pub since: Option<Day>,
}

/// A balance of one's own.
#[derive(SimpleObject)]
pub struct MyLeaveBalance {
    /// The period.
    period_id: Id<leave_period::Entity>,
    /// Which leave.
    leave_type_id: Id<leave_type::Entity>,
    /// Its name.
    leave_type_name: String,
    /// First day of the period.
    starts_on: Day,
    /// First day of the next one.
    ends_on: Day,
    /// Where the period stands.
    status: Choice<PeriodStatus>,
    /// What is left, not regarding what waits for a decision.
    balance_minutes: i32,
    /// What waits for a decision.
    reserved_minutes: i32,
    /// What was taken over from the period before.
    carried_in_minutes: i32,
    /// On which day what is left of that expires.
    carry_expires_on: Option<Day>,
}

/// A request of one's own.
#[derive(SimpleObject)]
pub struct MyLeaveRequest {
    /// The request.
    id: Id<leave_request::Entity>,
    /// Its number.
    number: String,
    /// Which leave.
    leave_type_name: String,
    /// First day of leave.
    starts_on: Day,
    /// First day back.
    ends_on: Day,
    /// What it costs.
    total_minutes: i32,
    /// Where it stands.
    status: Choice<RequestStatus>,
    /// Its version.
    version: i32,
}

/// One's own leave.
#[derive(SimpleObject)]
pub struct MyLeave {
    /// Who one is as a member of staff.
    staff_id: Id<staff::Entity>,
    /// What is left.
    balances: Vec<MyLeaveBalance>,
    /// What one has asked for, the latest first.
    requests: Vec<MyLeaveRequest>,
}

const BALANCES: &str = "select p.id, t.id, t.name, p.starts_on, p.ends_on, p.status::text, b.balance_minutes, b.reserved_minutes, \
      b.carried_in_minutes, b.carry_expires_on \
    from workforce.leave_periods p \
    join workforce.leave_balances b on b.biz_id = p.biz_id and b.period_id = p.id \
    join workforce.leave_types t on t.biz_id = p.biz_id and t.id = p.leave_type_id \
    where p.biz_id = $1 and p.staff_id = $2 and p.ends_on > $3 order by t.name, p.starts_on limit 500";

const REQUESTS: &str = "select r.id, r.number, t.name, r.starts_on, r.ends_on, r.total_minutes, r.status::text, r.version \
    from workforce.leave_requests r \
    join workforce.leave_types t on t.biz_id = r.biz_id and t.id = r.leave_type_id \
    where r.biz_id = $1 and r.staff_id = $2 and r.ends_on > $3 order by r.starts_on desc, r.id limit 500";

/// The question.
pub struct MyLeaveQuestion;

impl Question for MyLeaveQuestion {
    type Input = MyLeaveInput;
    type Answer = MyLeave;

    const NAME: &'static str = "myLeave";
    const PERMISSION: Permission = Permission::Holds(SELF_SERVICE);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let staff = whom(look.scope, look.principal()?, None).await?;
        let two_years = chrono::TimeDelta::days(731);
        let since = input
            .since
            .map_or_else(|| (look.scope.now() - two_years).date_naive(), |day| day.0);
        let values = [look.scope.biz_id().into(), staff.into(), since.into()];
        let (balances, requests) = futures_util::try_join!(
            look.scope.query(BALANCES, &values),
            look.scope.query(REQUESTS, &values)
        )?;
        let balances: Result<Vec<_>, Error> = balances.iter().map(balance).collect();
        let requests: Result<Vec<_>, Error> = requests.iter().map(request).collect();
        Ok(MyLeave {
            staff_id: Id::new(staff),
            balances: balances?,
            requests: requests?,
        })
    }
}

fn balance(row: &tokio_postgres::Row) -> Result<MyLeaveBalance, Error> {
    let status: String = row.try_get(5)?;
    let expires: Option<chrono::NaiveDate> = row.try_get(9)?;
    Ok(MyLeaveBalance {
        period_id: Id::new(row.try_get(0)?),
        leave_type_id: Id::new(row.try_get(1)?),
        leave_type_name: row.try_get(2)?,
        starts_on: Day(row.try_get(3)?),
        ends_on: Day(row.try_get(4)?),
        status: Choice::of(&status).unwrap_or_else(|| Choice::new("open")),
        balance_minutes: row.try_get(6)?,
        reserved_minutes: row.try_get(7)?,
        carried_in_minutes: row.try_get(8)?,
        carry_expires_on: expires.map(Day),
    })
}

fn request(row: &tokio_postgres::Row) -> Result<MyLeaveRequest, Error> {
    let status: String = row.try_get(6)?;
    Ok(MyLeaveRequest {
        id: Id::new(row.try_get(0)?),
        number: row.try_get(1)?,
        leave_type_name: row.try_get(2)?,
        starts_on: Day(row.try_get(3)?),
        ends_on: Day(row.try_get(4)?),
        total_minutes: row.try_get(5)?,
        status: Choice::of(&status).unwrap_or_else(|| Choice::new("draft")),
        version: row.try_get(7)?,
    })
}

/// The requests that wait for the decision of whoever is signed in: as approver, or for an approver
/// who handed over to them or who is on leave. 500 at most.
#[derive(InputObject)]
pub struct MyLeaveInboxInput {
    /// Only requests that begin before this day.
    pub before: Option<Day>,
}

/// A request that waits for one's decision.
#[derive(SimpleObject)]
pub struct LeaveInboxItem {
    /// The request.
    request_id: Id<leave_request::Entity>,
    /// Its number.
    number: String,
    /// Whose it is.
    staff_name: String,
    /// Which leave.
    leave_type_name: String,
    /// First day of leave.
    starts_on: Day,
    /// First day back.
    ends_on: Day,
    /// What it costs.
    total_minutes: i32,
    /// By when a decision is wanted.
    due_at: Option<Instant>,
    /// Whether one decides for somebody else.
    is_for_another: bool,
}

const INBOX: &str = "select r.id, r.number, s.full_name, t.name, r.starts_on, r.ends_on, r.total_minutes, a.due_at, a.approver_id <> $2 \
    from workforce.leave_approvals a \
    join workforce.leave_requests r on r.biz_id = a.biz_id and r.id = a.leave_request_id and r.status = 'submitted' \
    join workforce.staff s on s.biz_id = r.biz_id and s.id = r.staff_id \
    join workforce.leave_types t on t.biz_id = r.biz_id and t.id = r.leave_type_id \
    where a.biz_id = $1 and a.approver_id = any ($3::uuid[]) and a.decision = 'pending' \
      and s.member_id is distinct from $2 and r.starts_on < coalesce($4::date, 'infinity') \
      and not exists (select from workforce.leave_approvals b where b.biz_id = a.biz_id \
        and b.leave_request_id = a.leave_request_id and b.step < a.step and b.decision = 'pending') \
    order by a.due_at, r.id limit 500";

/// The question.
pub struct MyLeaveInbox;

impl Question for MyLeaveInbox {
    type Input = MyLeaveInboxInput;
    type Answer = Vec<LeaveInboxItem>;

    const NAME: &'static str = "myLeaveInbox";
    const PERMISSION: Permission = Permission::Holds(SELF_SERVICE);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let Some(member) = look.principal()?.member_id() else {
            return Ok(Vec::new());
        };
        let of = decided_for(look.scope, member, today(look, member).await?).await?;
        let values = [
            look.scope.biz_id().into(),
            member.into(),
            of.into(),
            input.before.map(|day| day.0).into(),
        ];
        let rows = look.scope.query(INBOX, &values).await?;
        let items: Result<Vec<_>, Error> = rows.iter().map(item).collect();
        Ok(items?)
    }
}

/// The day at the place of whoever asks.
async fn today(look: &Look<'_>, member: Uuid) -> Result<chrono::NaiveDate, Failure> {
    let sql = "select s.id from workforce.staff s where s.biz_id = $1 and s.member_id = $2 and s.deleted_at is null";
    let values = [look.scope.biz_id().into(), member.into()];
    let now = look.scope.now();
    let Some(row) = look.scope.query_opt(sql, &values).await? else {
        return Ok(now.date_naive());
    };
    let id: Uuid = row.try_get(0).map_err(Error::from)?;
    Ok(super::person::person(look.scope, id, false)
        .await?
        .today(now))
}

fn item(row: &tokio_postgres::Row) -> Result<LeaveInboxItem, Error> {
    let due: Option<chrono::DateTime<chrono::Utc>> = row.try_get(7)?;
    Ok(LeaveInboxItem {
        request_id: Id::new(row.try_get(0)?),
        number: row.try_get(1)?,
        staff_name: row.try_get(2)?,
        leave_type_name: row.try_get(3)?,
        starts_on: Day(row.try_get(4)?),
        ends_on: Day(row.try_get(5)?),
        total_minutes: row.try_get(6)?,
        due_at: due.map(Instant),
        is_for_another: row.try_get(8)?,
    })
}

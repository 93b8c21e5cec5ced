//! `myTimesheetInbox`: the time sheets that wait for whoever asks, in their own name or another's.

use async_graphql::{InputObject, SimpleObject};
use entities::workforce::{staff, timesheet};
use uuid::Uuid;

use crate::workforce::delegation::decided_for;
use crate::workforce::staff::{SELF, myself_in};
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::Permission;

/// The time sheets that wait for one's decision: of those whom one leads, or whose manager handed over to
/// one or is on leave today; 500 at most, the oldest first.
#[derive(InputObject)]
pub struct MyTimesheetInboxInput {
    /// Only sheets that begin before this day.
    pub before: Option<Day>,
}

/// A time sheet that waits.
#[derive(SimpleObject)]
pub struct TimesheetInboxItem {
    /// The time sheet.
    timesheet_id: Id<timesheet::Entity>,
    /// Whose it is.
    staff_id: Id<staff::Entity>,
    /// Their name.
    staff_name: String,
    /// First day of it.
    starts_on: Day,
    /// First day that is no longer in it.
    ends_on: Day,
    /// Minutes worked.
    worked_minutes: i32,
    /// Those of them that are overtime.
    overtime_minutes: i32,
    /// Whether one decides for somebody else.
    is_for_another: bool,
}

const INBOX: &str = "select t.id, s.id, s.full_name, t.starts_on, t.ends_on, t.worked_minutes, t.overtime_minutes, m.member_id <> $2 \
    from workforce.timesheets t \
    join workforce.staff s on s.biz_id = t.biz_id and s.id = t.staff_id \
    join workforce.staff m on m.biz_id = s.biz_id and m.id = s.manager_id and m.deleted_at is null \
    where t.biz_id = $1 and t.status = 'submitted' and m.member_id = any ($3::uuid[]) \
      and s.member_id is distinct from $2 and t.starts_on < coalesce($4::date, 'infinity') \
    order by t.starts_on, t.id limit 500";

/// The question.
pub struct MyTimesheetInbox;

impl Question for MyTimesheetInbox {
    type Input = MyTimesheetInboxInput;
    type Answer = Vec<TimesheetInboxItem>;

    const NAME: &'static str = "myTimesheetInbox";
    const PERMISSION: Permission = Permission::Holds(SELF);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let (scope, principal) = (look.scope, look.principal()?);
        let Some(member) = principal.member_id() else {
            return Ok(Vec::new());
        };
        let me = myself_in(scope, principal).await?;
        let today = me.map_or_else(|| scope.now().date_naive(), |me| me.day(scope.now()));
        let of = decided_for(scope, member, today).await?;
        let values = [
            scope.biz_id().into(),
            member.into(),
            of.into(),
            input.before.map(|day| day.0).into(),
        ];
        let rows = scope.query(INBOX, &values).await?;
        let items: Result<Vec<_>, _> = rows.iter().map(item).collect();
        items.map_err(Failure::internal)
    }
}

fn item(row: &tokio_postgres::Row) -> Result<TimesheetInboxItem, tokio_postgres::Error> {
    Ok(TimesheetInboxItem {
        timesheet_id: Id::new(row.try_get::<_, Uuid>(0)?),
        staff_id: Id::new(row.try_get::<_, Uuid>(1)?),
        staff_name: row.try_get(2)?,
        starts_on: Day(row.try_get(3)?),
        ends_on: Day(row.try_get(4)?),
        worked_minutes: row.try_get(5)?,
        overtime_minutes: row.try_get(6)?,
        is_for_another: row.try_get(7)?,
    })
}

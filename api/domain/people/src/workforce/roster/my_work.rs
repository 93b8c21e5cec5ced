//! `myWork`: what somebody on the staff has to know of their own work.

use async_graphql::{InputObject, SimpleObject};
use entities::core::location;
use entities::workforce::{
    open_shift, shift_swap, staff, staff_shift, substitution_offer, training_enrollment,
};
use sea_orm::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::workforce::staff::{SELF, myself_in, nobody};
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Day, Id, Instant};
use foundation::graph::verb::Permission;

/// The caller's own work: shifts from now on, what they are asked, what they may take, what they
/// have to learn, and whether they are clocked in. Needs no permission to read the roster.
#[derive(InputObject)]
pub struct MyWorkInput {
    /// How many of each at most, up to 100; 50 if not given.
    pub first: Option<i32>,
}

/// Somebody's own work.
#[derive(SimpleObject)]
pub struct MyWork {
    /// Who they are on the staff.
    pub staff_id: Id<staff::Entity>,
    /// Since when they are clocked in, or have a break.
    pub clocked_in_since: Option<Instant>,
    /// Whether they have a break.
    pub is_on_break: bool,
    /// Their published shifts that have not ended.
    pub shifts: Vec<MyShift>,
    /// The offers to stand in that they have yet to answer.
    pub offers: Vec<MyOffer>,
    /// The swaps that they have yet to answer.
    pub swaps: Vec<MySwap>,
    /// The open shifts where they usually work, that they may try to take.
    pub open_shifts: Vec<MyOpenShift>,
    /// What they have yet to learn.
    pub trainings: Vec<MyTraining>,
}

/// A shift of one's own.
#[derive(SimpleObject)]
pub struct MyShift {
    /// The shift.
    pub id: Id<staff_shift::Entity>,
    /// Where.
    pub location_id: Id<location::Entity>,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// As what.
    pub role: String,
    /// Whether one has said yes to it.
    pub is_confirmed: bool,
    /// What to know.
    pub note: String,
}

/// An offer to stand in.
#[derive(SimpleObject)]
pub struct MyOffer {
    /// The offer.
    pub id: Id<substitution_offer::Entity>,
    /// Where the shift is.
    pub location_id: Id<location::Entity>,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// As what.
    pub role: String,
    /// Until when the offer stands.
    pub expires_at: Instant,
}

/// A swap that a colleague asks for.
#[derive(SimpleObject)]
pub struct MySwap {
    /// The swap.
    pub id: Id<shift_swap::Entity>,
    /// The colleague's name.
    pub colleague: String,
    /// When the shift that they give away begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// The shift of one's own that they would take in return.
    pub in_return_id: Option<Id<staff_shift::Entity>>,
    /// Why.
    pub reason: String,
}

/// A shift that one may take.
#[derive(SimpleObject)]
pub struct MyOpenShift {
    /// The open shift.
    pub id: Id<open_shift::Entity>,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// As what.
    pub role: String,
    /// Whether one has the skills and licences that it asks for.
    pub is_eligible: bool,
}

/// Something to learn.
#[derive(SimpleObject)]
pub struct MyTraining {
    /// The enrolment.
    pub id: Id<training_enrollment::Entity>,
    /// The module's title.
    pub title: String,
    /// The day by which it must be passed.
    pub due_on: Option<Day>,
    /// Whether one has begun.
    pub has_begun: bool,
}

const OPEN_TIME: &str = "select starts_at, kind = 'break' from workforce.work_time_segments \
    where biz_id = $1 and staff_id = $2 and ends_at is null and superseded_at is null";

const SHIFTS: &str = "select id, location_id, planned_starts_at, planned_ends_at, role, status <> 'published', note \
    from workforce.staff_shifts where biz_id = $1 and staff_id = $2 and status in ('published', 'confirmed', 'in_progress') \
      and planned_ends_at > $3 order by planned_starts_at limit $4";

const OFFERS: &str = "select o.id, s.location_id, s.planned_starts_at, s.planned_ends_at, s.role, o.expires_at \
    from workforce.substitution_offers o \
    join workforce.substitution_requests r on r.biz_id = o.biz_id and r.id = o.request_id \
    join workforce.staff_shifts s on s.biz_id = r.biz_id and s.id = r.shift_id \
    where o.biz_id = $1 and o.staff_id = $2 and o.status = 'sent' and o.expires_at > $3 order by o.expires_at limit $4";

const SWAPS: &str = "select w.id, coalesce(p.preferred_name, p.full_name), s.planned_starts_at, s.planned_ends_at, w.to_shift_id, w.reason \
    from workforce.shift_swaps w \
    join workforce.staff p on p.biz_id = w.biz_id and p.id = w.from_staff_id \
    join workforce.staff_shifts s on s.biz_id = w.biz_id and s.id = w.from_shift_id \
    where w.biz_id = $1 and w.to_staff_id = $2 and w.status = 'requested' and s.planned_starts_at > $3 \
    order by s.planned_starts_at limit $4";

const OPEN_SHIFTS: &str = "select o.id, o.starts_at, o.ends_at, o.role, \
      not exists (select from workforce.open_shift_skills k where k.biz_id = o.biz_id and k.open_shift_id = o.id \
        and not workforce.has_skill(o.biz_id, p.id, k.capability_template_id, (o.starts_at at time zone l.timezone)::date, \
          (o.ends_at at time zone l.timezone)::date)) \
    from workforce.staff p join workforce.open_shifts o on o.biz_id = p.biz_id and o.location_id = p.home_location_id \
    join core.locations l on l.biz_id = o.biz_id and l.id = o.location_id \
    where p.biz_id = $1 and p.id = $2 and o.status = 'open' and o.starts_at > $3 order by o.starts_at limit $4";

const TRAININGS: &str = "select e.id, m.title, e.due_on, e.status <> 'assigned' from workforce.training_enrollments e \
    join workforce.training_modules m on m.biz_id = e.biz_id and m.id = e.module_id \
    where e.biz_id = $1 and e.staff_id = $2 and e.status in ('assigned', 'in_progress', 'failed') order by e.due_on, e.id limit $3";

/// The question.
pub struct MyWorkQuestion;

type Told<T> = Result<Vec<T>, tokio_postgres::Error>;

fn shifts(rows: &[Row]) -> Told<MyShift> {
    let shift = |row: &Row| {
        Ok(MyShift {
            id: Id::new(row.try_get(0)?),
            location_id: Id::new(row.try_get(1)?),
            starts_at: Instant(row.try_get(2)?),
            ends_at: Instant(row.try_get(3)?),
            role: row.try_get(4)?,
            is_confirmed: row.try_get(5)?,
            note: row.try_get(6)?,
        })
    };
    rows.iter().map(shift).collect()
}

fn offers(rows: &[Row]) -> Told<MyOffer> {
    let offer = |row: &Row| {
        Ok(MyOffer {
            id: Id::new(row.try_get(0)?),
            location_id: Id::new(row.try_get(1)?),
            starts_at: Instant(row.try_get(2)?),
            ends_at: Instant(row.try_get(3)?),
            role: row.try_get(4)?,
            expires_at: Instant(row.try_get(5)?),
        })
    };
    rows.iter().map(offer).collect()
}

fn swaps(rows: &[Row]) -> Told<MySwap> {
    let swap = |row: &Row| {
        Ok(MySwap {
            id: Id::new(row.try_get(0)?),
            colleague: row.try_get(1)?,
            starts_at: Instant(row.try_get(2)?),
            ends_at: Instant(row.try_get(3)?),
            in_return_id: row.try_get::<_, Option<Uuid>>(4)?.map(Id::new),
            reason: row.try_get(5)?,
        })
    };
    rows.iter().map(swap).collect()
}

fn open_shifts(rows: &[Row]) -> Told<MyOpenShift> {
    let open = |row: &Row| {
        Ok(MyOpenShift {
            id: Id::new(row.try_get(0)?),
            starts_at: Instant(row.try_get(1)?),
            ends_at: Instant(row.try_get(2)?),
            role: row.try_get(3)?,
            is_eligible: row.try_get(4)?,
        })
    };
    rows.iter().map(open).collect()
}

fn trainings(rows: &[Row]) -> Told<MyTraining> {
    let training = |row: &Row| {
        Ok(MyTraining {
            id: Id::new(row.try_get(0)?),
            title: row.try_get(1)?,
            due_on: row.try_get::<_, Option<_>>(2)?.map(Day),
            has_begun: row.try_get(3)?,
        })
    };
    rows.iter().map(training).collect()
}

impl Question for MyWorkQuestion {
    type Input = MyWorkInput;
    type Answer = MyWork;

    const NAME: &'static str = "myWork";
    const PERMISSION: Permission = Permission::Holds(SELF);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let scope = look.scope;
        let me = myself_in(scope, look.principal()?)
            .await?
            .ok_or_else(nobody)?;
        let most = i64::from(input.first.unwrap_or(50).clamp(1, 100));
        let own: [Value; 2] = [scope.biz_id().into(), me.id.into()];
        let ahead: [Value; 4] = [
            scope.biz_id().into(),
            me.id.into(),
            scope.now().into(),
            most.into(),
        ];
        let learning: [Value; 3] = [scope.biz_id().into(), me.id.into(), most.into()];
        let (time, mine, asked, wanted, open, learn) = futures_util::try_join!(
            scope.query_opt(OPEN_TIME, &own),
            scope.query(SHIFTS, &ahead),
            scope.query(OFFERS, &ahead),
            scope.query(SWAPS, &ahead),
            scope.query(OPEN_SHIFTS, &ahead),
            scope.query(TRAININGS, &learning),
        )?;
        let told = || -> Result<MyWork, tokio_postgres::Error> {
            let (since, is_on_break) = match &time {
                Some(row) => (Some(Instant(row.try_get(0)?)), row.try_get(1)?),
                None => (None, false),
            };
            Ok(MyWork {
                staff_id: Id::new(me.id),
                clocked_in_since: since,
                is_on_break,
                shifts: shifts(&mine)?,
                offers: offers(&asked)?,
                swaps: swaps(&wanted)?,
                open_shifts: open_shifts(&open)?,
                trainings: trainings(&learn)?,
            })
        };
        told().map_err(Failure::internal)
    }
}

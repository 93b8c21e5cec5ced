//! What the functions of this context work with, where they are used by verbs and by clock work
//! alike, and where and on which day of business something happens.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use foundation::database::{Database, Error, Numbered, Scope, number};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::verb::Act;
use foundation::identity::Reach;
use scheduling::availability::rules::{business_date, day_start, local_day, wall_time};

/// A transaction, and where numbers of documents come from.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// The transaction.
    pub scope: &'a Scope,
    /// The database beside it, where numbers are reserved ahead; none where another context's
    /// transaction is all there is.
    pub database: Option<&'a Database>,
}

impl<'a> Work<'a> {
    /// That of a verb.
    pub fn of(act: &'a Act<'_>) -> Self {
        Self {
            scope: act.scope,
            database: Some(&act.session.shared.database),
        }
    }

    /// That of another context's transaction.
    pub fn within(scope: &'a Scope) -> Self {
        Self {
            scope,
            database: None,
        }
    }

    /// The tenant.
    pub fn biz_id(&self) -> Uuid {
        self.scope.biz_id()
    }

    /// The instant of all that happens.
    pub fn now(&self) -> DateTime<Utc> {
        self.scope.now()
    }

    /// The next number of a kind of document.
    pub async fn number(&self, kind: Numbered) -> Result<String, Error> {
        number(self.scope, self.database, kind).await
    }
}

/// Where something happens, and by which calendar.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The location; none where it happens to the business as a whole.
    pub location_id: Option<Uuid>,
    /// The time zone of the location, or else of the business.
    pub zone: Tz,
    /// The day of business.
    pub business_date: NaiveDate,
    /// The instant.
    pub now: DateTime<Utc>,
}

impl Place {
    /// What the clocks there show.
    pub fn wall_time(&self) -> NaiveDateTime {
        wall_time(self.zone, self.now)
    }

    /// The day that calendars there show.
    pub fn today(&self) -> NaiveDate {
        local_day(self.zone, self.now)
    }

    /// The first instant of a day there.
    pub fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        day_start(self.zone, day)
    }
}

const FIND: &str = "select coalesce(l.timezone, b.default_timezone), coalesce(l.business_day_cutoff, '00:00'), \
      $2::uuid is null or l.id is not null, l.deleted_at is null \
    from core.bizes b \
    left join core.locations l on l.biz_id = b.id and l.id = $2 \
    where b.id = $1";

/// A place by its location, or the business where none is named. None where there is no such location.
/// One that was archived has its clock still: what was sold there is paid, used and given back.
pub async fn place(scope: &Scope, location_id: Option<Uuid>) -> Result<Option<Place>, Error> {
    Ok(find(scope, location_id).await?.map(|(place, _)| place))
}

/// The place that something already has.
pub async fn own_place(scope: &Scope, location_id: Uuid) -> Result<Place, Error> {
    let missing = || Error::Internal(format!("there is no location {location_id}"));
    place(scope, Some(location_id)).await?.ok_or_else(missing)
}

/// The place, and whether it is open to anything new.
async fn find(scope: &Scope, location_id: Option<Uuid>) -> Result<Option<(Place, bool)>, Error> {
    let row = scope
        .query_opt(FIND, &[scope.biz_id().into(), location_id.into()])
        .await?;
    let Some(row) = row.filter(|row| row.get(2)) else {
        return Ok(None);
    };
    let name: &str = row.try_get(0)?;
    let zone: Tz = name
        .parse()
        .map_err(|_| Error::Internal(format!("the time zone {name} is not known")))?;
    let cutoff: NaiveTime = row.try_get(1)?;
    let place = Place {
        location_id,
        zone,
        business_date: business_date(zone, cutoff, scope.now()),
        now: scope.now(),
    };
    Ok(Some((place, row.try_get(3)?)))
}

/// The place at which a verb happens. Whoever holds the permission at some locations only must say
/// at which of them; a location out of reach does not exist.
pub async fn place_of(
    act: &Act<'_>,
    permission: &str,
    location_id: Option<Uuid>,
) -> Result<Place, Failure> {
    match location_id {
        Some(location) => act.permit_at(permission, location, "location")?,
        None if act.principal()?.reach(permission) != Reach::All => {
            let text = "Your roles count at some locations only: say at which with locationId.";
            return Err(Failure::input(text));
        }
        None => {}
    }
    let found = find(act.scope, location_id).await?;
    let open = found.and_then(|(place, is_open)| is_open.then_some(place));
    open.ok_or_else(|| Failure::new(Code::NotFound, "There is no such location."))
}

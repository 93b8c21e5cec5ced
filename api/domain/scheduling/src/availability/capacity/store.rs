//! Where slots are, and what of a location they are reckoned with.

use chrono::NaiveTime;
use chrono_tz::Tz;
use uuid::Uuid;

use foundation::database::{Error, Scope};

/// When guests come and leave where the location says nothing.
const CHECK_IN: &str = "15:00";
const CHECK_OUT: &str = "11:00";

/// A location's clocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The location.
    pub location_id: Uuid,
    /// Its time zone.
    pub zone: Tz,
    /// When its business days begin.
    pub cutoff: NaiveTime,
    /// When guests may come.
    pub check_in: NaiveTime,
    /// When guests must leave.
    pub check_out: NaiveTime,
}

const PLACE: &str = "select l.id, l.timezone, l.business_day_cutoff, l.attributes ->> 'check_in_time', \
      l.attributes ->> 'check_out_time' \
    from core.locations l where l.biz_id = $1 and l.id = $2 and l.deleted_at is null";

/// The clocks of a location.
pub(super) async fn place(scope: &Scope, location_id: Uuid) -> Result<Option<Place>, Error> {
    let values = [scope.biz_id().into(), location_id.into()];
    let Some(row) = scope.query_opt(PLACE, &values).await? else {
        return Ok(None);
    };
    let name: String = row.try_get(1)?;
    let zone = name
        .parse()
        .map_err(|_| Error::Internal(format!("the time zone {name} is not known")))?;
    let time = |index: usize, usual: &str| {
        let text: Option<String> = row.try_get(index)?;
        Ok::<_, Error>(clock_time(text.as_deref().unwrap_or(usual)).unwrap_or_default())
    };
    Ok(Some(Place {
        location_id: row.try_get(0)?,
        zone,
        cutoff: row.try_get(2)?,
        check_in: time(3, CHECK_IN)?,
        check_out: time(4, CHECK_OUT)?,
    }))
}

/// A time of day, such as 17:30 or 17:30:00.
pub(super) fn clock_time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M")
        .or_else(|_| text.parse())
        .ok()
}

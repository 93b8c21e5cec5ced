//! A quote that is locked to be moved, and the moves.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use foundation::database::Error;
use foundation::graph::failure::Failure;
use foundation::graph::verb::{Act, Fault};

/// What verbs on quotes ask for.
pub(super) const PERMISSION: &str = "booking.quote";

/// A quote that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub(super) struct Quote {
    pub id: Uuid,
    pub status: String,
    pub location_id: Uuid,
    pub kind: String,
    pub customer_id: Option<Uuid>,
    pub time: Option<(DateTime<Utc>, DateTime<Utc>)>,
    pub party_size: i32,
    pub currency: String,
    pub valid_until: DateTime<Utc>,
    pub channel: String,
}

const LOCK: &str = "select q.status::text, q.version, q.location_id, q.kind::text, q.customer_id, q.starts_at, q.ends_at, \
      q.party_size, q.currency::text, q.valid_until, q.channel::text \
    from booking.quotes q where q.biz_id = $1 and q.id = $2 for no key update";

/// Locks a quote that the caller reaches.
pub(super) async fn lock<P>(
    act: &Act<'_>,
    id: Uuid,
    expected_version: Option<i32>,
) -> Result<Quote, Fault<P>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(LOCK, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("quote"))?;
    let location_id = row.try_get(2)?;
    act.permit_at(PERMISSION, location_id, "quote")?;
    let version: i32 = row.try_get(1)?;
    Failure::unless_current("quote", version, expected_version)?;
    let start: Option<DateTime<Utc>> = row.try_get(5)?;
    Ok(Quote {
        id,
        status: row.try_get(0)?,
        location_id,
        kind: row.try_get(3)?,
        customer_id: row.try_get(4)?,
        time: start.zip(row.try_get(6)?),
        party_size: row.try_get(7)?,
        currency: row.try_get(8)?,
        valid_until: row.try_get(9)?,
        channel: row.try_get(10)?,
    })
}

impl Quote {
    /// Refuses a move from another status, under the verb's own code.
    pub(super) fn allow<P>(&self, from: &[&str], code: P) -> Result<(), Fault<P>> {
        if from.contains(&self.status.as_str()) {
            return Ok(());
        }
        let message = format!(
            "The quote is {}; only one that is {} can be.",
            self.status,
            from.join(" or ")
        );
        Err(Fault::at(code, "id", message))
    }

    /// Refuses a quote that is no longer valid, noticed or not.
    pub(super) fn in_time<P>(&self, now: DateTime<Utc>, code: P) -> Result<(), Fault<P>> {
        if self.status != "expired" && now < self.valid_until {
            return Ok(());
        }
        let until = self.valid_until.format("%F %R");
        let message = format!("The quote was valid until {until} UTC; write another.");
        Err(Fault::at(code, "id", message))
    }

    /// Writes another status, and with it the instant at which it was reached, where it has one.
    pub(super) async fn step(&self, act: &Act<'_>, to: &str) -> Result<(), Error> {
        let sql = "update booking.quotes q set status = $3::text, \
                     sent_at = case when $3::text = 'sent' then $4::timestamptz else q.sent_at end, \
                     accepted_at = case when $3::text = 'accepted' then $4::timestamptz else q.accepted_at end \
                   where q.biz_id = $1 and q.id = $2";
        let values = [
            act.scope.biz_id().into(),
            self.id.into(),
            to.into(),
            act.scope.now().into(),
        ];
        act.scope.execute(sql, &values).await.map(drop)
    }
}

//! An entry of the outbox.

use chrono::{DateTime, Utc};
use tokio_postgres::Row;
use uuid::Uuid;

use super::Position;
use crate::database::Error;

/// The topic of records that name rows which changed, without saying what happened to them.
pub const ROWS_CHANGED: &str = "core.rows_changed";

/// An entry of the outbox, and the rows it speaks of.
#[derive(Clone, Debug)]
pub struct Change {
    /// Where it stands.
    pub position: Position,
    /// Whose it is.
    pub biz_id: Uuid,
    /// What happened.
    pub topic: String,
    /// The entity of the rows.
    pub entity: String,
    /// The rows.
    pub ids: Vec<Uuid>,
    /// When.
    pub occurred_at: DateTime<Utc>,
}

/// The columns that a change is read from, of `core.outbox_events e`.
pub const COLUMNS: &str = "e.transaction_id::text, e.seq, e.biz_id, e.topic, \
    case e.topic when 'core.rows_changed' then e.payload ->> 'entity' else e.subject_type end, \
    case e.topic when 'core.rows_changed' \
      then array(select i::uuid from jsonb_array_elements_text(e.payload -> 'ids') i) \
      else array[e.subject_id] end, e.occurred_at";

impl Change {
    /// A change by its columns, of which the first has this place.
    pub fn of(row: &Row, first: usize) -> Result<Self, Error> {
        let transaction: &str = row.try_get(first)?;
        let transaction = transaction
            .parse()
            .map_err(|_| Error::Internal(format!("{transaction} is no transaction")))?;
        let position = Position {
            transaction,
            seq: row.try_get(first + 1)?,
        };
        Ok(Self {
            position,
            biz_id: row.try_get(first + 2)?,
            topic: row.try_get(first + 3)?,
            entity: row.try_get(first + 4)?,
            ids: row.try_get(first + 5)?,
            occurred_at: row.try_get(first + 6)?,
        })
    }
}

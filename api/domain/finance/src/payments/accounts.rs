//! Accounts at processors: which one a part of a payment goes through.

use tokio_postgres::Row;
use uuid::Uuid;

use super::processors::{Asking, Processors, Secrets};
use super::rules::Wire;
use crate::ledger::chart;
use crate::ledger::store::Account as Books;
use foundation::database::{Error, Scope, new_id};
use foundation::graph::session::Shared;
use foundation::identity::Sealer;

/// An account at a processor.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// A value of `payments.processor`.
    pub processor: String,
    /// Its id at the processor.
    pub external_account_id: String,
    /// Whether it is real money.
    pub is_live: bool,
    /// Where it is used; everywhere if none.
    pub location_id: Option<Uuid>,
    /// Its account in the books, and that one's currency.
    pub books: Option<(Uuid, String)>,
    sealed: Option<Vec<u8>>,
}

const COLUMNS: &str = "a.id, a.processor::text, a.external_account_id, a.mode = 'live', a.location_id, \
    l.id, l.currency::text, a.credentials_sealed, a.status::text \
    from payments.processor_accounts a \
    left join ledger.accounts l on l.biz_id = a.biz_id and l.id = a.ledger_account_id and l.closed_at is null";

fn read(row: &Row) -> Result<Account, Error> {
    let books: Option<Uuid> = row.try_get(5)?;
    Ok(Account {
        id: row.try_get(0)?,
        processor: row.try_get(1)?,
        external_account_id: row.try_get(2)?,
        is_live: row.try_get(3)?,
        location_id: row.try_get(4)?,
        books: match books {
            Some(id) => Some((id, row.try_get(6)?)),
            None => None,
        },
        sealed: row.try_get(7)?,
    })
}

/// The account of this id, and whether it takes payments.
pub async fn find(scope: &Scope, id: Uuid) -> Result<Option<(Account, bool)>, Error> {
    let sql =
        format!("select {COLUMNS} where a.biz_id = $1 and a.id = $2 and a.deleted_at is null");
    let row = scope
        .query_opt(&sql, &[scope.biz_id().into(), id.into()])
        .await?;
    match row {
        None => Ok(None),
        Some(row) => Ok(Some((
            read(&row)?,
            row.try_get::<_, String>(8)? == "active",
        ))),
    }
}

/// The account that cards are taken through where nobody says: that of the location before that of
/// the business, a real one before one for play.
pub async fn for_cards(scope: &Scope, location_id: Option<Uuid>) -> Result<Option<Account>, Error> {
    let sql = format!(
        "select {COLUMNS} where a.biz_id = $1 and a.deleted_at is null and a.status = 'active' \
           and a.processor in ('stripe', 'sandbox') and (a.location_id is null or a.location_id = $2) \
         order by a.location_id is null, a.mode <> 'live', a.processor = 'sandbox', a.id limit 1"
    );
    let values = [scope.biz_id().into(), location_id.into()];
    let row = scope.query_opt(&sql, &values).await?;
    row.as_ref().map(read).transpose()
}

/// What is said where no account takes cards.
pub const NONE_FOR_CARDS: &str =
    "No processor takes cards here: make an account with processorAccountCreate.";

/// The account that is named, or else the one that cards are taken through; and whether it takes
/// payments.
pub async fn choose(
    scope: &Scope,
    named: Option<Uuid>,
    location_id: Option<Uuid>,
) -> Result<Option<(Account, bool)>, Error> {
    match named {
        Some(id) => find(scope, id).await,
        None => Ok(for_cards(scope, location_id)
            .await?
            .map(|account| (account, true))),
    }
}

const OPEN: &str = "insert into payments.processor_accounts (biz_id, id, name, processor, external_account_id, location_id, status) \
    values ($1, $2, $3, $4::text, $5, $6, 'active') on conflict do nothing";

/// The business's own account of this kind (`cash`, `bank`, `house`), which is opened when it is
/// first used. Cash is kept at each location.
pub async fn own(
    scope: &Scope,
    processor: &'static str,
    location_id: Option<Uuid>,
) -> Result<Account, Error> {
    let place = location_id.filter(|_| processor == "cash");
    let sql = format!(
        "select {COLUMNS} where a.biz_id = $1 and a.deleted_at is null and a.status = 'active' and a.mode = 'live' \
           and a.processor = $2::text and (a.location_id is not distinct from $3::uuid or a.location_id is null) \
         order by a.location_id is null, a.id limit 1"
    );
    let values = [scope.biz_id().into(), processor.into(), place.into()];
    if let Some(row) = scope.query_opt(&sql, &values).await? {
        return read(&row);
    }
    let (name, external) = match (processor, place) {
        ("cash", Some(place)) => ("Cash", format!("desk-{place}")),
        ("cash", None) => ("Cash", "desk".to_owned()),
        ("bank", _) => ("Bank", "bank".to_owned()),
        _ => ("Gift cards, wallets and accounts", "house".to_owned()),
    };
    let new = [
        scope.biz_id().into(),
        new_id().into(),
        name.into(),
        processor.into(),
        external.into(),
        place.into(),
    ];
    scope.execute(OPEN, &new).await?;
    let row = scope.query_opt(&sql, &values).await?;
    let row = row.ok_or_else(|| Error::Internal(format!("no account for {processor}")))?;
    read(&row)
}

const WIRE: &str = "select c.exponent, coalesce(w.wire_exponent, c.exponent), coalesce(w.increment_minor, 1) \
    from core.currencies c \
    left join payments.processor_currencies w on w.processor = $1::text and w.currency = c.code \
    where c.code = $2::text";

impl Account {
    /// How its processor writes amounts of a currency.
    pub async fn wire(&self, scope: &Scope, currency: &str) -> Result<Wire, Error> {
        let values = [self.processor.as_str().into(), currency.into()];
        let row = scope.query_opt(WIRE, &values).await?;
        let row = row.ok_or_else(|| Error::Internal(format!("no currency {currency}")))?;
        let (exponent, wire): (i16, i16) = (row.try_get(0)?, row.try_get(1)?);
        Ok(Wire {
            exponent: exponent.unsigned_abs().into(),
            wire_exponent: wire.unsigned_abs().into(),
            increment_minor: row.try_get(2)?,
        })
    }

    /// Where its money is in the books.
    pub fn books(&self, currency: &str) -> Books {
        match &self.books {
            Some((id, kept)) if kept == currency => Books::Id(*id),
            _ => match self.processor.as_str() {
                "cash" => Books::Owned(&chart::CASH, "ProcessorAccount", self.id),
                "bank" => Books::Chart(&chart::BANK),
                _ => Books::Owned(&chart::CLEARING, "ProcessorAccount", self.id),
            },
        }
    }

    /// Its secrets.
    pub fn secrets(&self, sealer: &Sealer, biz_id: Uuid) -> Result<Secrets, Error> {
        let Some(sealed) = &self.sealed else {
            return Ok(Secrets::default());
        };
        let text = sealer
            .open(biz_id, sealed)
            .map_err(|failure| Error::Internal(failure.message))?;
        serde_json::from_str(&text).map_err(|error| Error::Internal(error.to_string()))
    }

    /// The account, to ask its processor for something.
    pub fn asking<'a>(&'a self, shared: &'a Shared, biz_id: Uuid) -> Result<Asking<'a>, Error> {
        Ok(Asking {
            processors: shared.service::<Processors>()?,
            secrets: self.secrets(&shared.sealer, biz_id)?,
            external_account_id: &self.external_account_id,
            is_live: self.is_live,
        })
    }
}

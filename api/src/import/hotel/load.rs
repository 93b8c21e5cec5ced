//! From rows to bookings, batch by batch: each batch is one transaction, and the bookings that exist
//! are the only record of how far an import has come.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use uuid::Uuid;

use super::file::Lines;
use super::ground::House;
use super::row::{Hotel, Row};
use super::stay;
use crate::database::{Database, Error, Scope, new_id};
use crate::domain::booking::record::{Booker, record};
use crate::domain::booking::store::{CUSTOMER_NUMBERS, ORDER_NUMBERS};
use crate::identity::Principal;
use crate::import::progress::Progress;

/// How many bookings are written in one transaction.
const BATCH: usize = 200;
/// After how many batches of a hotel the planner looks at the tables again, which were empty when
/// the import began.
const ANALYZED_AFTER: [u32; 3] = [1, 8, 32];
/// How often a batch is tried that meets what another transaction holds or has just written.
const ATTEMPTS: u32 = 5;
/// The constraint that keeps a line from becoming two bookings.
const SAME_LINE: &str = "booking_orders_channel_ref_key";

/// A row, and where it stands.
#[derive(Debug)]
pub struct Numbered {
    /// Its line.
    pub line: u64,
    /// Names its booking.
    pub reference: String,
    /// What it says.
    pub row: Row,
}

/// Who writes what where.
pub struct Loader<'a> {
    /// The database.
    pub database: &'a Database,
    /// The program, in the name of the tenant.
    pub principal: &'a Principal,
    /// Names the import in all that it writes.
    pub request_id: Uuid,
    /// The file.
    pub path: &'a Path,
    /// The references of lines that are bookings already.
    pub known: &'a HashSet<String>,
    /// How far it has come.
    pub progress: &'a Progress,
}

impl Loader<'_> {
    /// Books the rows of one hotel, and says how many those were. Hotels share no room, so two of
    /// these never wait for each other.
    pub async fn load(&self, hotel: Hotel, house: Arc<House>) -> anyhow::Result<u64> {
        let mut lines = Lines::open(self.path)?;
        let mut batch = Vec::with_capacity(BATCH);
        let (mut written, mut batches) = (0, 0);
        while let Some(line) = lines.next()? {
            let Ok(row) = line.row else { continue };
            if row.hotel != hotel || self.known.contains(&line.reference) {
                continue;
            }
            batch.push(Numbered {
                line: line.number,
                reference: line.reference,
                row,
            });
            if batch.len() == BATCH {
                written += self.write(&house, &batch).await?;
                batch.clear();
                batches += 1;
                if ANALYZED_AFTER.contains(&batches) {
                    self.database.analyze().await?;
                }
            }
        }
        Ok(written + self.write(&house, &batch).await?)
    }

    async fn write(&self, house: &House, batch: &[Numbered]) -> anyhow::Result<u64> {
        let (Some(first), Some(last)) = (batch.first(), batch.last()) else {
            return Ok(0);
        };
        let mut attempt = 1;
        let written = loop {
            match self.attempt(house, batch).await {
                Ok(written) => break written,
                Err(error) if attempt < ATTEMPTS && may_pass(&error) => {
                    tracing::debug!(%error, attempt, "a batch is tried again");
                    tokio::time::sleep(Duration::from_millis(100 * u64::from(attempt))).await;
                    attempt += 1;
                }
                Err(error) => {
                    let lines = format!("lines {} to {}", first.line, last.line);
                    return Err(anyhow::Error::new(error).context(lines));
                }
            }
        };
        self.progress
            .advance(u64::try_from(batch.len()).unwrap_or_default());
        Ok(written)
    }

    async fn attempt(&self, house: &House, batch: &[Numbered]) -> Result<u64, Error> {
        let scope = self.database.write(self.principal, self.request_id).await?;
        // Numbers come from another connection, so they are drawn before this one is taken.
        let numbers = |kind| self.database.numbers(&scope, kind, batch.len());
        let (orders, customers) = (
            numbers(ORDER_NUMBERS).await?,
            numbers(CUSTOMER_NUMBERS).await?,
        );
        let known = known_of(&scope, batch).await?;
        let new: Vec<(&Numbered, String, String)> = batch
            .iter()
            .zip(orders)
            .zip(customers)
            .map(|((numbered, order), customer)| (numbered, order, customer))
            .filter(|(numbered, ..)| !known.contains(&numbered.reference))
            .collect();
        if new.is_empty() {
            return Ok(0);
        }
        let guests = write_guests(&scope, &new).await?;
        let mut bookings = stay::Bookings::default();
        for ((numbered, number, _), guest) in new.iter().zip(guests) {
            bookings.add(house, numbered, guest, number.clone())?;
        }
        record(&scope, &bookings.stays).await?;
        bookings.past.write(&scope, stay::REASONS).await?;
        scope.commit().await?;
        Ok(u64::try_from(new.len()).unwrap_or_default())
    }
}

const GUESTS: &str = "insert into crm.customers (biz_id, id, number, full_name, nationality) \
    select $1, w.* from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as w";

/// Writes the customers of these rows, one each, since the file tells nobody apart.
async fn write_guests(
    scope: &Scope,
    new: &[(&Numbered, String, String)],
) -> Result<Vec<Booker>, Error> {
    let ids: Vec<Uuid> = new.iter().map(|_| new_id()).collect();
    let names: Vec<String> = new.iter().map(|(row, ..)| stay::pseudonym(row)).collect();
    let countries = new
        .iter()
        .map(|(numbered, ..)| numbered.row.country.clone());
    let countries = countries.map(Value::String).collect();
    let values = [
        scope.biz_id().into(),
        ids.clone().into(),
        new.iter()
            .map(|(.., number)| number.clone())
            .collect::<Vec<String>>()
            .into(),
        names.clone().into(),
        Value::Array(ArrayType::String, Some(Box::new(countries))),
    ];
    scope.execute(GUESTS, &values).await?;
    let bookers = ids.into_iter().zip(names);
    Ok(bookers.map(|(id, name)| Booker::Known(id, name)).collect())
}

/// Whether the same batch may pass a moment later: another import, or the last moments of one that
/// was killed, may hold or have written some of its lines.
fn may_pass(error: &Error) -> bool {
    error.is_retryable()
        || matches!(error, Error::LockTimeout)
        || matches!(error, Error::Violation(violation) if violation.constraint == SAME_LINE)
}

const KNOWN: &str = "select o.channel_ref from booking.booking_orders o \
    where o.biz_id = $1 and o.channel = 'import' and o.channel_ref = any ($2::text[])";

/// Which of these rows are bookings already.
async fn known_of(scope: &Scope, batch: &[Numbered]) -> Result<HashSet<String>, Error> {
    let references: Vec<String> = batch
        .iter()
        .map(|numbered| numbered.reference.clone())
        .collect();
    let values = [scope.biz_id().into(), references.into()];
    let rows = scope.query(KNOWN, &values).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

//! Numbers that people read, such as BK-000123, drawn from blocks that this process has reserved:
//! a counter is locked once for many documents, and never while a verb runs. What is left of a
//! block when the program ends is lost, so this is for documents whose numbers may have gaps.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use super::{Database, Error, Scope, new_id};

/// How many numbers are reserved at a time.
const BLOCK: usize = 64;
/// At how many left the next block is reserved, before anybody waits for it.
const LOW: usize = 24;
/// How long a verb waits for a block. It holds a connection meanwhile; where all of them wait so,
/// none is left to reserve one with, and each takes its number in its own transaction instead.
const PATIENCE: Duration = Duration::from_millis(250);

/// A kind of document that has numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Numbered {
    /// Its name in `core.number_sequences`.
    pub document: &'static str,
    /// What a new counter puts before its numbers.
    pub prefix: &'static str,
}

/// The blocks of one database.
#[derive(Debug, Default)]
pub(super) struct Blocks(Mutex<HashMap<(Uuid, Numbered), Arc<Series>>>);

#[derive(Debug, Default)]
struct Series {
    blocks: tokio::sync::Mutex<VecDeque<Block>>,
    is_refilling: AtomicBool,
}

/// Numbers in a row, and how they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Block {
    prefix: String,
    padding: usize,
    values: Range<i64>,
}

impl Block {
    fn len(&self) -> usize {
        usize::try_from(self.values.end - self.values.start).unwrap_or(0)
    }

    /// As `core.format_number` writes it.
    fn next(&mut self) -> Option<String> {
        let value = self.values.next()?;
        let (prefix, padding) = (&self.prefix, self.padding);
        let hyphen = if prefix.is_empty() { "" } else { "-" };
        Some(format!("{prefix}{hyphen}{value:0padding$}"))
    }
}

impl Database {
    /// The next numbers of a kind of document, for the tenant of a scope.
    pub async fn numbers(
        &self,
        scope: &Scope,
        kind: Numbered,
        count: usize,
    ) -> Result<Vec<String>, Error> {
        let biz_id = scope.biz_id();
        let series = {
            let mut all = self.blocks.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry((biz_id, kind)).or_default())
        };
        if let Ok(drawn) =
            tokio::time::timeout(PATIENCE, series.draw(self, biz_id, kind, count)).await
        {
            return drawn;
        }
        let mut block = take(scope, kind, count).await?;
        Ok(std::iter::from_fn(|| block.next()).collect())
    }

    /// The next number of a kind of document, for the tenant of a scope.
    pub async fn number(&self, scope: &Scope, kind: Numbered) -> Result<String, Error> {
        let numbers = self.numbers(scope, kind, 1).await?;
        numbers
            .into_iter()
            .next()
            .ok_or_else(|| Error::Internal("no number was drawn".to_owned()))
    }
}

/// The next number of a kind of document: drawn ahead where there is a database beside the
/// transaction, and within it where that is all there is.
pub async fn number(
    scope: &Scope,
    database: Option<&Database>,
    kind: Numbered,
) -> Result<String, Error> {
    if let Some(database) = database {
        return database.number(scope, kind).await;
    }
    take(scope, kind, 1)
        .await?
        .next()
        .ok_or_else(|| Error::Internal("no number was drawn".to_owned()))
}

impl Series {
    async fn draw(
        self: &Arc<Self>,
        database: &Database,
        biz_id: Uuid,
        kind: Numbered,
        count: usize,
    ) -> Result<Vec<String>, Error> {
        let mut blocks = self.blocks.lock().await;
        let mut left: usize = blocks.iter().map(Block::len).sum();
        if left < count {
            let block = reserve(database, biz_id, kind, BLOCK.max(count - left)).await?;
            left += block.len();
            blocks.push_back(block);
        }
        let mut drawn = Vec::with_capacity(count);
        while drawn.len() < count {
            let Some(block) = blocks.front_mut() else {
                break;
            };
            match block.next() {
                Some(number) => drawn.push(number),
                None => drop(blocks.pop_front()),
            }
        }
        drop(blocks);
        if left - drawn.len() <= LOW && !self.is_refilling.swap(true, Ordering::AcqRel) {
            let (series, database) = (Arc::clone(self), database.clone());
            tokio::spawn(async move { series.refill(&database, biz_id, kind).await });
        }
        Ok(drawn)
    }

    /// Reserves the next block while numbers of the last are still there.
    async fn refill(&self, database: &Database, biz_id: Uuid, kind: Numbered) {
        match reserve(database, biz_id, kind, BLOCK).await {
            Ok(block) => self.blocks.lock().await.push_back(block),
            Err(error) => {
                tracing::warn!(%error, kind.document, "no numbers could be reserved ahead");
            }
        }
        self.is_refilling.store(false, Ordering::Release);
    }
}

/// Reserves numbers in a transaction of its own.
async fn reserve(
    database: &Database,
    biz_id: Uuid,
    kind: Numbered,
    count: usize,
) -> Result<Block, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let block = take(&scope, kind, count).await?;
    scope.commit().await?;
    Ok(block)
}

/// Takes numbers from their counter, which stays locked until the transaction ends.
async fn take(scope: &Scope, kind: Numbered, count: usize) -> Result<Block, Error> {
    let sql = "select t.prefix, t.padding::integer, t.next_value from core.take_numbers($1, $2, '', $3) t";
    let count = i64::try_from(count).map_err(|error| Error::Internal(error.to_string()))?;
    let row = scope
        .query_opt(
            sql,
            &[kind.document.into(), kind.prefix.into(), count.into()],
        )
        .await?;
    let row = row.ok_or_else(|| Error::Internal("no number was taken".to_owned()))?;
    let (prefix, padding, next): (String, i32, i64) =
        (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    Ok(Block {
        prefix,
        padding: usize::try_from(padding).unwrap_or(0),
        values: next - count..next,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_postgresql_writes_them() {
        let mut block = Block {
            prefix: "BK".to_owned(),
            padding: 6,
            values: 999_999..1_000_001,
        };
        assert_eq!(block.len(), 2);
        assert_eq!(block.next().as_deref(), Some("BK-999999"));
        assert_eq!(block.next().as_deref(), Some("BK-1000000"));
        assert_eq!(block.next(), None);
        let mut bare = Block {
            prefix: String::new(),
            padding: 3,
            values: 7..8,
        };
        assert_eq!(bare.next().as_deref(), Some("007"));
    }
}

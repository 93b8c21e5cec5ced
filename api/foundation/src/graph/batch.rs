//! Rows that many resolvers ask for one by one, read together: those of one place in the document.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use super::failure::Failure;
use super::model::EntityId;

/// The batches of a request, by entity and the place of the field in its document.
#[derive(Default)]
pub struct Batches(Mutex<HashMap<(EntityId, usize), Arc<Batch>>>);

/// What is asked of one entity at one place.
#[derive(Default)]
pub struct Batch {
    wanted: Mutex<Vec<Uuid>>,
    found: tokio::sync::Mutex<HashMap<Uuid, Option<String>>>,
}

impl Batches {
    /// The batch of a place.
    pub fn batch(&self, entity: EntityId, place: usize) -> Arc<Batch> {
        let mut batches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(batches.entry((entity, place)).or_default())
    }
}

impl Batch {
    /// The JSON of a row; none where there is no such row for this caller. The first who gets here
    /// reads for all who have asked by then: siblings are resolved at the same time.
    pub async fn get(
        &self,
        id: Uuid,
        read: impl AsyncFnOnce(Vec<Uuid>) -> Result<HashMap<Uuid, String>, Failure>,
    ) -> Result<Option<String>, Failure> {
        self.wanted().push(id);
        tokio::task::yield_now().await;
        let mut found = self.found.lock().await;
        if let Some(json) = found.get(&id) {
            return Ok(json.clone());
        }
        let mut ids = std::mem::take(&mut *self.wanted());
        ids.push(id);
        ids.sort_unstable();
        ids.dedup();
        let mut rows = read(ids.clone()).await?;
        found.extend(ids.into_iter().map(|id| (id, rows.remove(&id))));
        Ok(found.get(&id).cloned().flatten())
    }

    fn wanted(&self) -> std::sync::MutexGuard<'_, Vec<Uuid>> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

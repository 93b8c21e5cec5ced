//! A board of values: what is meant for everybody's eyes, read by a statement of its own.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_graphql::OutputType;
use async_trait::async_trait;
use uuid::Uuid;

use super::layout::{Layout, sets};
use super::source::{Reading, Showing, Texts, Viewer};
use super::{Place, Screen, update_type};
use crate::database::new_id;
use crate::feed::{Inbox, Position, read};
use crate::graph::failure::Failure;
use crate::graph::model::model;
use crate::graph::question::Look;
use crate::graph::verb::{Shapes, value_text};

/// A board of values as a viewer asks for it.
pub struct Values<S: Screen> {
    viewer: Arc<Viewer>,
    input: S::Input,
    shapes: Arc<OnceLock<Shapes>>,
    place: OnceLock<Place>,
}

impl<S: Screen> Values<S> {
    /// The board for somebody.
    pub fn new(viewer: Arc<Viewer>, input: S::Input, shapes: Arc<OnceLock<Shapes>>) -> Self {
        Self {
            viewer,
            input,
            shapes,
            place: OnceLock::new(),
        }
    }
}

#[async_trait]
impl<S: Screen> Showing for Values<S> {
    async fn admit(&self) -> Result<(), Failure> {
        let session = &self.viewer.session;
        let scope = session.shared.database.platform(new_id()).await?;
        let look = Look {
            scope: &scope,
            session,
        };
        let place = S::find(&look, &self.input).await?;
        scope.rollback().await?;
        // Found once for each viewer.
        let _ = self.place.set(place);
        Ok(())
    }

    fn biz_id(&self) -> Uuid {
        self.place.get().map_or(Uuid::nil(), |place| place.biz_id)
    }

    fn identity(&self) -> Result<String, Failure> {
        let place = self.place.get();
        let place = place.ok_or_else(|| Failure::internal("a screen nobody was let in to"))?;
        Ok(format!("{} {}", place.biz_id, place.id))
    }

    fn inbox(&self) -> Inbox {
        Inbox::new("", S::TOUCHED_BY)
    }

    fn prefix(&self) -> &'static str {
        let entity = model().by_name(S::ENTITY);
        entity.map_or("", |id| model().entity(id).table.id_prefix)
    }

    fn every(&self) -> Option<Duration> {
        S::EVERY
    }

    fn rest(&self) -> Duration {
        S::REST
    }

    fn layout(&self) -> Result<Layout, Failure> {
        Layout::of(&self.viewer, update_type(S::NAME))
    }

    async fn read(&self, _: Option<&[Uuid]>) -> Result<Reading, Failure> {
        let place = self.place.get().copied();
        let place = place.ok_or_else(|| Failure::internal("a screen nobody was let in to"))?;
        let session = &self.viewer.session;
        let database = &session.shared.database;
        let scope = database.platform_in(place.biz_id, None, new_id()).await?;
        // Read committed: what follows sees at least what is before this.
        let upto = read::horizon(&scope).await?;
        let look = Look {
            scope: &scope,
            session,
        };
        let found = S::show(&look, place).await?;
        scope.rollback().await?;
        let sets = sets(&self.viewer, &update_type(S::NAME))?;
        let none = Shapes::new();
        let shapes = self.shapes.get().unwrap_or(&none);
        let ty = <S::Row as OutputType>::type_name();
        let mut rows = Vec::with_capacity(found.len());
        for (id, row) in found {
            let value = serde_json::to_value(row).map_err(Failure::internal)?;
            let text = |sets: &[_]| value_text(&value, sets, &ty, shapes, self.viewer.asked());
            let snapshot: Arc<str> = text(&sets.snapshot)?.into();
            let upsert: Arc<str> = text(&sets.upserts)?.into();
            rows.push((id, Texts { snapshot, upsert }));
        }
        Ok(Reading { upto, rows })
    }

    fn reads_some(&self) -> bool {
        false
    }

    async fn since(&self, _: Position) -> Result<Option<Vec<Uuid>>, Failure> {
        Ok(None)
    }

    async fn may_know(&self, _: &[Uuid]) -> Result<bool, Failure> {
        Ok(true)
    }
}

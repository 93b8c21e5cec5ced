//! Where rows belong: the way from a row to its location, by which permissions are narrowed.

use std::collections::{HashSet, VecDeque};

use entities::metadata::RowClass;

use super::{EntityId, Field, Model, Relation};

/// The way from a row to the location it belongs to.
#[derive(Clone, Debug)]
pub struct LocationPath {
    /// The foreign keys to follow.
    pub through: Vec<Relation>,
    /// The column of the last row that names the location.
    pub column: &'static str,
    /// Whether that column may be null, which stands for all locations.
    pub nullable: bool,
}

impl Model {
    /// Finds for each entity the shortest way to a location, along keys that are never null.
    /// A document without one belongs to the locations of whatever it points at.
    pub(super) fn find_locations(&mut self) {
        for id in 0..self.entities.len() {
            let paths = match self.location_path(id) {
                Some(path) => vec![path],
                None if self.entities[id].table.class == RowClass::Transaction => {
                    self.possible_paths(id)
                }
                None => Vec::new(),
            };
            self.entities[id].locations = paths;
        }
    }

    fn possible_paths(&self, id: EntityId) -> Vec<LocationPath> {
        let path = |field: &Field| match field {
            Field::ToOne(relation) if relation.is_tenant() => {
                let mut path = self.location_path(relation.target)?;
                path.through.insert(0, relation.clone());
                Some(path)
            }
            _ => None,
        };
        self.entities[id].fields.values().filter_map(path).collect()
    }

    fn location_path(&self, start: EntityId) -> Option<LocationPath> {
        let mut seen = HashSet::from([start]);
        let mut open = VecDeque::from([(start, Vec::new())]);
        while let Some((id, through)) = open.pop_front() {
            let entity = &self.entities[id];
            if entity.table.entity == "Location" && (through.is_empty()) {
                return Some(LocationPath {
                    through,
                    column: "id",
                    nullable: false,
                });
            }
            if let Some(column) = entity.table.column("location_id") {
                let nullable = column.nullable;
                return Some(LocationPath {
                    through,
                    column: "location_id",
                    nullable,
                });
            }
            for field in entity.fields.values() {
                if let Field::ToOne(relation) = field
                    && relation.required
                    && relation.is_tenant()
                    && seen.insert(relation.target)
                {
                    let mut further = through.clone();
                    further.push(relation.clone());
                    open.push_back((relation.target, further));
                }
            }
        }
        None
    }
}

//! What a database has of the files, by its record and by its schemas.

use std::collections::HashSet;

use tokio_postgres::Client;

use crate::{Error, FILES};

/// The record of applied migrations beside the schemas that exist.
pub(crate) struct State {
    /// The recorded names; none where there is no record at all.
    record: Option<HashSet<String>>,
    schemas: HashSet<String>,
}

impl State {
    /// Reads both. Needs no right but to connect, and to read the record where there is one.
    pub(crate) async fn read(client: &Client) -> Result<Self, Error> {
        let row = client
            .query_one(
                "select to_regclass('seaql_migrations') is not null,
                   (select array_agg(n.nspname::text) from pg_catalog.pg_namespace n)",
                &[],
            )
            .await?;
        let schemas: Vec<String> = row.try_get(1)?;
        let mut record = None;
        if row.try_get(0)? {
            let rows = client
                .query("select version::text from seaql_migrations", &[])
                .await?;
            record = Some(
                rows.iter()
                    .map(|row| row.try_get(0))
                    .collect::<Result<_, _>>()?,
            );
        }
        Ok(Self {
            record,
            schemas: schemas.into_iter().collect(),
        })
    }

    /// The files that are not recorded, if record, schemas and program fit each other.
    pub(crate) fn pending(&self) -> Result<Vec<&'static str>, Error> {
        let none = HashSet::new();
        let record = self.record.as_ref().unwrap_or(&none);
        let mut unknown: Vec<String> = record
            .iter()
            .filter(|name| FILES.iter().all(|f| f.name != **name))
            .cloned()
            .collect();
        if !unknown.is_empty() {
            unknown.sort();
            return Err(Error::Newer(unknown));
        }
        let mut pending = Vec::new();
        for file in FILES {
            let applied = record.contains(file.name);
            for schema in file.schemas() {
                self.check(file.name, schema, applied)?;
            }
            if !applied {
                pending.push(file.name);
            }
        }
        Ok(pending)
    }

    fn check(&self, file: &str, schema: &str, applied: bool) -> Result<(), Error> {
        let exists = self.schemas.contains(schema);
        if exists == applied {
            return Ok(());
        }
        Err(Error::Half(match (exists, &self.record) {
            (true, None) => format!("it has the schema {schema}, but no record of its migrations"),
            (true, Some(_)) => {
                format!("it has the schema {schema}, but no record that {file} was applied")
            }
            (false, _) => format!("{file} is recorded as applied, but the schema {schema} is gone"),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(record: Option<&[&str]>, schemas: &[&str]) -> State {
        State {
            record: record.map(|names| names.iter().map(|&name| name.to_owned()).collect()),
            schemas: schemas.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    fn sentence(state: &State) -> String {
        state.pending().unwrap_err().to_string()
    }

    #[test]
    fn an_empty_database_lacks_every_file() {
        let all: Vec<&str> = FILES.iter().map(|file| file.name).collect();
        assert_eq!(state(None, &["public"]).pending().unwrap(), all);
        assert_eq!(state(Some(&[]), &["public"]).pending().unwrap(), all);
    }

    #[test]
    fn what_is_recorded_is_not_pending() {
        let first = FILES[0].name;
        let pending = state(Some(&[first]), &["core"]).pending().unwrap();
        assert_eq!(pending.len(), FILES.len() - 1);
        assert!(!pending.contains(&first));
    }

    #[test]
    fn a_newer_database_is_refused() {
        let text = sentence(&state(Some(&["99_future"]), &[]));
        assert!(
            text.contains("newer than this program") && text.contains("99_future"),
            "{text}"
        );
    }

    #[test]
    fn schemas_without_a_record_are_half_a_database() {
        assert!(sentence(&state(None, &["core"])).contains("no record of its migrations"));
        assert!(sentence(&state(Some(&[]), &["core"])).contains("no record that 00_foundation"));
    }

    #[test]
    fn a_record_without_its_schema_is_half_a_database() {
        assert!(
            sentence(&state(Some(&["00_foundation"]), &[])).contains("the schema core is gone")
        );
    }
}

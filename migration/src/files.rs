//! The SQL files in the order in which they are applied, inside the program.

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

/// One SQL file.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// The file's stem, which is the migration's name in the record.
    pub name: &'static str,
    /// The file's text.
    pub sql: &'static str,
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(File { name: $name, sql: include_str!(concat!("../sql/", $name, ".sql")) }),*]
    };
}

/// All files of `sql/`, in order. A new file is entered here; a test finds those that are not.
pub const FILES: &[File] = files![
    "00_foundation",
    "00_foundation_graph",
    "01_core",
    "02_identity",
    "03_crm",
    "04_resources",
    "05_catalog",
    "06_pricing",
    "07_availability",
    "12_booking",
    "13_hospitality",
    "25_audit",
    "30_graph",
];

impl File {
    /// The schemas that this file makes, by which a half-migrated database is recognised.
    pub fn schemas(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.sql
            .lines()
            .filter_map(|line| line.strip_prefix("create schema "))
            .filter_map(|rest| {
                rest.trim_start_matches("if not exists ")
                    .split([' ', ';'])
                    .next()
            })
    }
}

impl MigrationName for File {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait]
impl MigrationTrait for File {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared(self.sql)
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::FILES;

    #[test]
    fn every_file_of_the_folder_is_applied_in_order() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/sql");
        let mut stems: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
            .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        stems.sort();
        let names: Vec<&str> = FILES.iter().map(|file| file.name).collect();
        assert_eq!(names, stems);
    }

    #[test]
    fn the_first_file_makes_the_kernel() {
        assert_eq!(FILES[0].schemas().collect::<Vec<_>>(), ["core"]);
    }
}

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
    "00_foundation_reader",
    "01_core",
    "01_core_features",
    "01_core_feed",
    "01_core_notes",
    "02_identity",
    "02_identity_access",
    "03_crm",
    "03_crm_customers",
    "03_crm_feedback",
    "04_resources",
    "04_resources_details",
    "04_resources_maintenance",
    "05_catalog",
    "05_catalog_offers",
    "05_catalog_products",
    "06_pricing",
    "06_pricing_discounts",
    "06_pricing_rates",
    "06_pricing_taxes",
    "06_pricing_verbs",
    "07_availability",
    "07_availability_calendars",
    "07_availability_containment",
    "07_availability_holds",
    "07_availability_peak",
    "07_availability_rooms",
    "07_availability_search",
    "07_availability_waitlist",
    "08_workforce",
    "08_workforce_hours",
    "08_workforce_leave",
    "08_workforce_leave_requests",
    "08_workforce_leave_verbs",
    "08_workforce_standins",
    "08_workforce_terms",
    "08_workforce_training",
    "08_workforce_work_verbs",
    "09_ledger",
    "09_ledger_owned",
    "09_ledger_verbs",
    "10_payments",
    "10_payments_checkout",
    "10_payments_movements",
    "10_payments_settlement",
    "10_payments_verbs",
    "11_entitlements",
    "11_entitlements_gifts",
    "11_entitlements_loyalty",
    "11_entitlements_memberships",
    "11_entitlements_verbs",
    "12_booking",
    "12_booking_fulfillment",
    "12_booking_prices",
    "12_booking_quotes",
    "12_booking_seats",
    "12_booking_seats_shared",
    "12_booking_terms",
    "12_booking_work",
    "13_hospitality",
    "13_hospitality_front_desk",
    "13_hospitality_groups",
    "13_hospitality_housekeeping",
    "14_queue",
    "15_education",
    "16_dispatch",
    "16_dispatch_holds",
    "16_dispatch_returns",
    "16_dispatch_tasks",
    "16_dispatch_verbs",
    "17_operations",
    "17_operations_desk",
    "17_operations_incidents",
    "17_operations_recurrence",
    "17_operations_verbs",
    "18_billing",
    "18_billing_invoices",
    "18_billing_receivables",
    "19_inventory",
    "19_inventory_operations",
    "20_pos",
    "20_pos_sales",
    "20_pos_tickets",
    "21_procurement",
    "21_procurement_receiving",
    "22_channels",
    "22_channels_bookings",
    "23_marketplace",
    "23_marketplace_referrals",
    "23_marketplace_trade",
    "24_comms",
    "24_comms_messages",
    "24_comms_sending",
    "25_audit",
    "25_audit_chain",
    "26_governance",
    "26_governance_requests",
    "27_workflow",
    "28_sync",
    "29_analytics",
    "30_boards",
    "30_boards_incidents",
    "30_graph",
    "30_graph_measures",
    "30_graph_times",
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

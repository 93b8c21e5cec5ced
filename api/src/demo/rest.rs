//! What the demo tenants have besides bookings, as SQL: `sql/<tenant>/<NN>_<what>.sql`, in the order of
//! the modules, each with the functions of `sql/prelude.sql`.

use crate::database::{Error, Scope};

const PRELUDE: &str = include_str!("sql/prelude.sql");

/// The files of a tenant, in order.
pub struct Files(&'static [(&'static str, &'static str)]);

macro_rules! files {
    ($tenant:literal: $($name:literal),* $(,)?) => {
        Files(&[$((
            $name,
            include_str!(concat!("sql/", $tenant, "/", $name, ".sql")),
        )),*])
    };
}

/// What `harbour` has.
pub const HARBOUR: Files = files!["harbour":
    "01_core",
    "02_identity",
    "03_crm",
    "04_resources",
    "05_catalog",
    "05_catalog_products",
    "06_pricing",
    "07_availability",
    "08_workforce",
    "09_ledger",
    "10_payments",
    "11_entitlements",
    "12_booking",
    "13_hospitality",
    "14_queue",
    "15_education",
    "16_dispatch",
    "17_operations",
    "18_billing",
    "19_inventory",
    "20_pos",
    "21_procurement",
    "22_channels",
    "23_marketplace",
    "24_comms",
    "25_audit",
    "26_governance",
    "27_workflow",
    "28_sync",
    "29_analytics",
];

/// What `keep` has.
pub const KEEP: Files = files!["keep":
    "01_core",
    "02_identity",
    "03_crm",
    "04_resources",
    "05_catalog",
    "05_catalog_products",
    "06_pricing",
    "07_availability",
    "08_workforce",
    "09_ledger",
    "10_payments",
    "11_entitlements",
    "12_booking",
    "14_queue",
    "16_dispatch",
    "17_operations",
    "18_billing",
    "19_inventory",
    "20_pos",
    "21_procurement",
    "22_channels",
    "23_marketplace",
    "24_comms",
    "25_audit",
    "26_governance",
    "27_workflow",
    "28_sync",
    "29_analytics",
];

/// Writes a tenant's rows, in the transaction that makes the tenant.
pub async fn fill(scope: &Scope, files: &Files) -> anyhow::Result<()> {
    scope.set_reason("Demo").await?;
    run(scope, PRELUDE, "prelude").await?;
    for (name, sql) in files.0 {
        run(scope, sql, name).await?;
    }
    Ok(())
}

async fn run(scope: &Scope, sql: &str, name: &str) -> anyhow::Result<()> {
    let done: Result<(), Error> = scope.batch(sql).await;
    done.map_err(|error| anyhow::Error::new(error).context(format!("demo data: {name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(tenant: &str) -> Vec<String> {
        let folder = format!("{}/src/demo/sql/{tenant}", env!("CARGO_MANIFEST_DIR"));
        let entries = std::fs::read_dir(folder).unwrap();
        let mut stems: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter_map(|name| name.strip_suffix(".sql").map(str::to_owned))
            .collect();
        stems.sort();
        stems
    }

    #[test]
    fn every_file_is_run_in_order() {
        for (tenant, files) in [("harbour", &HARBOUR), ("keep", &KEEP)] {
            let names: Vec<&str> = files.0.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, stems(tenant), "{tenant}");
        }
    }
}

//! The rules of the tables, tried row by row: `tests/constraints/<module>.sql` says what must be
//! allowed and what refused, and by which constraint; `given.sql` what all may build on.
//!
//! A file is a list of blocks, each under a line that says what it is:
//!
//! | line | what must happen |
//! | --- | --- |
//! | `-- given: what` | it is done, and stays for the blocks that follow |
//! | `-- allowed: what` | it could be done, also when deferred constraints are checked |
//! | `-- refused name: what` | it is refused by the constraint of that name |
//! | `-- race name: what` | of eight that do it at once (of 32 for an invariant of domain.md, with whose number `what` begins; `:n` is which), one is done, the others are refused by that constraint (or by one of several, `a|b`) |

mod file;
mod run;

use anyhow::ensure;

/// One test a module.
macro_rules! modules {
    ($($module:ident),* $(,)?) => {
        $(
            #[tokio::test]
            async fn $module() -> anyhow::Result<()> {
                run::run(stringify!($module)).await
            }
        )*

        const MODULES: &[&str] = &[$(stringify!($module)),*];
    };
}

modules![
    analytics,
    audit,
    availability,
    billing,
    booking,
    catalog,
    channels,
    comms,
    core,
    crm,
    dispatch,
    education,
    entitlements,
    governance,
    hospitality,
    identity,
    inventory,
    ledger,
    marketplace,
    operations,
    payments,
    pos,
    pricing,
    procurement,
    queue,
    resources,
    sync,
    workflow,
    workforce,
];

#[test]
fn every_module_has_its_file_and_every_file_its_test() -> anyhow::Result<()> {
    let mut files: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(file::folder())? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        files.extend(name.strip_suffix(".sql").map(str::to_owned));
    }
    files.retain(|name| name != "given");
    files.sort();
    ensure!(files == MODULES, "{files:?}");
    Ok(())
}

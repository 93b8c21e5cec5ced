//! `bizing import hotel`: what the graph says afterwards is what the file says, however often and
//! with whatever interruptions it was imported.

mod expected;
mod found;
mod killed;
pub mod program;
mod refused;
mod totals;

use std::path::PathBuf;

/// A twentieth of the real file, with its oddities.
fn sample() -> PathBuf {
    tests::workspace().join("tests/data/hotel_bookings_sample.csv")
}

/// The real file, where it lies beside the project.
fn whole() -> Option<PathBuf> {
    let path = tests::workspace().join("../shared/data/hotel_bookings.csv");
    path.is_file().then_some(path)
}

//! Trips: runs of a vehicle from stop to stop.

pub mod board;
pub mod cancel;
pub mod complete;
pub mod delay;
pub mod depart;
mod notice;
pub mod report;
pub mod schedule;
pub mod stop;

use foundation::graph::verb::Fault;

use super::store::Trip;

/// Refuses what a trip of this status does not do, under the verb's own code.
fn allow<P>(trip: &Trip, from: &[&str], code: P) -> Result<(), Fault<P>> {
    if from.contains(&trip.status.as_str()) {
        return Ok(());
    }
    let text = format!(
        "The trip is {}; this needs one that is {}.",
        trip.status,
        from.join(" or ")
    );
    Err(Fault::at(code, "id", text))
}

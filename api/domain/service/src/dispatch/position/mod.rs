//! Where vehicles are: what their devices tell, and what follows from it.

mod crossings;
mod fences;
mod record;
mod states;

pub use record::{VehiclePositionInput, VehiclePositionsRecord};
pub use states::FleetStates;

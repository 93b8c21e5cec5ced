//! People: leave, rosters, working time, substitution, training.

mod crew;
mod leave;
mod replays;

/// A test, as something that others can run too.
type Scenario = fn() -> anyhow::Result<()>;

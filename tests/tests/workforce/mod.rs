//! People: leave, rosters, working time, substitution, training.

mod crew;
mod leave;

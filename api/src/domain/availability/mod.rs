//! Time and what is taken of it: local days and hours as instants, and claims on pools, slots and
//! resources. The counters of slots are moved by the functions of `07_availability.sql` alone.

pub mod calendar;
pub mod rules;
pub mod search;
pub mod store;

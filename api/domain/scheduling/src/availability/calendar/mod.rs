//! When something is open: calendars whose rules stand in local time, resolved to instants.
//!
//! What decides at an instant, from the last word to the first:
//!
//! 1. the calendars a subject follows, by the priority of their bindings. A calendar that is closed
//!    by default always answers; one that is open by default answers where something of it closes
//!    or opens, and else leaves the answer to the next;
//! 2. within a calendar: blackouts, then holidays, then overlays by priority, then its own rules,
//!    then its default;
//! 3. within one of these: rules by priority, and of one priority those that close.
//!
//! An occurrence belongs to the local day on which it begins, also where it crosses midnight: an
//! overlay that replaces the hours of a day replaces the occurrences that begin on it. Where nobody
//! answers, it is open: what follows no calendar is not restricted by one.
//!
//! | module | what it knows |
//! | --- | --- |
//! | `week` | what calendars consist of |
//! | `recurrence` | on which days a rule applies |
//! | `paint` | times with a rank, and which of them wins |
//! | `layers` | which times a calendar paints |
//! | `hours` | what follows for a subject |
//! | `span` | times from an instant to another |

pub mod hours;
mod layers;
pub mod paint;
pub mod recurrence;
pub mod span;
pub mod week;

#[cfg(test)]
mod drawn;
#[cfg(test)]
mod slowly;

//! The event feed: the outbox, read in the order in which transactions began, and never past one
//! that is still running. So what commits late is late, and never passed over.
//!
//! | file | what |
//! | --- | --- |
//! | `position` | where in the feed something stands: `transaction-seq` |
//! | `change` | an entry of the outbox, and the rows it speaks of |
//! | `read` | the statements |
//! | `inbox` | what one board has been told and not yet looked at |
//! | `tail` | the one reader of a process, who tells the boards |
//! | `wait` | waiting until a position is visible |

mod change;
mod inbox;
mod position;
pub mod read;
mod tail;
mod wait;

pub use change::{Change, ROWS_CHANGED};
pub use inbox::{Inbox, News};
pub use position::Position;
pub use tail::{Feed, Listening};
pub use wait::{LONGEST_WAIT, wait_for};

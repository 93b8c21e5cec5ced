//! The machine's clock, moved by as much as a test wants.
//!
//! It moves what the program takes for now. `PostgreSQL` has a clock of its own, by which holds
//! expire; a test moves those by writing another instant into the row.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bizing::database::{Clock, SystemClock};
use chrono::{DateTime, Duration, Utc};

/// A clock that runs as the machine's does, from wherever it was set to.
#[derive(Clone, Debug, Default)]
pub struct TestClock {
    milliseconds_ahead: Arc<AtomicI64>,
}

impl TestClock {
    /// Sets it to an instant.
    pub fn set(&self, instant: DateTime<Utc>) {
        let ahead = instant - SystemClock.now();
        self.milliseconds_ahead
            .store(ahead.num_milliseconds(), Ordering::Relaxed);
    }

    /// Moves it forward, or back.
    pub fn advance(&self, by: Duration) {
        self.milliseconds_ahead
            .fetch_add(by.num_milliseconds(), Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        let ahead = self.milliseconds_ahead.load(Ordering::Relaxed);
        SystemClock.now() + Duration::milliseconds(ahead)
    }
}

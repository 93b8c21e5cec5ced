//! How far an import has come: a bar on a terminal, else a line every few seconds.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// How often a line is written where there is no terminal.
const EVERY: Duration = Duration::from_secs(3);

/// Shows how many of so many rows are done.
pub struct Progress {
    bar: Option<ProgressBar>,
    has_lines: bool,
    total: u64,
    done: AtomicU64,
    begun: Instant,
    last_line: Mutex<Instant>,
}

impl Progress {
    /// None of so many is done; shown to whoever looks at standard error, or to nobody.
    pub fn new(total: u64, is_shown: bool) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let bar = (is_shown && is_terminal).then(|| {
            let style = ProgressStyle::with_template(
                "{bar:40} {human_pos} of {human_len} rows, {per_sec}, {eta} left",
            );
            ProgressBar::new(total)
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        let begun = Instant::now();
        Self {
            bar,
            has_lines: is_shown && !is_terminal,
            total,
            done: AtomicU64::new(0),
            begun,
            last_line: Mutex::new(begun),
        }
    }

    /// So many more are done.
    pub fn advance(&self, rows: u64) {
        let done = self.done.fetch_add(rows, Ordering::Relaxed) + rows;
        if let Some(bar) = &self.bar {
            bar.set_position(done);
        } else if self.has_lines && self.is_time() {
            self.line(done);
        }
    }

    /// Nothing more comes.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// How long it has taken so far.
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    fn is_time(&self) -> bool {
        // Whoever holds the lock is about to write.
        let Ok(mut last) = self.last_line.try_lock() else {
            return false;
        };
        let due = last.elapsed() >= EVERY;
        if due {
            *last = Instant::now();
        }
        due
    }

    fn line(&self, done: u64) {
        let total = self.total;
        // A reader that has gone does not want to know.
        let _ = writeln!(std::io::stderr(), "{done} of {total} rows");
    }
}

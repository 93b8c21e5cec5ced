//! What processes have used of the processors, from `/proc`.

use std::fs;
use std::ops::Sub;

use anyhow::Context as _;

/// Processor time of the server and of PostgreSQL, in microseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    pub server: f64,
    pub database: f64,
}

impl Sub for Used {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            server: self.server - before.server,
            database: self.database - before.database,
        }
    }
}

/// The processes that are watched.
#[derive(Clone, Copy, Debug)]
pub struct Watch {
    /// The process under test.
    pub server: u32,
    /// PostgreSQL's first process, if it runs on this machine.
    pub postmaster: Option<u32>,
}

/// A process's line in `/proc`: its parent, its own time and that of its dead children, in ticks.
struct Stat {
    parent: u32,
    own: u64,
    dead_children: u64,
}

fn stat(process: &str) -> Option<Stat> {
    let line = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field is the program's name in parentheses, which may hold anything.
    let fields: Vec<&str> = line.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(Stat {
        parent: u32::try_from(number(1)?).ok()?,
        own: number(11)? + number(12)?,
        dead_children: number(13)? + number(14)?,
    })
}

#[expect(clippy::cast_precision_loss, reason = "ticks of minutes")]
fn microseconds(ticks: u64) -> f64 {
    // USER_HZ, which is 100 on every Linux that runs this.
    ticks as f64 * 10_000.0
}

/// The parent of a process: of a backend, the postmaster.
pub fn parent(process: u32) -> Option<u32> {
    let name = fs::read_to_string(format!("/proc/{process}/comm")).ok()?;
    (name.trim() == "postgres").then(|| stat(&process.to_string()).map(|stat| stat.parent))?
}

impl Watch {
    /// What they have used so far.
    pub fn used(self) -> anyhow::Result<Used> {
        let server = stat(&self.server.to_string()).context("the server under test has ended")?;
        let Some(postmaster) = self.postmaster else {
            return Ok(Used {
                server: microseconds(server.own),
                database: 0.0,
            });
        };
        let mut ticks = 0;
        for entry in fs::read_dir("/proc")?.flatten() {
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| name.parse::<u32>().is_ok()) else {
                continue;
            };
            let Some(stat) = stat(name) else { continue };
            if name == postmaster.to_string() {
                ticks += stat.own + stat.dead_children;
            } else if stat.parent == postmaster {
                ticks += stat.own;
            }
        }
        Ok(Used {
            server: microseconds(server.own),
            database: microseconds(ticks),
        })
    }
}

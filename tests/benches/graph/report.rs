//! The table.

use crate::run::Measured;
use crate::scenario::{Scenario, Way};

/// One line of the table.
#[derive(Debug)]
pub struct Line {
    scenario: Scenario,
    connections: usize,
    way: Way,
    statements: Option<f64>,
    rate: f64,
    p50: f32,
    p99: f32,
    server: f64,
    database: f64,
}

impl Line {
    #[expect(clippy::cast_precision_loss, reason = "counts of answers")]
    pub fn of(
        scenario: Scenario,
        connections: usize,
        way: Way,
        statements: Option<f64>,
        mut measured: Measured,
    ) -> Self {
        measured.latencies.sort_by(f32::total_cmp);
        let answers = measured.latencies.len().max(1);
        let at = |part: usize| {
            let index = (answers * part / 100).min(answers - 1);
            measured.latencies.get(index).copied().unwrap_or_default() / 1000.0
        };
        Self {
            scenario,
            connections,
            way,
            statements,
            rate: answers as f64 / measured.seconds,
            p50: at(50),
            p99: at(99),
            server: measured.used.server / answers as f64,
            database: measured.used.database / answers as f64,
        }
    }

    fn together(&self) -> f64 {
        self.server + self.database
    }
}

/// Prints the lines as Markdown, each beside the rows floor of its scenario and connections.
pub fn print(lines: &[Line]) {
    let mut scenario = None;
    for line in lines {
        if scenario != Some(line.scenario) {
            scenario = Some(line.scenario);
            println!("\n### {}\n", line.scenario.title());
            println!(
                "| connections | way | requests/s | p50 ms | p99 ms | server us | PostgreSQL us | together us | x rows | statements |"
            );
            println!("|--:|:--|--:|--:|--:|--:|--:|--:|--:|--:|");
        }
        let floor = lines.iter().find(|floor| {
            floor.scenario == line.scenario
                && floor.connections == line.connections
                && floor.way == Way::Rows
        });
        let times = floor.map_or_else(String::new, |floor| {
            format!("{:.2}", line.together() / floor.together())
        });
        let statements = line
            .statements
            .map_or_else(String::new, |statements| format!("{statements:.1}"));
        println!(
            "| {} | {} | {:.0} | {:.2} | {:.2} | {:.0} | {:.0} | {:.0} | {times} | {statements} |",
            line.connections,
            line.way.title(),
            line.rate,
            line.p50,
            line.p99,
            line.server,
            line.database,
            line.together(),
        );
    }
}

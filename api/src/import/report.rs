//! What an import did, for whoever started it.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// What an import did.
#[derive(Debug)]
pub struct Report {
    /// How many bookings it wrote.
    pub imported: u64,
    /// How many lines were bookings before it.
    pub known: u64,
    /// The lines it refused: number, heading, reason.
    pub refused: Vec<(u64, &'static str, String)>,
    /// How long it took.
    pub elapsed: Duration,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut headings: BTreeMap<&str, u64> = BTreeMap::new();
        for (line, heading, reason) in &self.refused {
            *headings.entry(heading).or_default() += 1;
            writeln!(f, "line {line} was refused: {reason}")?;
        }
        let seconds = self.elapsed.as_secs_f64();
        let imported = self.imported;
        write!(
            f,
            "{} in {seconds:.1} s",
            counted(imported, "booking was imported", "bookings were imported")
        )?;
        if imported > 0 && seconds > 0.0 {
            #[expect(clippy::cast_precision_loss, reason = "a rate is told in whole rows")]
            let rate = imported as f64 / seconds;
            write!(f, " ({rate:.0} a second)")?;
        }
        let known = self.known;
        writeln!(
            f,
            "\n{}",
            counted(
                known,
                "line was a booking already",
                "lines were bookings already"
            )
        )?;
        let refused = u64::try_from(self.refused.len()).unwrap_or(u64::MAX);
        write!(
            f,
            "{}",
            counted(refused, "line was refused", "lines were refused")
        )?;
        for (heading, count) in headings {
            write!(f, "\n  {count} for {heading}")?;
        }
        Ok(())
    }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_lists_what_was_refused_and_counts_it_by_heading() {
        let report = Report {
            imported: 500,
            known: 1,
            refused: vec![
                (25, "no nights", "no nights".to_owned()),
                (31, "no adults", "no adults".to_owned()),
                (40, "no nights", "no nights".to_owned()),
            ],
            elapsed: Duration::from_secs(1),
        };
        assert_eq!(
            report.to_string(),
            "line 25 was refused: no nights\n\
             line 31 was refused: no adults\n\
             line 40 was refused: no nights\n\
             500 bookings were imported in 1.0 s (500 a second)\n\
             1 line was a booking already\n\
             3 lines were refused\n  1 for no adults\n  2 for no nights"
        );
    }
}

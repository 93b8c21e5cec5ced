//! What a file says, reckoned from its text alone, past all code of the program.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::Context as _;
use chrono::{Days, NaiveDate};

/// What is asked of the graph, and of the file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Bookings by hotel and month of arrival.
    pub bookings: BTreeMap<(String, String), u64>,
    /// What completed stays brought, by month of arrival, in cents.
    pub revenue: BTreeMap<String, u64>,
    /// Of each market segment, how many bookings were cancelled, and how many there were.
    pub segments: BTreeMap<String, (u64, u64)>,
    /// How many rooms were slept in, by hotel and night.
    pub occupancy: BTreeMap<(String, NaiveDate), u64>,
    /// Bookings by status.
    pub statuses: BTreeMap<&'static str, u64>,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A line by column.
struct Line<'a>(HashMap<&'a str, &'a str>);

impl Line<'_> {
    fn text(&self, column: &str) -> &str {
        self.0.get(column).copied().unwrap_or_default()
    }

    fn number(&self, column: &str) -> anyhow::Result<u64> {
        let text = self.text(column);
        text.parse()
            .with_context(|| format!("{column} is {text:?}"))
    }

    fn arrival(&self) -> anyhow::Result<NaiveDate> {
        let month = self.text("arrival_date_month");
        let month = MONTHS.iter().position(|name| *name == month);
        NaiveDate::from_ymd_opt(
            i32::try_from(self.number("arrival_date_year")?)?,
            u32::try_from(month.context("a month")? + 1)?,
            u32::try_from(self.number("arrival_date_day_of_month")?)?,
        )
        .context("a day")
    }

    /// The rate in cents, by its digits.
    fn cents(&self) -> anyhow::Result<u64> {
        let (euros, cents) = self
            .text("adr")
            .split_once('.')
            .unwrap_or((self.text("adr"), ""));
        Ok(euros.parse::<u64>()? * 100 + format!("{cents:0<2}").parse::<u64>()?)
    }
}

/// The totals of a file, and how many lines are refused: for no nights, for no adults.
pub fn of(path: &Path) -> anyhow::Result<(Totals, (u64, u64))> {
    let text = std::fs::read_to_string(path)?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().context("a header")?.split(',').collect();
    let mut totals = Totals::default();
    let mut refused = (0, 0);
    for line in lines {
        let line = Line(header.iter().copied().zip(line.split(',')).collect());
        let nights =
            line.number("stays_in_weekend_nights")? + line.number("stays_in_week_nights")?;
        if nights == 0 {
            refused.0 += 1;
        } else if line.number("adults")? == 0 {
            refused.1 += 1;
        } else {
            totals.add(&line, nights)?;
        }
    }
    Ok((totals, refused))
}

impl Totals {
    fn add(&mut self, line: &Line<'_>, nights: u64) -> anyhow::Result<()> {
        let (hotel, arrival) = (line.text("hotel").to_owned(), line.arrival()?);
        let month = arrival.format("%Y-%m").to_string();
        let status = match line.text("reservation_status") {
            "Check-Out" => "COMPLETED",
            "Canceled" => "CANCELLED",
            _ => "NO_SHOW",
        };
        *self.statuses.entry(status).or_default() += 1;
        *self
            .bookings
            .entry((hotel.clone(), month.clone()))
            .or_default() += 1;
        let segment = line.text("market_segment").to_owned();
        let (cancelled, all) = self.segments.entry(segment).or_default();
        *all += 1;
        *cancelled += u64::from(status == "CANCELLED");
        if status == "COMPLETED" {
            *self.revenue.entry(month).or_default() += nights * line.cents()?;
            for night in 0..nights {
                let night = arrival + Days::new(night);
                *self.occupancy.entry((hotel.clone(), night)).or_default() += 1;
            }
        }
        Ok(())
    }

    /// How many bookings there are.
    pub fn count(&self) -> u64 {
        self.bookings.values().sum()
    }
}

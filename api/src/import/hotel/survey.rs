//! A first look at the whole file: what it refuses, and how many rooms of each type it needs.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use chrono::NaiveDate;

use super::file::{Line, Lines};
use super::row::{Hotel, MOST_IN_A_ROOM, Outcome, Refusal, Row};

/// What the file as a whole says.
#[derive(Debug, Default)]
pub struct Survey {
    /// Its lines below the header.
    pub lines: u64,
    /// How many of them are bookings already.
    pub known: u64,
    /// The room types of each hotel.
    pub room_types: BTreeMap<(Hotel, String), RoomType>,
    /// The lines that cannot be stays.
    pub refused: Vec<(u64, Refusal)>,
}

/// What the file says of a room type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoomType {
    /// How many sleep in one at most.
    pub max_occupancy: u32,
    /// How many are taken in each night by lines that are not bookings yet: slept in, or kept for
    /// guests who did not come.
    pub nights: HashMap<NaiveDate, i32>,
}

/// Reads the whole file; `known` are the references of lines that are bookings already.
pub fn survey(path: &Path, known: &HashSet<String>) -> anyhow::Result<Survey> {
    let mut lines = Lines::open(path)?;
    let mut survey = Survey::default();
    while let Some(line) = lines.next()? {
        survey.add(line, known);
    }
    Ok(survey)
}

impl Survey {
    fn add(&mut self, line: Line, known: &HashSet<String>) {
        self.lines += 1;
        match line.row {
            Ok(row) => self.add_row(&row, known.contains(&line.reference)),
            Err(refusal) => self.refused.push((line.number, refusal)),
        }
    }

    fn add_row(&mut self, row: &Row, is_known: bool) {
        // A type that nobody booked is known by those who were put into it.
        self.room_type(row.hotel, &row.assigned);
        let booked = self.room_type(row.hotel, &row.reserved);
        let most = booked.max_occupancy.max(row.guests());
        booked.max_occupancy = most.min(MOST_IN_A_ROOM);
        if is_known {
            self.known += 1;
        } else if !matches!(row.outcome, Outcome::Cancelled(_)) {
            let rooms = i32::try_from(row.rooms).unwrap_or(i32::MAX);
            let days = row.arrival.iter_days();
            for night in days.take_while(|day| *day < row.departure()) {
                *booked.nights.entry(night).or_default() += rooms;
            }
        }
    }

    fn room_type(&mut self, hotel: Hotel, code: &str) -> &mut RoomType {
        let key = (hotel, code.to_owned());
        self.room_types.entry(key).or_insert_with(|| RoomType {
            max_occupancy: 2,
            nights: HashMap::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(rooms: u32, nights: u32, outcome: Outcome) -> Row {
        Row {
            hotel: Hotel::City,
            booked_on: NaiveDate::MIN,
            arrival: "2016-03-01".parse().unwrap(),
            nights,
            outcome,
            adults: 3 * rooms,
            children: 0,
            babies: 0,
            meal_plan: "breakfast",
            country: None,
            market_segment: String::new(),
            distribution_channel: String::new(),
            is_repeat_guest: false,
            reserved: "A".to_owned(),
            assigned: "K".to_owned(),
            changes: 0,
            deposit_terms: "no_deposit",
            agent: None,
            company: None,
            waitlisted_days: 0,
            guest_type: "transient",
            rooms,
            rate_minor: 0,
            parking_spaces: 0,
            special_requests: 0,
        }
    }

    #[test]
    fn what_was_slept_in_or_kept_needs_rooms() {
        let day = NaiveDate::MIN;
        let mut survey = Survey::default();
        survey.add_row(&row(1, 2, Outcome::Left(day)), false);
        survey.add_row(&row(2, 1, Outcome::NoShow(day)), false);
        survey.add_row(&row(9, 9, Outcome::Cancelled(day)), false);
        survey.add_row(&row(1, 9, Outcome::Left(day)), true);
        let booked = &survey.room_types[&(Hotel::City, "A".to_owned())];
        let nights = |day: &str| booked.nights.get(&day.parse().unwrap()).copied();
        assert_eq!(
            ["2016-03-01", "2016-03-02", "2016-03-03"].map(nights),
            [Some(3), Some(1), None]
        );
        assert_eq!((booked.max_occupancy, survey.known), (MOST_IN_A_ROOM, 1));
        let given = &survey.room_types[&(Hotel::City, "K".to_owned())];
        assert_eq!((given.max_occupancy, given.nights.len()), (2, 0));
    }
}

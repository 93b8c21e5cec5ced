//! One line of the file, read as a typed row or as the reason why it cannot be a stay: pure.
//!
//! The file is that of Antonio, de Almeida and Nunes ("Hotel booking demand datasets", 2019), in
//! any of the forms in which it goes round: dates as `7/1/2015` or `2015-07-01`, counts as `2` or
//! `2.0`, unknown values as `NULL`, `NA` or nothing.

use anyhow::anyhow;
use chrono::{Days, Month, NaiveDate};
use csv::{DeserializeErrorKind, ErrorKind, StringRecord};
use rust_decimal::Decimal;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::row::{Hotel, Outcome, Refusal, Row, rooms};
use crate::money::minor_units;

/// The currency of all amounts of the file.
pub const CURRENCY: &str = "EUR";
/// The longest stay that is believed; the longest of the data set is 69 nights.
const MOST_NIGHTS: u32 = 365;
/// The largest count of anything else.
const MOST: u32 = 1_000;

/// The cells of a line, by the names of the header. Other columns may stand beside them.
#[derive(Debug, Deserialize)]
struct Cells<'a> {
    hotel: &'a str,
    is_canceled: &'a str,
    lead_time: &'a str,
    arrival_date_year: &'a str,
    arrival_date_month: &'a str,
    arrival_date_day_of_month: &'a str,
    stays_in_weekend_nights: &'a str,
    stays_in_week_nights: &'a str,
    adults: &'a str,
    children: &'a str,
    babies: &'a str,
    meal: &'a str,
    country: &'a str,
    market_segment: &'a str,
    distribution_channel: &'a str,
    is_repeated_guest: &'a str,
    reserved_room_type: &'a str,
    assigned_room_type: &'a str,
    booking_changes: &'a str,
    deposit_type: &'a str,
    agent: &'a str,
    company: &'a str,
    days_in_waiting_list: &'a str,
    customer_type: &'a str,
    adr: &'a str,
    required_car_parking_spaces: &'a str,
    total_of_special_requests: &'a str,
    reservation_status: &'a str,
    reservation_status_date: &'a str,
}

/// Whether the header has all columns, and if not, which is missing.
pub fn check_header(header: &StringRecord) -> anyhow::Result<()> {
    match header.deserialize::<Cells<'_>>(Some(header)) {
        Ok(_) => Ok(()),
        Err(error) => Err(match error.kind() {
            ErrorKind::Deserialize { err, .. } => match err.kind() {
                DeserializeErrorKind::Message(text) => anyhow!("its header is not right: {text}"),
                other => anyhow!("its header is not right: {other}"),
            },
            _ => anyhow!("its header is not right: {error}"),
        }),
    }
}

/// The row of a line.
pub fn read(header: &StringRecord, line: &StringRecord) -> Result<Row, Refusal> {
    if header.len() != line.len() {
        return Err(Refusal::Ragged);
    }
    let cells: Cells<'_> = line
        .deserialize(Some(header))
        .map_err(|_| Refusal::Ragged)?;
    cells.row()
}

/// What tells lines apart wherever they stand: a digest of what they say.
pub fn digest(line: &StringRecord) -> [u8; 16] {
    let mut sha = Sha256::new();
    for cell in line {
        sha.update(cell.as_bytes());
        sha.update([0x1f]);
    }
    let whole = sha.finalize();
    let mut half = [0; 16];
    half.copy_from_slice(&whole[..16]);
    half
}

impl Cells<'_> {
    fn row(&self) -> Result<Row, Refusal> {
        let nights = count(
            "stays_in_weekend_nights",
            self.stays_in_weekend_nights,
            MOST_NIGHTS,
        )? + count(
            "stays_in_week_nights",
            self.stays_in_week_nights,
            MOST_NIGHTS,
        )?;
        if nights == 0 {
            return Err(Refusal::NoNights);
        }
        let adults = count("adults", self.adults, MOST)?;
        if adults == 0 {
            return Err(Refusal::NoAdults);
        }
        let children = known(self.children).map_or(Ok(0), |text| count("children", text, MOST))?;
        let rate_minor = self.rate()?;
        let rooms = rooms(adults + children, rate_minor)
            .ok_or(Refusal::Contradiction("its rooms cannot share its rate"))?;
        let arrival = self.arrival()?;
        let lead = count("lead_time", self.lead_time, 10_000)?;
        let booked_on = arrival
            .checked_sub_days(Days::new(u64::from(lead)))
            .ok_or_else(|| unreadable("lead_time", "a number of days", self.lead_time))?;
        Ok(Row {
            hotel: self.hotel()?,
            booked_on,
            arrival,
            nights,
            outcome: self.outcome(booked_on, arrival)?,
            adults,
            children,
            babies: known(self.babies).map_or(Ok(0), |text| count("babies", text, MOST))?,
            meal_plan: self.meal_plan()?,
            country: self.country()?,
            market_segment: word("market_segment", self.market_segment)?,
            distribution_channel: word("distribution_channel", self.distribution_channel)?,
            is_repeat_guest: count("is_repeated_guest", self.is_repeated_guest, 1)? == 1,
            reserved: word("reserved_room_type", self.reserved_room_type)?,
            assigned: word("assigned_room_type", self.assigned_room_type)?,
            changes: count("booking_changes", self.booking_changes, MOST)?,
            deposit_terms: self.deposit_terms()?,
            agent: known(self.agent)
                .map(|text| word("agent", text))
                .transpose()?,
            company: known(self.company)
                .map(|text| word("company", text))
                .transpose()?,
            waitlisted_days: count("days_in_waiting_list", self.days_in_waiting_list, 10_000)?,
            guest_type: self.guest_type()?,
            rooms,
            rate_minor: rate_minor / i64::from(rooms),
            parking_spaces: count(
                "required_car_parking_spaces",
                self.required_car_parking_spaces,
                MOST,
            )?,
            special_requests: count(
                "total_of_special_requests",
                self.total_of_special_requests,
                MOST,
            )?,
        })
    }

    fn hotel(&self) -> Result<Hotel, Refusal> {
        Hotel::ALL
            .into_iter()
            .find(|hotel| hotel.name() == self.hotel)
            .ok_or_else(|| unreadable("hotel", "one of the two hotels", self.hotel))
    }

    fn rate(&self) -> Result<i64, Refusal> {
        let expected = "an amount in whole cents";
        let rate: Decimal = self
            .adr
            .parse()
            .map_err(|_| unreadable("adr", expected, self.adr))?;
        if rate.is_sign_negative() && !rate.is_zero() {
            return Err(Refusal::NegativeRate);
        }
        minor_units(rate, CURRENCY).map_err(|_| unreadable("adr", expected, self.adr))
    }

    fn arrival(&self) -> Result<NaiveDate, Refusal> {
        let month: Month = self
            .arrival_date_month
            .parse()
            .map_err(|_| unreadable("arrival_date_month", "a month", self.arrival_date_month))?;
        let year = count("arrival_date_year", self.arrival_date_year, 9_999)?;
        let day = count(
            "arrival_date_day_of_month",
            self.arrival_date_day_of_month,
            31,
        )?;
        i32::try_from(year)
            .ok()
            .and_then(|year| NaiveDate::from_ymd_opt(year, month.number_from_month(), day))
            .ok_or_else(|| {
                unreadable(
                    "arrival_date_day_of_month",
                    "a day of that month",
                    self.arrival_date_day_of_month,
                )
            })
    }

    fn outcome(&self, booked_on: NaiveDate, arrival: NaiveDate) -> Result<Outcome, Refusal> {
        let on = day("reservation_status_date", self.reservation_status_date)?;
        let is_cancelled = count("is_canceled", self.is_canceled, 1)? == 1;
        if on < booked_on {
            return Err(Refusal::Contradiction("its status is older than it"));
        }
        let outcome = match self.reservation_status {
            "Check-Out" if on < arrival => {
                return Err(Refusal::Contradiction("the guests left before they came"));
            }
            "Check-Out" => Outcome::Left(on),
            "Canceled" => Outcome::Cancelled(on),
            // Nobody can know before the day.
            "No-Show" => Outcome::NoShow(on.max(arrival)),
            other => {
                let expected = "Check-Out, Canceled or No-Show";
                return Err(unreadable("reservation_status", expected, other));
            }
        };
        if is_cancelled == matches!(outcome, Outcome::Left(_)) {
            return Err(Refusal::Contradiction(
                "is_canceled and reservation_status disagree",
            ));
        }
        Ok(outcome)
    }

    fn meal_plan(&self) -> Result<&'static str, Refusal> {
        match self.meal {
            "BB" => Ok("breakfast"),
            "HB" => Ok("half_board"),
            "FB" => Ok("full_board"),
            // The authors: "Undefined/SC: no meal package".
            "SC" | "Undefined" => Ok("room_only"),
            other => Err(unreadable("meal", "BB, HB, FB, SC or Undefined", other)),
        }
    }

    fn country(&self) -> Result<Option<String>, Refusal> {
        let Some(code) = known(self.country) else {
            return Ok(None);
        };
        // East Timor's code before 2002 is still in use there; China stands under both codes.
        let code = if code == "TMP" { "TLS" } else { code };
        rust_iso3166::from_alpha3(code)
            .or_else(|| rust_iso3166::from_alpha2(code))
            .map(|country| Some(country.alpha2.to_owned()))
            .ok_or_else(|| unreadable("country", "a code of ISO 3166", self.country))
    }

    fn deposit_terms(&self) -> Result<&'static str, Refusal> {
        match self.deposit_type {
            "No Deposit" => Ok("no_deposit"),
            "Refundable" => Ok("refundable"),
            "Non Refund" => Ok("non_refundable"),
            other => {
                let expected = "No Deposit, Refundable or Non Refund";
                Err(unreadable("deposit_type", expected, other))
            }
        }
    }

    fn guest_type(&self) -> Result<&'static str, Refusal> {
        match self.customer_type {
            "Transient" => Ok("transient"),
            "Transient-Party" => Ok("transient_party"),
            "Group" => Ok("group"),
            "Contract" => Ok("contract"),
            other => {
                let expected = "Transient, Transient-Party, Group or Contract";
                Err(unreadable("customer_type", expected, other))
            }
        }
    }
}

fn unreadable(column: &'static str, expected: &'static str, value: &str) -> Refusal {
    Refusal::Unreadable {
        column,
        expected,
        value: value.chars().take(60).collect(),
    }
}

/// A cell that says something.
fn known(text: &str) -> Option<&str> {
    (!matches!(text, "" | "NULL" | "NA")).then_some(text)
}

/// A word of the file's own, such as the name of a market segment.
fn word(column: &'static str, text: &str) -> Result<String, Refusal> {
    if text.is_empty() || text.chars().count() > 60 {
        return Err(unreadable(column, "1 to 60 characters", text));
    }
    Ok(text.to_owned())
}

fn count(column: &'static str, text: &str, most: u32) -> Result<u32, Refusal> {
    let whole = text.strip_suffix(".0").unwrap_or(text);
    whole
        .parse()
        .ok()
        .filter(|count| *count <= most)
        .ok_or_else(|| unreadable(column, "a whole number of a sensible size", text))
}

fn day(column: &'static str, text: &str) -> Result<NaiveDate, Refusal> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(text, "%m/%d/%Y"))
        .map_err(|_| unreadable(column, "a day", text))
}

/// The header of the data set.
#[cfg(test)]
pub const HEADER: &str = "hotel,is_canceled,lead_time,arrival_date_year,arrival_date_month,arrival_date_week_number,arrival_date_day_of_month,stays_in_weekend_nights,stays_in_week_nights,adults,children,babies,meal,country,market_segment,distribution_channel,is_repeated_guest,previous_cancellations,previous_bookings_not_canceled,reserved_room_type,assigned_room_type,booking_changes,deposit_type,agent,company,days_in_waiting_list,customer_type,adr,required_car_parking_spaces,total_of_special_requests,reservation_status,reservation_status_date";

#[cfg(test)]
mod tests;

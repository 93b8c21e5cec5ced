//! Lines of the file, and what cannot be one.

use super::*;

const LINE: &str = "Resort Hotel,0,14,2015,July,27,1,0,2,2,1,0,HB,GBR,Direct,Direct,0,0,0,A,C,0,No Deposit,304,NULL,0,Transient,98.5,1,2,Check-Out,7/3/2015";

fn cells(line: &str) -> StringRecord {
    line.split(',').collect()
}

/// The line with some of its cells changed.
fn with(changes: &[(&str, &str)]) -> Result<Row, Refusal> {
    let (header, line) = (cells(HEADER), cells(LINE));
    let line = header.iter().zip(&line).map(|(name, cell)| {
        let change = changes.iter().find(|(column, _)| *column == name);
        change.map_or(cell, |(_, changed)| *changed)
    });
    read(&header, &line.collect())
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_line_becomes_a_row() {
    let row = with(&[]).unwrap();
    assert_eq!(row.hotel, Hotel::Resort);
    assert_eq!(row.booked_on, date("2015-06-17"));
    assert_eq!(row.arrival, date("2015-07-01"));
    assert_eq!(row.departure(), date("2015-07-03"));
    assert_eq!(row.outcome, Outcome::Left(date("2015-07-03")));
    assert_eq!((row.adults, row.children, row.guests()), (2, 1, 3));
    assert_eq!(row.meal_plan, "half_board");
    assert_eq!(row.country.as_deref(), Some("GB"));
    assert_eq!((row.agent.as_deref(), row.company), (Some("304"), None));
    assert_eq!(row.rate_minor, 9_850);
    assert_eq!((row.reserved.as_str(), row.assigned.as_str()), ("A", "C"));
}

#[test]
fn a_missing_column_is_named() {
    assert!(check_header(&cells(HEADER)).is_ok());
    let error = check_header(&cells(&HEADER.replace(",adr,", ",rate,"))).unwrap_err();
    assert!(error.to_string().contains("`adr`"), "{error}");
}

#[test]
fn what_cannot_be_a_stay_is_refused() {
    let none = [
        ("stays_in_weekend_nights", "0"),
        ("stays_in_week_nights", "0"),
    ];
    assert_eq!(with(&none), Err(Refusal::NoNights));
    assert_eq!(with(&[("adults", "0")]), Err(Refusal::NoAdults));
    assert_eq!(with(&[("adr", "-6.38")]), Err(Refusal::NegativeRate));
    for changes in [
        [("reservation_status_date", "6/30/2015"), ("adults", "2")],
        [("reservation_status_date", "6/16/2015"), ("adults", "2")],
        [("reservation_status", "Canceled"), ("is_canceled", "0")],
        [("reservation_status", "Check-Out"), ("is_canceled", "1")],
    ] {
        assert!(
            matches!(with(&changes), Err(Refusal::Contradiction(_))),
            "{changes:?}"
        );
    }
    let header = cells(HEADER);
    let short: StringRecord = cells(LINE).iter().take(5).collect();
    assert_eq!(read(&header, &short), Err(Refusal::Ragged));
}

#[test]
fn a_value_that_nobody_knows_is_named() {
    for (column, value) in [
        ("hotel", "Ritz"),
        ("lead_time", "soon"),
        ("arrival_date_month", "Brumaire"),
        ("arrival_date_day_of_month", "31.5"),
        ("adults", "-2"),
        ("children", "many"),
        ("meal", "XX"),
        ("country", "ATLANTIS"),
        ("market_segment", ""),
        ("deposit_type", "Some"),
        ("customer_type", "King"),
        ("adr", "1.005"),
        ("adr", "cheap"),
        ("reservation_status", "Lost"),
        ("reservation_status_date", "13/13/2015"),
    ] {
        let refusal = with(&[(column, value)]).unwrap_err();
        let Refusal::Unreadable { column: named, .. } = &refusal else {
            panic!("{column}: {refusal}");
        };
        assert_eq!(*named, column);
        assert!(refusal.to_string().contains(value), "{refusal}");
    }
}

#[test]
fn a_day_that_the_month_lacks_is_refused() {
    let changes = [
        ("arrival_date_month", "February"),
        ("arrival_date_day_of_month", "29"),
    ];
    assert!(matches!(with(&changes), Err(Refusal::Unreadable { .. })));
}

#[test]
fn what_the_file_does_not_know_is_none() {
    let row = with(&[
        ("children", "NA"),
        ("country", "NULL"),
        ("agent", "NULL"),
        ("meal", "Undefined"),
        ("adr", "0"),
    ])
    .unwrap();
    assert_eq!((row.children, row.country, row.agent), (0, None, None));
    assert_eq!((row.meal_plan, row.rate_minor), ("room_only", 0));
}

#[test]
fn all_forms_of_the_file_are_read() {
    let row = with(&[
        ("children", "1.0"),
        ("reservation_status_date", "2015-07-03"),
        ("country", "CN"),
    ])
    .unwrap();
    assert_eq!(row.children, 1);
    assert_eq!(row.outcome, Outcome::Left(date("2015-07-03")));
    assert_eq!(row.country.as_deref(), Some("CN"));
    assert_eq!(
        with(&[("country", "TMP")]).unwrap().country.as_deref(),
        Some("TL")
    );
}

#[test]
fn nobody_is_missed_before_the_day() {
    let row = with(&[
        ("reservation_status", "No-Show"),
        ("is_canceled", "1"),
        ("reservation_status_date", "6/20/2015"),
    ]);
    assert_eq!(row.unwrap().outcome, Outcome::NoShow(date("2015-07-01")));
}

#[test]
fn a_party_takes_rooms_that_share_its_rate() {
    let row = with(&[("adults", "2"), ("children", "10"), ("adr", "133.16")]).unwrap();
    assert_eq!((row.rooms, row.rate_minor), (4, 3_329));
    let row = with(&[("adults", "55"), ("children", "0"), ("adr", "0")]).unwrap();
    assert_eq!((row.rooms, row.rate_minor), (11, 0));
    assert_eq!(with(&[]).unwrap().rooms, 1);
    let prime = with(&[("adults", "7"), ("children", "0"), ("adr", "1.01")]);
    assert!(matches!(prime, Err(Refusal::Contradiction(_))));
}

#[test]
fn equal_lines_have_equal_digests_and_others_have_not() {
    assert_eq!(digest(&cells(LINE)), digest(&cells(LINE)));
    assert_ne!(
        digest(&["ab", "c"].iter().collect()),
        digest(&["a", "bc"].iter().collect())
    );
}

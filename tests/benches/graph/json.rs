//! JSON as one writes it by hand where it has to be fast: the floor's half of the comparison.

use std::fmt::Write as _;

use uuid::Uuid;

/// The alphabet of `TypeIDs`: Crockford's base32 in lower case.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A `TypeID` as a JSON string.
pub fn type_id(out: &mut String, prefix: &str, id: Uuid) {
    out.push('"');
    out.push_str(prefix);
    out.push('_');
    let bits = id.as_u128();
    for place in (0..26).rev() {
        let digit = usize::try_from((bits >> (place * 5)) & 31).unwrap_or_default();
        out.push(char::from(ALPHABET[digit]));
    }
    out.push('"');
}

/// A JSON string. None of the benchmark's texts needs more than quotes and backslashes escaped.
pub fn text(out: &mut String, text: &str) {
    out.push('"');
    if text.bytes().any(|byte| matches!(byte, b'"' | b'\\')) {
        out.push_str(&text.replace('\\', "\\\\").replace('"', "\\\""));
    } else {
        out.push_str(text);
    }
    out.push('"');
}

/// A value of a domain as an enum's value.
pub fn upper(out: &mut String, text: &str) {
    out.push('"');
    out.extend(
        text.bytes()
            .map(|byte| char::from(byte.to_ascii_uppercase())),
    );
    out.push('"');
}

/// A number.
pub fn number(out: &mut String, number: impl std::fmt::Display) {
    // Writing to a String cannot fail.
    let _ = write!(out, "{number}");
}

fn two(out: &mut String, number: i64) {
    let digit = |number: i64| char::from(b'0' + u8::try_from(number % 10).unwrap_or_default());
    out.push(digit(number / 10));
    out.push(digit(number));
}

/// A day given in days since 2000.
fn bare_day(out: &mut String, days: i64) {
    // Days since 1 March of the year 0; the civil calendar repeats every 400 years.
    let days = days + 730_425;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let (day, month_of_year) = (of_year - (153 * month + 2) / 5 + 1, (month + 2) % 12 + 1);
    let year = year + era * 400 + i64::from(month_of_year <= 2);
    two(out, year / 100);
    two(out, year % 100);
    out.push('-');
    two(out, month_of_year);
    out.push('-');
    two(out, day);
}

/// A day as PostgreSQL sends it.
pub fn day(out: &mut String, days: i32) {
    out.push('"');
    bare_day(out, i64::from(days));
    out.push('"');
}

/// An instant as PostgreSQL sends it: microseconds since 2000, here without a fraction.
pub fn instant(out: &mut String, micros: i64) {
    let seconds = micros.div_euclid(1_000_000);
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    out.push('"');
    bare_day(out, days);
    out.push('T');
    two(out, of_day / 3600);
    out.push(':');
    two(out, of_day / 60 % 60);
    out.push(':');
    two(out, of_day % 60);
    out.push_str("Z\"");
}

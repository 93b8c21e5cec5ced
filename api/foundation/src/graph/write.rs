//! Column values from PostgreSQL's binary format as JSON text, without a detour.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike};
use entities::metadata::Kind;
use rust_decimal::Decimal;
use tokio_postgres::types::{FromSql, Type};
use uuid::Uuid;

use super::failure::Failure;
use super::type_id;

/// How a column's bytes become JSON.
#[derive(Clone, Copy, Debug)]
pub enum Writer {
    /// An identifier with its prefix.
    TypeId(&'static str),
    /// What any column of this kind becomes.
    Plain(Kind),
}

impl Writer {
    /// The writer of ids with this prefix.
    pub fn type_id(prefix: &'static str) -> Self {
        Self::TypeId(prefix)
    }

    /// Appends the value.
    pub fn write(&self, out: &mut String, raw: &[u8]) -> Result<(), Failure> {
        match self {
            Self::TypeId(prefix) => {
                let id = Uuid::from_slice(raw).map_err(Failure::internal)?;
                out.push('"');
                type_id::write(out, prefix, id);
                out.push('"');
                Ok(())
            }
            Self::Plain(kind) => plain(*kind, out, raw),
        }
    }
}

fn plain(kind: Kind, out: &mut String, raw: &[u8]) -> Result<(), Failure> {
    let done = match kind {
        Kind::Uuid => write!(
            out,
            "\"{}\"",
            Uuid::from_slice(raw).map_err(Failure::internal)?
        ),
        Kind::Text | Kind::Bytes => {
            string(out, std::str::from_utf8(raw).map_err(Failure::internal)?);
            Ok(())
        }
        Kind::Enum(_) => {
            let start = out.len() + 1;
            string(out, std::str::from_utf8(raw).map_err(Failure::internal)?);
            out[start..].make_ascii_uppercase();
            if raw.contains(&b'-') {
                let value = out.split_off(start);
                out.push_str(&value.replace('-', "_"));
            }
            Ok(())
        }
        Kind::SmallInteger => {
            integer(out, i16::from_be_bytes(bytes(raw)?).into());
            Ok(())
        }
        Kind::Integer => {
            integer(out, i32::from_be_bytes(bytes(raw)?).into());
            Ok(())
        }
        Kind::BigInteger | Kind::TransactionId => {
            long(out, i64::from_be_bytes(bytes(raw)?));
            Ok(())
        }
        Kind::Boolean => write!(out, "{}", raw.first() == Some(&1)),
        Kind::Decimal => {
            let number = Decimal::from_sql(&Type::NUMERIC, raw).map_err(Failure::internal)?;
            write!(out, "\"{number}\"")
        }
        Kind::Timestamp => return timestamp(out, i64::from_be_bytes(bytes(raw)?)),
        Kind::Date => return date(out, i32::from_be_bytes(bytes(raw)?)),
        Kind::Time => return time(out, i64::from_be_bytes(bytes(raw)?)),
        // A jsonb value is preceded by the version of its format.
        Kind::Json => {
            out.push_str(
                std::str::from_utf8(raw.get(1..).unwrap_or_default()).map_err(Failure::internal)?,
            );
            Ok(())
        }
        Kind::TextArray => {
            let items =
                Vec::<String>::from_sql(&Type::TEXT_ARRAY, raw).map_err(Failure::internal)?;
            list(out, &items, |out, text| string(out, text));
            Ok(())
        }
        Kind::IntegerArray => {
            let items = Vec::<i32>::from_sql(&Type::INT4_ARRAY, raw).map_err(Failure::internal)?;
            list(out, &items, |out, number| out.push_str(&number.to_string()));
            Ok(())
        }
        Kind::BigIntegerArray => {
            let items = Vec::<i64>::from_sql(&Type::INT8_ARRAY, raw).map_err(Failure::internal)?;
            list(out, &items, |out, number| long(out, *number));
            Ok(())
        }
        Kind::UuidArray => {
            let items = Vec::<Uuid>::from_sql(&Type::UUID_ARRAY, raw).map_err(Failure::internal)?;
            list(out, &items, |out, id| string(out, &id.to_string()));
            Ok(())
        }
    };
    done.map_err(Failure::internal)
}

fn bytes<const N: usize>(raw: &[u8]) -> Result<[u8; N], Failure> {
    raw.try_into().map_err(Failure::internal)
}

fn list<T>(out: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

/// Appends a JSON string.
pub fn string(out: &mut String, text: &str) {
    out.push('"');
    let mut start = 0;
    for (index, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x00..=0x1f => "",
            _ => continue,
        };
        out.push_str(&text[start..index]);
        if escape.is_empty() {
            out.push_str("\\u00");
            for digit in [byte >> 4, byte & 0xf] {
                out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
            }
        } else {
            out.push_str(escape);
        }
        start = index + 1;
    }
    out.push_str(&text[start..]);
    out.push('"');
}

/// Appends a `Long`: a number as far as every client reads it exactly, text beyond.
pub fn long(out: &mut String, number: i64) {
    if number.unsigned_abs() <= 1 << 53 {
        return integer(out, number);
    }
    out.push('"');
    integer(out, number);
    out.push('"');
}

/// Appends a number. (`write!` takes three times as long, and there are many.)
fn integer(out: &mut String, number: i64) {
    let mut buffer = [0; 20];
    let mut start = buffer.len();
    let mut rest = number.unsigned_abs();
    loop {
        start -= 1;
        buffer[start] = b'0' + u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push('-');
    }
    out.push_str(std::str::from_utf8(&buffer[start..]).unwrap_or_default());
}

/// Appends an amount in units of a currency with this exponent.
pub fn amount(out: &mut String, minor: i64, exponent: u32) {
    let _ = write!(
        out,
        "\"{}\"",
        Decimal::from_i128_with_scale(i128::from(minor), exponent)
    );
}

fn digits(out: &mut String, number: u32, width: usize) {
    let mut buffer = [b'0'; 10];
    let mut rest = number;
    for place in buffer[..width].iter_mut().rev() {
        *place = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
    }
    out.push_str(std::str::from_utf8(&buffer[..width]).unwrap_or_default());
}

fn day(out: &mut String, date: NaiveDate) {
    digits(out, date.year().unsigned_abs(), 4);
    out.push('-');
    digits(out, date.month(), 2);
    out.push('-');
    digits(out, date.day(), 2);
}

fn clock(out: &mut String, time: &impl Timelike) {
    digits(out, time.hour(), 2);
    out.push(':');
    digits(out, time.minute(), 2);
    out.push(':');
    digits(out, time.second(), 2);
    let micros = time.nanosecond() / 1000;
    if micros > 0 {
        out.push('.');
        digits(out, micros, 6);
    }
}

/// 2000-01-01T00:00:00Z in microseconds since 1970: PostgreSQL counts from there.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

fn timestamp(out: &mut String, micros: i64) -> Result<(), Failure> {
    let instant = micros
        .checked_add(EPOCH_MICROS)
        .and_then(DateTime::from_timestamp_micros);
    let instant = instant.ok_or_else(|| Failure::internal("an instant out of range"))?;
    // Without its zone, of which each part read would take account.
    let instant = instant.naive_utc();
    out.push('"');
    day(out, instant.date());
    out.push('T');
    clock(out, &instant.time());
    out.push_str("Z\"");
    Ok(())
}

fn date(out: &mut String, days: i32) -> Result<(), Failure> {
    let date = NaiveDate::from_ymd_opt(2000, 1, 1)
        .and_then(|epoch| epoch.checked_add_signed(TimeDelta::days(i64::from(days))))
        .ok_or_else(|| Failure::internal("a day out of range"))?;
    out.push('"');
    day(out, date);
    out.push('"');
    Ok(())
}

fn time(out: &mut String, micros: i64) -> Result<(), Failure> {
    let seconds = u32::try_from(micros / 1_000_000).map_err(Failure::internal)?;
    let nanos = u32::try_from(micros % 1_000_000).map_err(Failure::internal)? * 1000;
    out.push('"');
    match chrono::NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanos) {
        Some(time) => clock(out, &time),
        // The end of a day, which PostgreSQL has and chrono has not.
        None => out.push_str("24:00:00"),
    }
    out.push('"');
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};
    use proptest::prelude::*;

    use super::*;

    fn written(kind: Kind, raw: &[u8]) -> String {
        let mut out = String::new();
        Writer::Plain(kind).write(&mut out, raw).unwrap();
        out
    }

    #[test]
    fn instants_are_utc_with_microseconds_only_where_there_are_some() {
        let zero = written(Kind::Timestamp, &0_i64.to_be_bytes());
        assert_eq!(zero, "\"2000-01-01T00:00:00Z\"");
        let some = written(Kind::Timestamp, &1_i64.to_be_bytes());
        assert_eq!(some, "\"2000-01-01T00:00:00.000001Z\"");
    }

    #[test]
    fn longs_beyond_two_to_the_53_are_text() {
        assert_eq!(
            written(Kind::BigInteger, &(1_i64 << 53).to_be_bytes()),
            "9007199254740992"
        );
        assert_eq!(
            written(Kind::BigInteger, &((1_i64 << 53) + 1).to_be_bytes()),
            "\"9007199254740993\""
        );
    }

    proptest! {
        #[test]
        fn any_text_reads_back_as_itself(text in any::<String>()) {
            let read: String = serde_json::from_str(&written(Kind::Text, text.as_bytes())).unwrap();
            prop_assert_eq!(read, text);
        }

        #[test]
        fn any_instant_reads_back_as_itself(seconds in -2_000_000_000_i64..32_000_000_000, micros in 0_u32..1_000_000) {
            let instant = Utc.timestamp_opt(seconds, micros * 1000).unwrap();
            let raw = instant.timestamp_micros() - EPOCH_MICROS;
            let text: String = serde_json::from_str(&written(Kind::Timestamp, &raw.to_be_bytes())).unwrap();
            prop_assert_eq!(text.parse::<DateTime<Utc>>().unwrap(), instant);
        }
    }
}

//! The file, line by line, never held as a whole.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

use anyhow::Context as _;
use csv::{ByteRecord, Reader, ReaderBuilder, StringRecord, Trim};

use super::cells;
use super::row::{Refusal, Row};

/// What all references of this source begin with.
const REFERENCE_PREFIX: &str = "hotel";

/// A line below the header.
#[derive(Debug)]
pub struct Line {
    /// Where it stands, the header being line 1.
    pub number: u64,
    /// Names its booking wherever the line stands: the digest of what it says, and which of the
    /// lines that say the same it is. So the file may be cut short, prolonged or sorted between two
    /// imports, and no booking is made twice.
    pub reference: String,
    /// What it says, or why it cannot be a stay.
    pub row: Result<Row, Refusal>,
}

/// The lines of a file.
pub struct Lines {
    reader: Reader<File>,
    header: StringRecord,
    record: ByteRecord,
    seen: HashMap<[u8; 16], u32>,
}

impl Lines {
    /// The lines of this file, which must have all columns.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let mut reader = ReaderBuilder::new()
            .trim(Trim::All)
            .flexible(true)
            .from_path(path)?;
        let header = reader.headers()?.clone();
        cells::check_header(&header)?;
        Ok(Self {
            reader,
            header,
            record: ByteRecord::new(),
            seen: HashMap::new(),
        })
    }

    /// The next line; none at the end of the file.
    pub fn next(&mut self) -> anyhow::Result<Option<Line>> {
        let more = self.reader.read_byte_record(&mut self.record);
        if !more.context("the file cannot be read to its end")? {
            return Ok(None);
        }
        let number = self.record.position().map_or(0, csv::Position::line);
        let record = StringRecord::from_byte_record_lossy(self.record.clone());
        let digest = cells::digest(&record);
        let nth = self.seen.entry(digest).or_default();
        *nth += 1;
        Ok(Some(Line {
            number,
            reference: reference(&digest, *nth),
            row: cells::read(&self.header, &record),
        }))
    }
}

fn reference(digest: &[u8], nth: u32) -> String {
    let mut text = format!("{REFERENCE_PREFIX}-");
    for byte in digest {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    let _ = write!(text, "-{nth}");
    text
}

//! The file, line by line, never held as a whole.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
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
pub struct Lines<R> {
    reader: Reader<Tidy<R>>,
    header: StringRecord,
    record: ByteRecord,
    seen: HashMap<[u8; 16], u32>,
}

impl Lines<File> {
    /// The lines of this file, which must have all columns.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        Self::new(File::open(path)?)
    }
}

impl<R: Read> Lines<R> {
    fn new(file: R) -> anyhow::Result<Self> {
        let mut reader = ReaderBuilder::new()
            .trim(Trim::All)
            .flexible(true)
            .from_reader(Tidy {
                file,
                has_ended: true,
            });
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
        let record = StringRecord::from_byte_record_lossy(self.record.clone());
        // The parser stands at the line after this one, which may be longer than a line.
        let cells = record.as_slice().bytes();
        let longer = cells.filter(|byte| *byte == b'\n').count();
        let number = self.reader.position().line() - 1;
        let number = number.saturating_sub(u64::try_from(longer).unwrap_or(0));
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

/// A file whose lines all end with a line feed and nothing else: so the parser, which counts them,
/// counts right.
struct Tidy<R> {
    file: R,
    /// Whether the last line has ended.
    has_ended: bool,
}

impl<R: Read> Read for Tidy<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let length = self.file.read(buffer)?;
            if length == 0 && !self.has_ended && !buffer.is_empty() {
                self.has_ended = true;
                buffer[0] = b'\n';
                return Ok(1);
            }
            let mut kept = 0;
            for place in 0..length {
                if buffer[place] != b'\r' {
                    buffer[kept] = buffer[place];
                    kept += 1;
                }
            }
            // Nothing is the end of the file only where nothing was read.
            if kept > 0 || length == 0 {
                self.has_ended = kept == 0 || buffer[kept - 1] == b'\n';
                return Ok(kept);
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Each byte by itself, as a slow pipe might give them.
    struct Dribble<'a>(&'a [u8]);

    impl Read for Dribble<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else {
                return Ok(0);
            };
            buffer[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    #[test]
    fn lines_are_numbered_as_editors_number_them_and_equal_lines_are_told_apart() {
        let text = [cells::HEADER, "x", "\"y\ny\"", "", "x"];
        for end in ["\n", "\r\n"] {
            let text = text.join(end);
            let mut lines = Lines::new(Dribble(text.as_bytes())).unwrap();
            let mut found = Vec::new();
            while let Some(line) = lines.next().unwrap() {
                assert_eq!(line.row, Err(Refusal::Ragged));
                found.push((line.number, line.reference));
            }
            let numbers: Vec<u64> = found.iter().map(|(number, _)| *number).collect();
            assert_eq!(numbers, [2, 3, 6]);
            let (one, other) = (found[0].1.strip_suffix("-1"), found[2].1.strip_suffix("-2"));
            assert!(one.is_some() && one == other, "{found:?}");
            assert_ne!(found[0].1, found[1].1);
        }
    }
}

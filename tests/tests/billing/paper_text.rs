//! What stands on a PDF of ours: its streams are inflated, and what is shown is read by the maps from
//! glyphs to letters that come with its fonts.

use std::collections::HashMap;
use std::io::Read as _;

use flate2::read::ZlibDecoder;

type Letters = HashMap<u16, String>;

/// Where one slice begins in another.
fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).position(|part| part == what)
}

/// All streams of a document, inflated.
fn streams(pdf: &[u8]) -> Vec<Vec<u8>> {
    let mut streams = Vec::new();
    let mut rest = pdf;
    while let Some(start) = find(rest, b"stream") {
        let body = &rest[start + b"stream".len()..];
        let skip = body
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        let body = &body[skip..];
        let end = find(body, b"endstream").unwrap_or(body.len());
        let mut inflated = Vec::new();
        let read = ZlibDecoder::new(&body[..end]).read_to_end(&mut inflated);
        streams.push(match read {
            Ok(_) => inflated,
            Err(_) => body[..end].to_vec(),
        });
        rest = body.get(end + b"endstream".len()..).unwrap_or_default();
    }
    streams
}

/// The numbers in angle brackets of a line.
fn codes(line: &str) -> Vec<&str> {
    let parts = line.split('<').skip(1);
    parts.filter_map(|part| part.split('>').next()).collect()
}

fn letters_of(hex: &str) -> String {
    let unit = |place: usize| {
        hex.get(place..place + 4)
            .and_then(|unit| u16::from_str_radix(unit, 16).ok())
    };
    let units: Vec<u16> = (0..hex.len()).step_by(4).filter_map(unit).collect();
    String::from_utf16_lossy(&units)
}

/// The letters of a font by glyph, where a stream maps them.
fn letters(stream: &[u8]) -> Option<Letters> {
    let text = String::from_utf8_lossy(stream);
    if !text.contains("begincmap") {
        return None;
    }
    let mut letters = Letters::new();
    let mut is_range = false;
    for line in text.lines() {
        is_range = (is_range || line.contains("beginbfrange")) && !line.contains("endbfrange");
        let codes = codes(line);
        let code = |place: usize| {
            let hex = codes.get(place)?;
            u16::from_str_radix(hex, 16).ok()
        };
        match (code(0), code(1), codes.get(2)) {
            (Some(from), Some(to), Some(first)) if is_range => {
                let base = letters_of(first).chars().next().map_or(0, u32::from);
                for (step, glyph) in (from..=to).enumerate() {
                    let letter = u32::try_from(step)
                        .ok()
                        .and_then(|step| char::from_u32(base + step));
                    letters.insert(glyph, letter.map(String::from).unwrap_or_default());
                }
            }
            (Some(glyph), _, _) if !is_range && codes.len() == 2 => {
                letters.insert(glyph, letters_of(codes[1]));
            }
            _ => {}
        }
    }
    Some(letters)
}

/// The strings that a page shows, as bytes; an empty one where a line ends.
fn shown(stream: &[u8]) -> Vec<Vec<u8>> {
    let mut strings = Vec::new();
    let mut bytes = stream.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'(' => {
                let (mut string, mut depth) = (Vec::new(), 1);
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'\\' => match bytes.next() {
                            Some(b'n') => string.push(b'\n'),
                            Some(b'r') => string.push(b'\r'),
                            Some(b't') => string.push(b'\t'),
                            Some(b'b') => string.push(8),
                            Some(b'f') => string.push(12),
                            Some(digit @ b'0'..=b'7') => {
                                let mut value = u32::from(digit - b'0');
                                for _ in 0..2 {
                                    if let Some(digit @ b'0'..=b'7') = bytes.peek().copied() {
                                        value = value * 8 + u32::from(digit - b'0');
                                        bytes.next();
                                    }
                                }
                                string.push(value.to_le_bytes()[0]);
                            }
                            Some(other) => string.push(other),
                            None => {}
                        },
                        b'(' => {
                            depth += 1;
                            string.push(byte);
                        }
                        b')' if depth == 1 => break,
                        b')' => {
                            depth -= 1;
                            string.push(byte);
                        }
                        _ => string.push(byte),
                    }
                }
                strings.push(string);
            }
            b'<' => {
                let hex: Vec<u8> = bytes.by_ref().take_while(|byte| *byte != b'>').collect();
                let digits: Vec<u8> = hex
                    .iter()
                    .filter_map(|byte| char::from(*byte).to_digit(16))
                    .filter_map(|digit| u8::try_from(digit).ok())
                    .collect();
                let pairs = digits
                    .chunks(2)
                    .map(|pair| pair[0] * 16 + pair.get(1).copied().unwrap_or(0));
                strings.push(pairs.collect());
            }
            // The end of a piece of text.
            b'j' | b'J' => strings.push(Vec::new()),
            _ => {}
        }
    }
    strings
}

/// What a document says: once by each of its fonts, as which of them a piece is in is not looked at.
pub fn of(pdf: &[u8]) -> String {
    let streams = streams(pdf);
    let fonts: Vec<Letters> = streams
        .iter()
        .filter_map(|stream| letters(stream))
        .collect();
    let mut text = String::new();
    for letters in &fonts {
        for page in streams
            .iter()
            .filter(|stream| find(stream, b"Tf").is_some())
        {
            for string in shown(page) {
                if string.is_empty() {
                    text.push(' ');
                }
                for glyph in string.chunks(2) {
                    let glyph =
                        u16::from(glyph[0]) << 8 | glyph.get(1).copied().map_or(0, u16::from);
                    text.push_str(letters.get(&glyph).map_or("", String::as_str));
                }
            }
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

//! What a client selects of a board's messages, and the messages written so.

use async_graphql::parser::types::SelectionSet;
use uuid::Uuid;

use super::source::Viewer;
use crate::feed::Position;
use crate::graph::failure::Failure;
use crate::graph::plan::json_key;
use crate::graph::selection::collect;
use crate::graph::type_id;
use crate::graph::write::string;

#[derive(Clone, Copy, Debug)]
enum Piece {
    Cursor,
    Snapshot,
    Upserts,
    Removed,
    TypeName,
}

/// The fields of a message, in the order of the document.
#[derive(Clone, Debug)]
pub struct Layout {
    pieces: Vec<(String, Piece)>,
    update: String,
}

/// What a message says.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// Up to where it brings the client.
    pub cursor: Position,
    /// All rows, where it says all.
    pub snapshot: Option<&'a [&'a str]>,
    /// The rows that came or became different.
    pub upserts: &'a [&'a str],
    /// The rows that went.
    pub removed: &'a [Uuid],
}

/// The selections of the rows of a message.
pub struct Sets<'a> {
    /// In a snapshot.
    pub snapshot: Vec<&'a SelectionSet>,
    /// Among the upserts.
    pub upserts: Vec<&'a SelectionSet>,
}

/// What a document selects of the rows.
pub fn sets<'a>(viewer: &'a Viewer, update: &str) -> Result<Sets<'a>, Failure> {
    let selected = viewer.selected()?;
    let mut sets = Sets {
        snapshot: Vec::new(),
        upserts: Vec::new(),
    };
    for field in collect(&selected.sets, update, &[], viewer.asked())? {
        match field.name() {
            "snapshot" => sets.snapshot.extend(field.sets),
            "upserts" => sets.upserts.extend(field.sets),
            _ => {}
        }
    }
    Ok(sets)
}

impl Layout {
    /// What a document selects of messages of this type.
    pub fn of(viewer: &Viewer, update: String) -> Result<Self, Failure> {
        let selected = viewer.selected()?;
        let mut pieces = Vec::new();
        for field in collect(&selected.sets, &update, &[], viewer.asked())? {
            let piece = match field.name() {
                "cursor" => Piece::Cursor,
                "snapshot" => Piece::Snapshot,
                "upserts" => Piece::Upserts,
                "removed" => Piece::Removed,
                _ => Piece::TypeName,
            };
            pieces.push((json_key(field.key), piece));
        }
        Ok(Self { pieces, update })
    }

    /// The JSON of a message.
    pub fn write(&self, message: &Message<'_>, prefix: &str) -> String {
        let mut out = String::from("{");
        for (index, (key, piece)) in self.pieces.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            out.push_str(key);
            match piece {
                Piece::Cursor => string(&mut out, &message.cursor.to_string()),
                Piece::Snapshot => match message.snapshot {
                    Some(rows) => list(&mut out, rows.iter().copied()),
                    None => out.push_str("null"),
                },
                Piece::Upserts => list(&mut out, message.upserts.iter().copied()),
                Piece::Removed => {
                    let ids = message.removed.iter();
                    let ids: Vec<String> = ids
                        .map(|id| format!("\"{}\"", type_id::encode(prefix, *id)))
                        .collect();
                    list(&mut out, ids.iter().map(String::as_str));
                }
                Piece::TypeName => string(&mut out, &self.update),
            }
        }
        out.push('}');
        out
    }
}

fn list<'a>(out: &mut String, items: impl Iterator<Item = &'a str>) {
    out.push('[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(item);
    }
    out.push(']');
}

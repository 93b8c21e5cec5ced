//! What was read, written as JSON.

use entities::metadata::Kind;
use tokio_postgres::Row;

use super::failure::Failure;
use super::listing::{EdgePart, Listing, PageInfoPart, Part};
use super::model::model;
use super::names::pascal;
use super::order::encode_cursor;
use super::plan::{Child, MoneyPart, Out, Shape, follow};
use super::reader::{Loaded, Reader, Stretch, raw, uuid};
use super::write::{Writer, amount, string};
use crate::money::exponent;

impl Reader<'_> {
    /// Appends a page of a list.
    pub(super) fn connection(
        self,
        out: &mut String,
        listing: &Listing,
        loaded: &Loaded<'_>,
        stretch: Stretch,
        count: i64,
    ) -> Result<(), Failure> {
        let backward = listing.page.backward;
        let place = |index: usize| {
            if backward {
                stretch.start + stretch.len - 1 - index
            } else {
                stretch.start + index
            }
        };
        object(out, &listing.parts, |out, part| match part {
            Part::Constant(text) => {
                out.push_str(text);
                Ok(())
            }
            Part::TotalCount => {
                out.push_str(&count.to_string());
                Ok(())
            }
            Part::Nodes(shape) => list(out, stretch.len, |out, index| {
                self.row(out, shape, loaded, place(index))
            }),
            Part::Edges(parts) => list(out, stretch.len, |out, index| {
                object(out, parts, |out, part| match part {
                    EdgePart::Node(shape) => self.row(out, shape, loaded, place(index)),
                    EdgePart::Cursor => cursor(out, listing, &loaded.rows[place(index)]),
                    EdgePart::Constant(text) => {
                        out.push_str(text);
                        Ok(())
                    }
                })
            }),
            Part::PageInfo(parts) => object(out, parts, |out, part| {
                page_info(out, *part, listing, loaded, stretch, place)
            }),
        })
    }

    /// Appends a row.
    pub(super) fn row(
        self,
        out: &mut String,
        shape: &Shape,
        loaded: &Loaded<'_>,
        index: usize,
    ) -> Result<(), Failure> {
        let row = &loaded.rows[index];
        object(out, &shape.0, |out, value| {
            self.value(out, value, loaded, index, row)
        })
    }

    fn value(
        self,
        out: &mut String,
        value: &Out,
        loaded: &Loaded<'_>,
        index: usize,
        row: &Row,
    ) -> Result<(), Failure> {
        match value {
            Out::Constant(text) => out.push_str(text),
            Out::Column(column, writer) => return scalar(out, row, *column, writer),
            Out::Money {
                minor,
                currency,
                parts,
            } => return money(out, row, *minor, *currency, parts),
            Out::Sealed(column) => match raw(row, *column)? {
                Some(sealed) => string(out, &self.sealer.open(self.principal.biz_id(), sealed)?),
                None => out.push_str("null"),
            },
            Out::Subject { id, kind } => {
                let kind: Option<&str> = row.try_get(*kind).map_err(Failure::internal)?;
                let prefix = kind
                    .and_then(|kind| {
                        model()
                            .by_name(kind)
                            .or_else(|| model().by_name(&pascal(kind)))
                    })
                    .map(|entity| model().entity(entity).table.id_prefix);
                let writer = prefix.map_or(Writer::Plain(Kind::Uuid), Writer::type_id);
                return scalar(out, row, *id, &writer);
            }
            Out::Transitions(column, machine) => {
                let status: &str = row.try_get(*column).map_err(Failure::internal)?;
                let moves = self
                    .transitions
                    .get(*machine)
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                let moves: Vec<(&str, &str)> = moves
                    .iter()
                    .map(|(a, b)| (a.as_str(), b.as_str()))
                    .collect();
                let next = follow(&moves, status);
                return list(out, next.len(), |out, index| {
                    string(out, &next[index]);
                    Ok(())
                });
            }
            Out::Nested(present, shape) => {
                if raw(row, *present)?.is_none() {
                    out.push_str("null");
                } else {
                    return self.row(out, shape, loaded, index);
                }
            }
            Out::Children(child) => return self.children(out, *child, loaded, row),
        }
        Ok(())
    }

    /// The list below a row. The plan's children and the loaded groups stand in the same order.
    fn children(
        self,
        out: &mut String,
        child: usize,
        loaded: &Loaded<'_>,
        row: &Row,
    ) -> Result<(), Failure> {
        let group = &loaded.children[child];
        let Child { key, listing } = &loaded.plan.children[child];
        let parent = uuid(row, *key)?.unwrap_or_default();
        let place = group.by_parent.binary_search_by_key(&parent, |(id, _)| *id);
        let stretch = place.map_or_else(|_| Stretch::default(), |place| group.by_parent[place].1);
        let count = group.counts.get(&parent).copied().unwrap_or(0);
        self.connection(out, listing, &group.loaded, stretch, count)
    }
}

fn money(
    out: &mut String,
    row: &Row,
    minor: usize,
    currency: usize,
    parts: &[(String, MoneyPart)],
) -> Result<(), Failure> {
    // An amount that has no currency yet is none, whatever its number.
    let number: Option<i64> = row.try_get(minor).map_err(Failure::internal)?;
    let code: Option<&str> = row.try_get(currency).map_err(Failure::internal)?;
    let Some((number, code)) = number.zip(code) else {
        out.push_str("null");
        return Ok(());
    };
    object(out, parts, |out, part| {
        match part {
            MoneyPart::Amount => amount(out, number, exponent(code)),
            MoneyPart::Currency => string(out, code),
            MoneyPart::Minor => super::write::long(out, number),
            MoneyPart::TypeName => out.push_str("\"Money\""),
        }
        Ok(())
    })
}

/// Appends a JSON object of keyed parts.
pub fn object<T>(
    out: &mut String,
    parts: &[(String, T)],
    mut write: impl FnMut(&mut String, &T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    out.push('{');
    for (index, (key, part)) in parts.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(key);
        write(out, part)?;
    }
    out.push('}');
    Ok(())
}

/// Appends a JSON list of `len` items.
pub fn list(
    out: &mut String,
    len: usize,
    mut write: impl FnMut(&mut String, usize) -> Result<(), Failure>,
) -> Result<(), Failure> {
    out.push('[');
    for index in 0..len {
        if index > 0 {
            out.push(',');
        }
        write(out, index)?;
    }
    out.push(']');
    Ok(())
}

/// Appends a column's value, or `null`.
pub fn scalar(out: &mut String, row: &Row, column: usize, writer: &Writer) -> Result<(), Failure> {
    if let Some(bytes) = raw(row, column)? {
        return writer.write(out, bytes);
    }
    out.push_str("null");
    Ok(())
}

fn cursor(out: &mut String, listing: &Listing, row: &Row) -> Result<(), Failure> {
    let mut values = String::new();
    for (index, (column, writer)) in listing.cursor.iter().flatten().enumerate() {
        if index > 0 {
            values.push(',');
        }
        scalar(&mut values, row, *column, writer)?;
    }
    string(out, &encode_cursor(&listing.terms, &values));
    Ok(())
}

fn page_info(
    out: &mut String,
    part: PageInfoPart,
    listing: &Listing,
    loaded: &Loaded<'_>,
    stretch: Stretch,
    place: impl Fn(usize) -> usize,
) -> Result<(), Failure> {
    let page = &listing.page;
    let (next, previous) = if page.backward {
        (page.is_before || page.offset > 0, stretch.more)
    } else {
        (stretch.more, page.is_after)
    };
    match part {
        PageInfoPart::HasNext => out.push_str(if next { "true" } else { "false" }),
        PageInfoPart::HasPrevious => out.push_str(if previous { "true" } else { "false" }),
        PageInfoPart::TypeName => out.push_str("\"PageInfo\""),
        PageInfoPart::Start | PageInfoPart::End if stretch.len == 0 => out.push_str("null"),
        PageInfoPart::Start => return cursor(out, listing, &loaded.rows[place(0)]),
        PageInfoPart::End => return cursor(out, listing, &loaded.rows[place(stretch.len - 1)]),
    }
    Ok(())
}

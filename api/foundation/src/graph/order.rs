//! Orders, and the cursors that mark a place in one.

use async_graphql::Value;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::condition::Statement;
use super::failure::Failure;
use super::input::Operand;

/// One key of an order.
#[derive(Clone, Debug)]
pub struct Term {
    /// The SQL expression, such as `t1.starts_at`.
    pub expression: String,
    /// What a cursor's value for it must be.
    pub operand: Operand,
    /// Whether the expression may be null.
    pub nullable: bool,
    /// Largest first.
    pub descending: bool,
    /// Rows without a value come first.
    pub nulls_first: bool,
}

impl Term {
    /// A key that is never null, smallest first.
    pub fn ascending(expression: String, operand: Operand) -> Self {
        Self {
            expression,
            operand,
            nullable: false,
            descending: false,
            nulls_first: false,
        }
    }

    /// The direction that a `SortOrder` names.
    pub fn directed(mut self, order: &str) -> Result<Self, Failure> {
        (self.descending, self.nulls_first) = match order {
            "ASC" | "ASC_NULLS_LAST" => (false, false),
            "ASC_NULLS_FIRST" => (false, true),
            "DESC" | "DESC_NULLS_FIRST" => (true, true),
            "DESC_NULLS_LAST" => (true, false),
            other => return Err(Failure::input(format!("{other} is no SortOrder."))),
        };
        Ok(self)
    }

    /// The same key in the opposite direction.
    pub fn reversed(&self) -> Self {
        Self {
            descending: !self.descending,
            nulls_first: !self.nulls_first,
            ..self.clone()
        }
    }

    /// The key as it stands in ORDER BY.
    pub fn sql(&self) -> String {
        let direction = if self.descending { " desc" } else { "" };
        // PostgreSQL's own default needs no words, and so matches an index as it was declared.
        let nulls = match (self.nullable, self.descending, self.nulls_first) {
            (false, _, _) | (true, true, true) | (true, false, false) => "",
            (true, _, true) => " nulls first",
            (true, _, false) => " nulls last",
        };
        format!("{}{direction}{nulls}", self.expression)
    }

    fn beyond(&self, bound: Option<&str>) -> String {
        let symbol = if self.descending { "<" } else { ">" };
        let column = &self.expression;
        match bound {
            None if self.nulls_first => format!("{column} is not null"),
            None => "false".to_owned(),
            Some(bound) if self.nullable && !self.nulls_first => {
                format!("({column} {symbol} {bound} or {column} is null)")
            }
            Some(bound) => format!("{column} {symbol} {bound}"),
        }
    }
}

/// The condition that a row comes after the place of a cursor.
pub fn after(terms: &[Term], values: &[Option<String>]) -> String {
    let plain = terms.iter().all(|term| !term.nullable);
    let one_way = terms
        .windows(2)
        .all(|pair| pair[0].descending == pair[1].descending);
    if plain && one_way && terms.len() > 1 {
        let columns: Vec<&str> = terms.iter().map(|term| term.expression.as_str()).collect();
        let bounds: Vec<&str> = values.iter().flatten().map(String::as_str).collect();
        let symbol = if terms[0].descending { "<" } else { ">" };
        return format!("({}) {symbol} ({})", columns.join(", "), bounds.join(", "));
    }
    let mut ways = Vec::new();
    for (index, term) in terms.iter().enumerate() {
        let mut all: Vec<String> = terms[..index]
            .iter()
            .zip(values)
            .map(|(term, bound)| match bound {
                Some(bound) => format!("{} = {bound}", term.expression),
                None => format!("{} is null", term.expression),
            })
            .collect();
        all.push(term.beyond(values[index].as_deref()));
        ways.push(format!("({})", all.join(" and ")));
    }
    format!("({})", ways.join(" or "))
}

/// A number that differs between orders, so that a cursor of another order is recognised.
fn fingerprint(terms: &[Term]) -> u32 {
    let text: String = terms.iter().map(|term| term.sql() + ",").collect();
    // FNV-1a: stable between versions and processes, which std's hasher does not promise.
    text.bytes().fold(0x811c_9dc5, |hash: u32, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// The cursor of a row whose order keys are these JSON values.
pub fn encode_cursor(terms: &[Term], values: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("[{},{values}]", fingerprint(terms)))
}

/// The placeholders of a cursor's values, bound to the statement.
pub fn decode_cursor(
    terms: &[Term],
    cursor: &str,
    statement: &mut Statement,
) -> Result<Vec<Option<String>>, Failure> {
    let broken = || {
        Failure::input("The cursor is none of this list's; take one from `cursor` or `pageInfo`.")
    };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| broken())?;
    let parts: Vec<serde_json::Value> = serde_json::from_slice(&bytes).map_err(|_| broken())?;
    let (mark, values) = parts.split_first().ok_or_else(broken)?;
    if mark.as_u64() != Some(u64::from(fingerprint(terms))) {
        return Err(Failure::input(
            "The cursor was made with another orderBy; keep the order while paging.",
        ));
    }
    if values.len() != terms.len() {
        return Err(broken());
    }
    let bind = |(term, value): (&Term, &serde_json::Value)| {
        if value.is_null() {
            return Ok(None);
        }
        let value = Value::from_json(value.clone()).map_err(|_| broken())?;
        let value = term
            .operand
            .value(&value, "The cursor")
            .map_err(|_| broken())?;
        Ok(Some(statement.bind(value)))
    };
    terms.iter().zip(values).map(bind).collect()
}

#[cfg(test)]
mod tests {
    use entities::metadata::Kind;

    use super::*;

    fn term(expression: &str) -> Term {
        let operand = Operand {
            kind: Kind::Integer,
            refers_to: None,
        };
        Term::ascending(expression.to_owned(), operand)
    }

    #[test]
    fn keys_of_one_direction_compare_as_a_row() {
        let terms = [term("a"), term("id")];
        let bounds = [Some("$1".to_owned()), Some("$2".to_owned())];
        assert_eq!(after(&terms, &bounds), "(a, id) > ($1, $2)");
    }

    #[test]
    fn a_null_at_the_end_is_followed_only_by_ties() {
        let nullable = Term {
            nullable: true,
            ..term("a")
        };
        let sql = after(&[nullable, term("id")], &[None, Some("$1".to_owned())]);
        assert_eq!(sql, "((false) or (a is null and id > $1))");
    }

    #[test]
    fn a_cursor_of_another_order_is_refused() {
        let cursor = encode_cursor(&[term("a")], "7");
        let mut statement = Statement::default();
        assert!(decode_cursor(&[term("a")], &cursor, &mut statement).is_ok());
        let failure = decode_cursor(&[term("b")], &cursor, &mut statement).unwrap_err();
        assert!(failure.message.contains("another orderBy"));
    }
}

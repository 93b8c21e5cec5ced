//! The operators of filters: what `eq`, `in`, `contains` and the like are in SQL.

use async_graphql::Value;
use entities::metadata::Kind;

use super::condition::Conditions;
use super::failure::Failure;
use super::input::{self, Object, Operand};

impl Conditions<'_> {
    /// The conditions of a set of operators on an expression.
    pub fn operators(
        &mut self,
        column: &str,
        operand: Operand,
        conditions: &Object,
        what: &str,
    ) -> Result<Vec<String>, Failure> {
        let mut all = Vec::new();
        for (operator, value) in conditions {
            if matches!(value, Value::Null) {
                continue;
            }
            let what = format!("{what}.{operator}");
            all.push(self.operator(column, operand, operator, value, &what)?);
        }
        Ok(all)
    }

    fn operator(
        &mut self,
        column: &str,
        operand: Operand,
        operator: &str,
        value: &Value,
        what: &str,
    ) -> Result<String, Failure> {
        if operator == "isNull" {
            let not = if input::boolean(value, what)? {
                ""
            } else {
                "not "
            };
            return Ok(format!("{column} is {not}null"));
        }
        if matches!(
            operand.kind,
            Kind::TextArray | Kind::UuidArray | Kind::IntegerArray | Kind::BigIntegerArray
        ) {
            return self.list_operator(column, operand, operator, value, what);
        }
        if matches!(operand.kind, Kind::Json) {
            return self.json_operator(column, operand, operator, value, what);
        }
        if let Some(symbol) = comparison(operator) {
            let bound = operand.value(value, what)?;
            let bound = self.statement.bind(bound);
            return Ok(format!("{column} {symbol} {bound}"));
        }
        match operator {
            "in" | "notIn" => {
                let list = operand.list(value, what)?;
                let bound = self.statement.bind(list);
                Ok(if operator == "in" {
                    format!("{column} = any({bound})")
                } else {
                    format!("({column} is null or {column} <> all({bound}))")
                })
            }
            _ => self.text_operator(column, operator, value, what),
        }
    }

    fn text_operator(
        &mut self,
        column: &str,
        operator: &str,
        value: &Value,
        what: &str,
    ) -> Result<String, Failure> {
        let (like, bare) = match operator.strip_prefix('i') {
            Some(bare) if operator != "in" => ("ilike", bare.to_owned()),
            _ => ("like", operator.to_owned()),
        };
        let text = escape_like(input::text(value, what)?);
        let pattern = match bare.as_str() {
            "eq" => text,
            "contains" => format!("%{text}%"),
            "startsWith" => format!("{text}%"),
            "endsWith" => format!("%{text}"),
            _ => return Err(unknown(what, operator)),
        };
        let bound = self.statement.bind(pattern);
        Ok(format!("{column} {like} {bound}"))
    }

    fn list_operator(
        &mut self,
        column: &str,
        operand: Operand,
        operator: &str,
        value: &Value,
        what: &str,
    ) -> Result<String, Failure> {
        let element = operand.element();
        match operator {
            "has" => {
                let bound = element.value(value, what)?;
                let bound = self.statement.bind(bound);
                Ok(format!("{bound} = any({column})"))
            }
            "hasAny" | "hasAll" => {
                let symbol = if operator == "hasAny" { "&&" } else { "@>" };
                let list = element.list(value, what)?;
                let bound = self.statement.bind(list);
                Ok(format!("{column} {symbol} {bound}"))
            }
            _ => Err(unknown(what, operator)),
        }
    }

    fn json_operator(
        &mut self,
        column: &str,
        operand: Operand,
        operator: &str,
        value: &Value,
        what: &str,
    ) -> Result<String, Failure> {
        match operator {
            "contains" => {
                let bound = operand.value(value, what)?;
                let bound = self.statement.bind(bound);
                Ok(format!("{column} @> {bound}"))
            }
            "hasKey" => {
                let key = input::text(value, what)?.to_owned();
                let bound = self.statement.bind(key);
                Ok(format!("{column} ? {bound}"))
            }
            _ => Err(unknown(what, operator)),
        }
    }
}

/// The failure of an operator that there is none of.
pub(super) fn unknown(what: &str, operator: &str) -> Failure {
    Failure::input(format!("{what} has no operator {operator}."))
}

fn comparison(operator: &str) -> Option<&'static str> {
    Some(match operator {
        "eq" => "=",
        "ne" => "is distinct from",
        "gt" => ">",
        "gte" => ">=",
        "lt" => "<",
        "lte" => "<=",
        _ => return None,
    })
}

/// Text that stands for itself within a LIKE pattern.
fn escape_like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

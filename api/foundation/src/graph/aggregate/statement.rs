//! The statement of an aggregate: conditions on groups, their order, and buckets without rows.

use async_graphql::Value;
use entities::metadata::Kind;

use super::Writing;
use crate::graph::failure::Failure;
use crate::graph::input::{self, Object, Operand};
use crate::graph::schema::measures::measures;

impl Writing<'_, '_> {
    /// The conditions on groups.
    pub(super) fn having(&mut self, having: &Value) -> Result<Vec<String>, Failure> {
        let mut all = Vec::new();
        for (name, value) in input::object(having, "having")? {
            match name.as_str() {
                _ if matches!(value, Value::Null) => {}
                "count" => {
                    let operand = Operand {
                        kind: Kind::BigInteger,
                        refers_to: None,
                    };
                    let conditions = input::object(value, "having.count")?;
                    let mut writer = self.planner.conditions(&mut self.plan.statement);
                    all.extend(writer.operators(
                        "count(*)",
                        operand,
                        conditions,
                        "having.count",
                    )?);
                }
                _ => {
                    for (field, conditions) in input::object(value, "having.sum")? {
                        let (expression, kind) = self.measured_sum(field.as_str())?;
                        let conditions = input::object(conditions, "having.sum")?;
                        let operand = Operand {
                            kind,
                            refers_to: None,
                        };
                        let mut writer = self.planner.conditions(&mut self.plan.statement);
                        all.extend(writer.operators(
                            &expression,
                            operand,
                            conditions,
                            "having.sum",
                        )?);
                    }
                }
            }
        }
        Ok(all)
    }

    fn measured_sum(&mut self, field: &str) -> Result<(String, Kind), Failure> {
        let column = measures(self.entity())
            .into_iter()
            .find(|(name, _)| name == field)
            .map(|(_, column)| column)
            .ok_or_else(|| Failure::input(format!("There is no sum of {field}.")))?;
        Ok(self.measure("sum", column))
    }

    /// The keys of the order, as places in the select list.
    pub(super) fn order(&mut self, given: &Object) -> Result<Vec<String>, Failure> {
        let mut order = Vec::new();
        for item in given.get("orderBy").map(input::items).unwrap_or_default() {
            let fields = input::object(item, "An item of orderBy")?;
            let [(name, direction)] = fields.iter().collect::<Vec<_>>()[..] else {
                return Err(Failure::input(
                    "Each item of orderBy takes exactly one field.",
                ));
            };
            let (expression, direction) = match name.as_str() {
                "count" => ("count(*)".to_owned(), direction),
                "sum" => {
                    let inner = input::object(direction, "orderBy.sum")?;
                    let [(field, direction)] = inner.iter().collect::<Vec<_>>()[..] else {
                        return Err(Failure::input("orderBy.sum takes exactly one field."));
                    };
                    (self.measured_sum(field.as_str())?.0, direction)
                }
                field => {
                    let key = self.keys.iter().find(|key| key.field == field).ok_or_else(|| {
                        Failure::input(format!("Groups can only be ordered by a key they are grouped by; {field} is none."))
                    })?;
                    (key.expression.clone(), direction)
                }
            };
            let words = input::text(direction, "orderBy")?
                .to_lowercase()
                .replace('_', " ");
            let index = self.column(expression);
            order.push(format!("{} {words}", index + 1));
        }
        let own: Vec<usize> = (1..=self.keys.len()).collect();
        order.extend(own.into_iter().map(|index| index.to_string()));
        Ok(order)
    }

    /// The statement.
    pub(super) fn sql(
        &mut self,
        conditions: &[String],
        having: &[String],
        order: &[String],
        first: i64,
        gaps: bool,
    ) -> Result<String, Failure> {
        let clause = |word: &str, parts: &[String], glue: &str| {
            if parts.is_empty() {
                String::new()
            } else {
                format!(" {word} {}", parts.join(glue))
            }
        };
        if self.select.is_empty() {
            self.select.push("count(*)".to_owned());
        }
        let columns: Vec<String> = self
            .select
            .iter()
            .enumerate()
            .map(|(index, column)| format!("{column} as c{index}"))
            .collect();
        let by: Vec<String> = (1..=self.keys.len())
            .map(|index| index.to_string())
            .collect();
        let from = self.plan.from();
        let groups = format!(
            "select {} {from}{}{}{}",
            columns.join(", "),
            clause("where", conditions, " and "),
            clause("group by", &by, ", "),
            clause("having", having, " and ")
        );
        let limit = self.plan.statement.bind(first);
        let order = clause("order by", order, ", ");
        if gaps {
            return Ok(format!("{}{order} limit {limit}", self.filled(&groups)?));
        }
        Ok(format!("{groups}{order} limit {limit}"))
    }

    /// The groups together with the buckets that have no rows, between the first and the last.
    fn filled(&self, groups: &str) -> Result<String, Failure> {
        let bucketed: Vec<usize> = (0..self.keys.len())
            .filter(|i| self.keys[*i].bucket.is_some())
            .collect();
        let [place] = bucketed[..] else {
            return Err(Failure::input(
                "fillGaps needs exactly one key with a bucket.",
            ));
        };
        let Some((unit, zone)) = &self.keys[place].bucket else {
            return Err(Failure::input(
                "fillGaps needs exactly one key with a bucket.",
            ));
        };
        let step = if *unit == "quarter" {
            "3 months".to_owned()
        } else {
            format!("1 {unit}")
        };
        let bound = |which: &str| format!("(select {which}(c{place}) from groups)");
        let (low, high) = (bound("min"), bound("max"));
        let buckets = if zone.is_empty() {
            format!(
                "select bucket::date as c{place} from generate_series({low}::timestamp, {high}::timestamp, interval '{step}') bucket"
            )
        } else if *unit == "hour" {
            format!(
                "select bucket as c{place} from generate_series({low}, {high}, interval '{step}') bucket"
            )
        } else {
            format!(
                "select bucket at time zone {zone} as c{place} from generate_series({low} at time zone {zone}, {high} at time zone {zone}, interval '{step}') bucket"
            )
        };
        let others: Vec<usize> = (0..self.keys.len())
            .filter(|index| *index != place)
            .collect();
        let names: Vec<String> = others.iter().map(|index| format!("c{index}")).collect();
        let kinds = if others.is_empty() {
            "select 1 as one".to_owned()
        } else {
            format!("select distinct {} from groups", names.join(", "))
        };
        let select: Vec<String> = (0..self.select.len())
            .map(|index| {
                if index == place {
                    format!("buckets.c{index}")
                } else if others.contains(&index) {
                    format!("kinds.c{index}")
                } else if self.select[index] == "count(*)" {
                    format!("coalesce(groups.c{index}, 0)")
                } else {
                    format!("groups.c{index}")
                }
            })
            .collect();
        let mut on = vec![format!("groups.c{place} = buckets.c{place}")];
        on.extend(
            names
                .iter()
                .map(|name| format!("groups.{name} is not distinct from kinds.{name}")),
        );
        Ok(format!(
            "with groups as ({groups}), buckets as ({buckets}), kinds as ({kinds}) select {} from buckets cross join kinds left join groups on {}",
            select.join(", "),
            on.join(" and ")
        ))
    }
}

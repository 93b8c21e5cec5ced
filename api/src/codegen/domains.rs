//! Domains over text with a list of values, as Rust enums and as metadata.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::docs;
use super::names;

/// A domain that lists its values.
pub struct Domain {
    pub schema: String,
    pub name: String,
    /// Its name in Rust and in the graph, given by [`name_all`].
    pub entity: String,
    pub description: String,
    /// Each value with its meaning.
    pub values: Vec<(String, String)>,
}

impl Domain {
    /// The domain, where its checks list values; another is only its base type.
    pub fn parse(
        schema: String,
        name: String,
        comment: Option<String>,
        checks: &[String],
    ) -> Option<Self> {
        let values = checks.iter().find_map(|check| values_of(check))?;
        let words = names::words(&name);
        let (description, mut meanings) = meanings(&comment.unwrap_or_default(), &values);
        let description = if description.is_empty() {
            format!("Values of {words}.")
        } else {
            description
        };
        let values = values
            .into_iter()
            .map(|value| {
                let meaning = meanings
                    .remove(&value)
                    .unwrap_or_else(|| format!("The {words} `{value}`."));
                (value, sentence(&meaning))
            })
            .collect();
        let entity = names::pascal(&name);
        Some(Self {
            schema,
            name,
            entity,
            description,
            values,
        })
    }

    /// The static that holds its metadata.
    pub fn constant(&self) -> String {
        names::screaming(&self.entity)
    }
}

/// The values of `CHECK ((VALUE = ANY (ARRAY['a'::text, 'b'::text])))`, as `PostgreSQL` spells an
/// `in (...)`; of a list of one it makes `CHECK ((VALUE = 'a'::text))`.
fn values_of(check: &str) -> Option<Vec<String>> {
    let rest = check.trim_start_matches("CHECK ").trim_start_matches('(');
    let list = rest.strip_prefix("VALUE = ")?;
    let mut values = Vec::new();
    let mut letters = list.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\'' {
            continue;
        }
        let mut value = String::new();
        while let Some(letter) = letters.next() {
            if letter == '\'' && letters.next_if_eq(&'\'').is_none() {
                break;
            }
            value.push(letter);
        }
        values.push(value);
    }
    (!values.is_empty()).then_some(values)
}

/// The text as a sentence of its own: the comment's line goes on behind a colon.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// What the comment says of the domain, and of each value on a line that begins with it; a line
/// that begins with no value goes on with the line before.
fn meanings(comment: &str, values: &[String]) -> (String, BTreeMap<String, String>) {
    let mut description = String::new();
    let mut meanings: BTreeMap<String, String> = BTreeMap::new();
    let mut current = None;
    for line in comment
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let found = line
            .split_once(':')
            .filter(|(value, _)| values.iter().any(|listed| listed == value));
        let text = if let Some((value, meaning)) = found {
            current = Some(value);
            meaning.trim()
        } else {
            line
        };
        let target = match current {
            Some(value) => meanings.entry(value.to_owned()).or_default(),
            None => &mut description,
        };
        if !target.is_empty() {
            target.push(' ');
        }
        target.push_str(text);
    }
    (description, meanings)
}

/// Names the domains uniquely in the graph: where two would be called the same, or one as an
/// entity, the schema comes first.
pub fn name_all(domains: &mut [Domain], entities: &BTreeSet<&str>) {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for domain in &*domains {
        *uses.entry(domain.entity.clone()).or_default() += 1;
    }
    for domain in domains {
        let unique = uses.get(&domain.entity) == Some(&1);
        if !unique || entities.contains(domain.entity.as_str()) {
            domain.entity.insert_str(0, &names::pascal(&domain.schema));
        }
    }
}

/// The enum of a domain and its metadata.
pub fn write(domain: &Domain) -> Result<String, std::fmt::Error> {
    let Domain {
        schema,
        name,
        entity,
        description,
        values,
    } = domain;
    let mut text = docs::lines(Some(description), "", 0);
    writeln!(
        text,
        "#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]\n\
         #[sea_orm(rs_type = \"String\", db_type = \"Text\")]\n\
         pub enum {entity} {{"
    )?;
    for (value, meaning) in values {
        let variant = names::pascal(value);
        text.push_str(&docs::lines(Some(meaning), "", 4));
        writeln!(
            text,
            "    #[sea_orm(string_value = {value:?})]\n    {variant},"
        )?;
    }
    let constant = domain.constant();
    writeln!(
        text,
        "}}\n\n\
         /// The values of [`{entity}`] with their meanings.\n\
         pub static {constant}: metadata::Domain = metadata::Domain {{\n\
         schema: {schema:?},\nname: {name:?},\nentity: {entity:?},\n\
         description: {description:?},\nvalues: &["
    )?;
    for (value, meaning) in values {
        writeln!(text, "({value:?}, {meaning:?}),")?;
    }
    text.push_str("],\n};\n\n");
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::Domain;

    fn domain(comment: &str, check: &str) -> Option<Domain> {
        let comment = Some(comment.to_owned());
        Domain::parse(
            "core".to_owned(),
            "a_kind".to_owned(),
            comment,
            &[check.to_owned()],
        )
    }

    #[test]
    fn values_and_meanings_are_read_from_check_and_comment() {
        let found = domain(
            "What it is.\na: First.\nit's: Second:\n  more.",
            "CHECK ((VALUE = ANY (ARRAY['a'::text, 'it''s'::text, 'c'::text])))",
        );
        let found = found.map(|domain| (domain.entity, domain.description, domain.values));
        let values = [
            ("a", "First."),
            ("it's", "Second: more."),
            ("c", "The a kind `c`."),
        ];
        let values = values.map(|(value, meaning)| (value.to_owned(), meaning.to_owned()));
        let expected = (
            "AKind".to_owned(),
            "What it is.".to_owned(),
            values.to_vec(),
        );
        assert_eq!(found, Some(expected));
    }

    #[test]
    fn a_domain_without_a_list_is_its_base_type() {
        assert!(domain("", "CHECK ((VALUE ~ '^x'::text))").is_none());
        assert!(domain("", "CHECK ((VALUE = 'only'::text))").is_some());
    }
}

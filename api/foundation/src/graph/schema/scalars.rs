//! Scalars, money, paging, and the filters that all entities share.

use async_graphql::registry::Registry;

use super::build::{enumeration, field, input, input_object, object, scalar};

/// Registers what does not depend on an entity.
pub fn register(registry: &mut Registry) {
    scalars(registry);
    paging(registry);
    filters(registry);
}

fn scalars(registry: &mut Registry) {
    let rfc3339 = "https://scalars.graphql.org/andimarek/date-time.html";
    let local_date = "https://scalars.graphql.org/andimarek/local-date.html";
    for (name, description, url) in [
        (
            "DateTime",
            "An instant as RFC 3339 text, given in UTC: `2026-03-29T01:30:00Z`.",
            rfc3339,
        ),
        ("Date", "A calendar day: `2026-03-29`.", local_date),
        (
            "Time",
            "A wall-clock time without a zone: `15:30:00`.",
            "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        ),
        (
            "Decimal",
            "An exact decimal number as text: `\"8.875\"`. Numbers are accepted as input.",
            "https://www.rfc-editor.org/rfc/rfc8259#section-6",
        ),
        (
            "Long",
            "A 64-bit integer: a number up to 2^53, text beyond, so that no client rounds it.",
            "https://www.rfc-editor.org/rfc/rfc8259#section-6",
        ),
        (
            "JSON",
            "Any JSON value.",
            "https://www.rfc-editor.org/rfc/rfc8259",
        ),
        (
            "Duration",
            "A length of time as ISO 8601 text: `PT1H30M`.",
            "https://www.rfc-editor.org/rfc/rfc3339#appendix-A",
        ),
        (
            "CurrencyCode",
            "A currency as its ISO 4217 code: `EUR`.",
            "https://www.iso.org/iso-4217-currency-codes.html",
        ),
    ] {
        scalar(registry, name, description, url);
    }
    object(
        registry,
        "Money",
        "An amount of money in one currency.",
        vec![
            field(
                "amount",
                "Decimal!",
                "The amount in units of the currency, with all its digits: `\"12.50\"`.",
            ),
            field(
                "currency",
                "CurrencyCode!",
                "The currency that the amount is in.",
            ),
            field(
                "minor",
                "Long!",
                "The amount in minor units: 1250 for 12.50 EUR, 12 for 12 JPY.",
            ),
        ],
    );
    input_object(
        registry,
        "MoneyInput",
        "An amount of money in one currency.",
        vec![
            input(
                "amount",
                "Decimal!",
                "The amount in units of the currency. Finer than the currency's exponent is refused.",
            ),
            input(
                "currency",
                "CurrencyCode!",
                "The currency that the amount is in.",
            ),
        ],
    );
}

fn paging(registry: &mut Registry) {
    object(
        registry,
        "PageInfo",
        "Where a page stands in its list.",
        vec![
            field(
                "hasNextPage",
                "Boolean!",
                "Whether more rows follow this page.",
            ),
            field(
                "hasPreviousPage",
                "Boolean!",
                "Whether rows come before this page.",
            ),
            field(
                "startCursor",
                "String",
                "The position of the first row of this page, for `before`.",
            ),
            field(
                "endCursor",
                "String",
                "The position of the last row of this page, for `after`.",
            ),
        ],
    );
    enumeration(
        registry,
        "SortOrder",
        "A direction of order. Without NULLS_FIRST or NULLS_LAST, rows without a value come last going up and first going down.",
        [
            ("ASC", "Smallest first, rows without a value last."),
            (
                "ASC_NULLS_FIRST",
                "Rows without a value first, then smallest first.",
            ),
            (
                "ASC_NULLS_LAST",
                "Smallest first, rows without a value last.",
            ),
            ("DESC", "Rows without a value first, then largest first."),
            (
                "DESC_NULLS_FIRST",
                "Rows without a value first, then largest first.",
            ),
            (
                "DESC_NULLS_LAST",
                "Largest first, rows without a value last.",
            ),
        ],
    );
    enumeration(
        registry,
        "DateBucket",
        "A span of local time into which instants or days are gathered; a bucket is named by its start.",
        [
            ("HOUR", "The hour in the time zone asked for."),
            ("DAY", "The calendar day in the time zone asked for."),
            ("WEEK", "The week, which starts on Monday (ISO 8601)."),
            ("MONTH", "The calendar month."),
            ("QUARTER", "The quarter of the calendar year."),
            ("YEAR", "The calendar year."),
        ],
    );
}

/// The operators of each filter type: (filter, operand, ordered, textual).
const FILTERS: &[(&str, &str, bool, bool)] = &[
    ("IDFilter", "ID", false, false),
    ("StringFilter", "String", true, true),
    ("BooleanFilter", "Boolean", false, false),
    ("IntFilter", "Int", true, false),
    ("LongFilter", "Long", true, false),
    ("DecimalFilter", "Decimal", true, false),
    ("DateTimeFilter", "DateTime", true, false),
    ("DateFilter", "Date", true, false),
    ("TimeFilter", "Time", true, false),
];

fn filters(registry: &mut Registry) {
    for (name, operand, ordered, textual) in FILTERS {
        operators(registry, name, operand, *ordered, *textual);
    }
    for (name, item, noun) in [
        ("StringListFilter", "String", "text"),
        ("IDListFilter", "ID", "id"),
        ("IntListFilter", "Int", "number"),
        ("LongListFilter", "Long", "number"),
    ] {
        let list = format!("[{item}!]");
        input_object(
            registry,
            name,
            &format!("Conditions on a list of {noun}s; all that are given must hold."),
            vec![
                input("has", item, &format!("The list holds this {noun}.")),
                input(
                    "hasAny",
                    &list,
                    &format!("The list holds at least one of these {noun}s."),
                ),
                input(
                    "hasAll",
                    &list,
                    &format!("The list holds all of these {noun}s."),
                ),
                input("isNull", "Boolean", "Whether there is no list at all."),
            ],
        );
    }
    input_object(
        registry,
        "JSONFilter",
        "Conditions on a JSON document; all that are given must hold.",
        vec![
            input(
                "contains",
                "JSON",
                "The document contains this one: its keys and values, at the same places.",
            ),
            input("hasKey", "String", "The document has this key at its top."),
            input("isNull", "Boolean", "Whether there is no document."),
        ],
    );
    input_object(
        registry,
        "SealedFilter",
        "Conditions on a value that is stored encrypted: only equality can be asked.",
        vec![
            input(
                "eq",
                "String",
                "Equal to this value, letter case and surrounding spaces apart.",
            ),
            input("isNull", "Boolean", "None, or some."),
        ],
    );
}

/// Registers the filter on one kind of value.
pub fn operators(registry: &mut Registry, name: &str, operand: &str, ordered: bool, textual: bool) {
    let list = format!("[{operand}!]");
    let mut fields = vec![
        input("eq", operand, "Equal to this."),
        input("ne", operand, "Not this."),
        input("in", &list, "One of these."),
        input("notIn", &list, "None of these."),
        input("isNull", "Boolean", "None, or some."),
    ];
    if ordered {
        fields.extend([
            input("gt", operand, "Greater than this value."),
            input("gte", operand, "Greater than or equal to this value."),
            input("lt", operand, "Less than this value."),
            input("lte", operand, "Less than or equal to this value."),
        ]);
    }
    if textual {
        fields.extend([
            input(
                "contains",
                operand,
                "Has this text in it, letter case counting.",
            ),
            input(
                "startsWith",
                operand,
                "Starts with this text, letter case counting.",
            ),
            input(
                "endsWith",
                operand,
                "Ends with this text, letter case counting.",
            ),
            input("ieq", operand, "Equal to this text, letter case apart."),
            input(
                "icontains",
                operand,
                "Has this text in it, letter case apart.",
            ),
            input(
                "istartsWith",
                operand,
                "Starts with this text, letter case apart.",
            ),
            input(
                "iendsWith",
                operand,
                "Ends with this text, letter case apart.",
            ),
        ]);
    }
    let description = "All must hold.".to_owned();
    input_object(registry, name, &description, fields);
}

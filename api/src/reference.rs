//! Reference data: countries, currencies, time zones, languages and permissions, from the sources
//! that this program was built with. Entered when it starts, where something is missing.

use std::str::FromStr as _;

use iso_currency::{Country, Currency, Flag, IntoEnumIterator as _};
use sea_orm::Value;

use crate::database::value::texts;
use crate::database::{self, Database, Scope, new_id};
use crate::domain;
use crate::identity::permissions::{self, PermissionInfo};

/// The smallest step that is paid in cash, in minor units, where coins below it were withdrawn.
/// Sources for currencies do not carry it; this is what their central banks say.
const CASH_STEPS: &[(&str, i64)] = &[
    ("AUD", 5),
    ("CAD", 5),
    ("CHF", 5),
    ("CLP", 10),
    ("CZK", 100),
    ("DKK", 50),
    ("HKD", 10),
    ("HUF", 500),
    ("ILS", 10),
    ("KRW", 10),
    ("MYR", 5),
    ("NOK", 100),
    ("NZD", 10),
    ("SEK", 100),
    ("SGD", 5),
    ("TWD", 100),
    ("ZAR", 10),
];

/// Enters what the database lacks. Run whenever the program starts: one statement says whether
/// anything is missing.
pub async fn fill(database: &Database) -> Result<(), database::Error> {
    let scope = database.platform(new_id()).await?;
    let permissions = domain::permissions();
    if is_missing(&scope, &permissions).await? {
        load(&scope, &permissions).await?;
        tracing::info!("entered the reference data");
    }
    scope.commit().await
}

const MISSING: &str = "select \
    (select count(*) from core.currencies) < $1 or (select count(*) from core.countries) < $2 \
    or (select count(*) from core.languages) < $3 or not exists (select 1 from core.timezones) \
    or (select count(*) from identity.permissions p \
        join unnest($4::text[], $5::text[]) as g (code, description) \
          on g.code = p.code and g.description = p.description) < cardinality($4::text[])";

async fn is_missing(
    scope: &Scope,
    permissions: &[PermissionInfo],
) -> Result<bool, database::Error> {
    let count = |count: usize| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
    let values = [
        count(currencies().count()),
        count(rust_iso3166::ALL.len()),
        count(languages().count()),
        texts(permissions.iter().map(|info| info.code.as_str())),
        texts(permissions.iter().map(|info| info.description.as_str())),
    ];
    let row = scope.query_opt(MISSING, &values).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.unwrap_or(true))
}

/// Enters everything, whether it is there or not; the same again changes nothing.
pub async fn load(scope: &Scope, permissions: &[PermissionInfo]) -> Result<(), database::Error> {
    load_currencies(scope).await?;
    load_countries(scope).await?;
    load_time_zones(scope).await?;
    load_languages(scope).await?;
    domain::payments::wire::load(scope).await?;
    permissions::seed(scope, permissions).await
}

/// The currencies that have minor units; metals and units of account have none.
fn currencies() -> impl Iterator<Item = (Currency, i16)> {
    Currency::iter().filter_map(|currency| {
        let exponent = currency.exponent().filter(|exponent| *exponent <= 4)?;
        Some((currency, i16::try_from(exponent).ok()?))
    })
}

/// Whether a currency is money that people pay with today.
fn is_in_use(currency: Currency) -> bool {
    let flags = currency.flags();
    !flags
        .iter()
        .any(|flag| matches!(flag, Flag::Fund | Flag::Special | Flag::Superseded(_)))
}

fn cash_step(code: &str) -> i64 {
    let known = CASH_STEPS.iter().find(|(known, _)| *known == code);
    known.map_or(1, |(_, step)| *step)
}

async fn load_currencies(scope: &Scope) -> Result<(), database::Error> {
    let all: Vec<(Currency, i16)> = currencies().collect();
    let values = [
        texts(all.iter().map(|(currency, _)| currency.code())),
        texts(all.iter().map(|(currency, _)| currency.name())),
        all.iter()
            .map(|(_, exponent)| *exponent)
            .collect::<Vec<i16>>()
            .into(),
        all.iter()
            .map(|(currency, _)| cash_step(currency.code()))
            .collect::<Vec<i64>>()
            .into(),
        all.iter()
            .map(|(currency, _)| is_in_use(*currency))
            .collect::<Vec<bool>>()
            .into(),
    ];
    // The exponent of money that was counted in is never changed under it.
    let sql = "insert into core.currencies as c (code, name, exponent, cash_increment_minor, is_active) \
        select * from unnest($1::text[], $2::text[], $3::smallint[], $4::bigint[], $5::boolean[]) \
        order by 1 \
        on conflict (code) do update set name = excluded.name, is_active = excluded.is_active \
        where (c.name, c.is_active) is distinct from (excluded.name, excluded.is_active)";
    scope.execute(sql, &values).await.map(drop)
}

/// The currency that a country pays with; none where nobody lives to pay.
fn currency_of(country: &str) -> Option<Currency> {
    let country = Country::from_str(country).ok()?;
    let all = Currency::from_country(country);
    all.into_iter().find(|currency| is_in_use(*currency))
}

async fn load_countries(scope: &Scope) -> Result<(), database::Error> {
    let all = rust_iso3166::ALL;
    let values = [
        texts(all.iter().map(|country| country.alpha2)),
        texts(all.iter().map(|country| country.name)),
        // No country's currency is the empty text, which stands for none.
        texts(
            all.iter()
                .map(|country| currency_of(country.alpha2).map_or("", |c| c.code())),
        ),
    ];
    let sql = "insert into core.countries as c (code, name, default_currency) \
        select g.code, g.name, nullif(g.currency, '') \
        from unnest($1::text[], $2::text[], $3::text[]) as g (code, name, currency) order by g.code \
        on conflict (code) do update \
        set name = excluded.name, default_currency = excluded.default_currency \
        where (c.name, c.default_currency) is distinct from (excluded.name, excluded.default_currency)";
    scope.execute(sql, &values).await.map(drop)
}

/// Whether a time zone is offered for new places: a region and a city, or UTC. The others are older
/// names for the same, which stay good where they are used.
fn is_offered(zone: &str) -> bool {
    let legacy = ["Etc/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/"];
    zone == "UTC" || (zone.contains('/') && !legacy.iter().any(|area| zone.starts_with(area)))
}

async fn load_time_zones(scope: &Scope) -> Result<(), database::Error> {
    let all: Vec<&str> = chrono_tz::TZ_VARIANTS
        .iter()
        .map(|zone| zone.name())
        .collect();
    let values = [
        texts(all.iter().copied()),
        all.iter()
            .map(|zone| is_offered(zone))
            .collect::<Vec<bool>>()
            .into(),
    ];
    let sql = "insert into core.timezones (name, is_active) \
        select g.name, g.is_offered from unnest($1::text[], $2::boolean[]) as g (name, is_offered) \
        where g.name in (select z.name from pg_timezone_names z) \
        order by g.name on conflict (name) do nothing";
    scope.execute(sql, &values).await.map(drop)
}

/// The languages with a tag of two letters, as texts are marked with.
fn languages() -> impl Iterator<Item = (&'static str, &'static str)> {
    isolang::languages().filter_map(|language| Some((language.to_639_1()?, language.to_name())))
}

async fn load_languages(scope: &Scope) -> Result<(), database::Error> {
    let values = [
        texts(languages().map(|(tag, _)| tag)),
        texts(languages().map(|(_, name)| name)),
    ];
    let sql = "insert into core.languages as l (tag, name) \
        select * from unnest($1::text[], $2::text[]) order by 1 \
        on conflict (tag) do update set name = excluded.name where l.name <> excluded.name";
    scope.execute(sql, &values).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_are_those_that_can_be_counted() {
        let of = |code: &str| currencies().find(|(currency, _)| currency.code() == code);
        assert_eq!(of("EUR").unwrap().1, 2);
        assert_eq!(of("JPY").unwrap().1, 0);
        assert_eq!(of("KWD").unwrap().1, 3);
        assert!(of("XAU").is_none());
        assert!(is_in_use(Currency::EUR) && !is_in_use(Currency::BOV));
        assert_eq!((cash_step("CHF"), cash_step("EUR")), (5, 1));
    }

    #[test]
    fn countries_pay_with_their_currency() {
        let of = |country| currency_of(country).map(|currency| currency.code());
        assert_eq!(of("PT"), Some("EUR"));
        assert_eq!(of("CH"), Some("CHF"));
        assert_eq!(of("AQ"), None);
    }

    #[test]
    fn old_names_of_time_zones_are_not_offered() {
        assert!(is_offered("Europe/Lisbon") && is_offered("UTC"));
        assert!(!is_offered("US/Eastern") && !is_offered("EST") && !is_offered("Etc/GMT+1"));
    }
}

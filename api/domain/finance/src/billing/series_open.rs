//! `fiscalSeriesOpen`.

use async_graphql::{Enum, InputObject};
use entities::core::location;

use super::choices::{Authority, DocumentType};
use super::store::reach_location;
use foundation::database::new_id;
use foundation::graph::scalars::{Choice, Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.manage";

/// Opens a series: a run of numbers without gaps for one type of document, of a location or of the
/// whole business. Once it has a document it is never changed; another one is opened instead.
#[derive(InputObject)]
pub struct FiscalSeriesOpenInput {
    /// What it numbers.
    pub document_type: Choice<DocumentType>,
    /// Short name, such as A or 2026.
    pub code: String,
    /// The country whose law it follows, as its ISO 3166 code.
    pub country: String,
    /// The location whose documents it numbers; all if not given.
    pub location_id: Option<Id<location::Entity>>,
    /// Who is told of its documents; nobody if not given.
    pub authority: Option<Choice<Authority>>,
    /// What a number begins with, such as `FT A/`.
    pub prefix: Option<String>,
    /// To how many digits a number is filled up with zeros; one if not given.
    pub padding: Option<i32>,
    /// The first number; 1 if not given.
    pub range_from: Option<i32>,
    /// The last number that the authority allows; 999999999 if not given.
    pub range_to: Option<i32>,
    /// The authority's reference of the range.
    pub authorization_ref: Option<String>,
    /// The last day on which documents may be issued in it.
    pub valid_until: Option<Day>,
}

/// Why a series cannot be opened.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FiscalSeriesOpenErrorCode")]
pub enum FiscalSeriesOpenProblem {
    /// There is already a series of this code for these documents.
    CodeTaken,
    /// There is no such country.
    UnknownCountry,
}

/// The verb.
pub struct FiscalSeriesOpen;

const INSERT: &str = "insert into billing.fiscal_series (biz_id, id, location_id, country, authority, document_type, code, prefix, \
      padding, range_from, range_to, next_value, authorization_ref, valid_until) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10, $12, $13)";

impl Verb for FiscalSeriesOpen {
    type Input = FiscalSeriesOpenInput;
    type Problem = FiscalSeriesOpenProblem;

    const NAME: &'static str = "fiscalSeriesOpen";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.series_opened");
    const PAYLOAD: &'static [Part] = &[Part::Row("fiscalSeries", "FiscalSery", "The series.")];
    const CONSTRAINTS: &'static [(&'static str, FiscalSeriesOpenProblem)] = &[
        ("fiscal_series_code_key", FiscalSeriesOpenProblem::CodeTaken),
        (
            "fiscal_series_country_fkey",
            FiscalSeriesOpenProblem::UnknownCountry,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        if let Some(location_id) = input.location_id {
            reach_location(act, PERMISSION, location_id.uuid()).await?;
        }
        let id = new_id();
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            input.location_id.map(|id| id.uuid()).into(),
            input.country.into(),
            input
                .authority
                .map_or("none", |authority| authority.0)
                .into(),
            input.document_type.0.into(),
            input.code.clone().into(),
            input.prefix.unwrap_or_default().into(),
            input.padding.unwrap_or(1).into(),
            input.range_from.unwrap_or(1).into(),
            input.range_to.unwrap_or(999_999_999).into(),
            input.authorization_ref.into(),
            input.valid_until.map(|day| day.0).into(),
        ];
        act.scope.execute(INSERT, &values).await?;
        Ok(Outcome::row("fiscalSeries", id).detail("code", input.code))
    }
}

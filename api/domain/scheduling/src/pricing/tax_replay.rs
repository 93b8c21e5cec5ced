//! The question `taxReplay`.

use async_graphql::{InputObject, SimpleObject};
use entities::pricing::tax_calculation;

use super::tax::{ENGINE, TaxInputs, calculate};
use super::tax_calculate::{TaxedLine, shown};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Id, Money};
use foundation::graph::verb::Permission;

/// Reckons a calculation of tax again from what was kept of it, and says whether it comes to the same.
#[derive(InputObject)]
pub struct TaxReplayInput {
    /// The calculation.
    pub tax_calculation_id: Id<tax_calculation::Entity>,
}

/// What came out when it was reckoned again.
#[derive(SimpleObject)]
pub struct TaxReplay {
    /// Whether it came to the same; none where it was reckoned by a version whose rules are others now.
    pub is_same: Option<bool>,
    /// The version of the rules it was reckoned by then.
    pub engine_version: String,
    /// The version of the rules now.
    pub current_engine_version: String,
    /// The digest of what came out then.
    pub digest: String,
    /// The digest of what comes out now; none where its inputs were kept in another form.
    pub replayed_digest: Option<String>,
    /// All tax, as reckoned again.
    pub total_tax: Option<Money>,
    /// The tax of each line at each rate, as reckoned again.
    pub lines: Vec<TaxedLine>,
}

/// The question.
#[derive(Debug)]
pub struct AskTaxReplay;

const FIND: &str = "select c.inputs, c.engine_version, c.result_digest, c.currency::text, o.location_id \
    from pricing.tax_calculations c \
    left join booking.booking_orders o on o.biz_id = c.biz_id and c.source_type = 'BookingOrder' and o.id = c.source_id \
    where c.biz_id = $1 and c.id = $2";

impl Question for AskTaxReplay {
    type Input = TaxReplayInput;
    type Answer = TaxReplay;

    const NAME: &'static str = "taxReplay";
    const PERMISSION: Permission = Permission::Holds("pricing.read");

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let values = [
            look.scope.biz_id().into(),
            input.tax_calculation_id.uuid().into(),
        ];
        let row = look.scope.query_opt(FIND, &values).await?;
        let missing = || Failure::new(Code::NotFound, "There is no such tax calculation.");
        let row = row.ok_or_else(missing)?;
        let read =
            |error: tokio_postgres::Error| Failure::from(foundation::database::Error::from(error));
        if let Some(location) = row.try_get::<_, Option<uuid::Uuid>>(4).map_err(read)? {
            look.permit_at("pricing.read", location, "tax calculation")?;
        }
        let inputs: serde_json::Value = row.try_get(0).map_err(read)?;
        let engine_version: String = row.try_get(1).map_err(read)?;
        let digest: String = row.try_get(2).map_err(read)?;
        let currency: String = row.try_get(3).map_err(read)?;
        let inputs: Option<TaxInputs> = serde_json::from_value(inputs).ok();
        let replayed = inputs.and_then(|inputs| calculate(&inputs).ok());
        let is_same = replayed.as_ref().map(|replayed| replayed.digest == digest);
        Ok(TaxReplay {
            is_same: is_same.filter(|_| engine_version == ENGINE),
            engine_version,
            current_engine_version: ENGINE.to_owned(),
            digest,
            total_tax: replayed.as_ref().map(|replayed| Money {
                minor: replayed.total_tax_minor,
                currency: currency.clone(),
            }),
            lines: replayed
                .as_ref()
                .map_or_else(Vec::new, |replayed| shown(&replayed.parts, &currency)),
            replayed_digest: replayed.map(|replayed| replayed.digest),
        })
    }
}

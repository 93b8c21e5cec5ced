//! Features of `bookingModify`.

use super::{BookingModifyInput, Checked, Problem};
use crate::booking::days::Days;
use crate::booking::extras::{NewFeature, add, price_of, remove};
use crate::booking::locked::Locked;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault};

/// Takes features off and adds some, at their prices of now; what they cost is reckoned after.
pub(super) async fn write(
    act: &Act<'_>,
    order: &Locked,
    input: &BookingModifyInput,
    days: Option<&Days>,
) -> Checked<()> {
    let gone: Vec<_> = input
        .remove_feature_ids
        .iter()
        .flatten()
        .map(Id::uuid)
        .collect();
    let count = gone.len();
    if count > 0 && usize::try_from(remove(act.scope, order.id, gone).await?) != Ok(count) {
        return Err(Fault::not_found("feature of this booking"));
    }
    let (units, days) = days.map_or((1, 1), Days::size);
    for given in input.add_features.iter().flatten() {
        let units = given.units.unwrap_or(units);
        if units < 1 {
            let message = "A feature is for at least 1 unit.";
            return Err(Fault::at(Problem::InvalidQuantity, "addFeatures", message));
        }
        let feature_id = given.feature_id.uuid();
        let at = act.scope.now();
        let price = price_of(act.scope, feature_id, order.location_id, at).await?;
        let Some(price) = price else {
            let message = "The feature has no price at this location now.";
            return Err(Fault::at(Problem::NoPrice, "addFeatures", message));
        };
        if price
            .currency()
            .is_some_and(|other| other != order.currency)
        {
            let message = "The price of the feature is in another currency.";
            return Err(Fault::at(Problem::WrongCurrency, "addFeatures", message));
        }
        let new = NewFeature {
            feature_id,
            units,
            days,
        };
        add(act.scope, order.id, new, &price, &order.currency).await?;
    }
    Ok(())
}

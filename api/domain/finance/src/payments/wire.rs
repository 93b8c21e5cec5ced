//! How processors write amounts where that is not as the currency has it.

use sea_orm::Value;

use foundation::database::value::texts;
use foundation::database::{Error, Scope};

/// Currency, decimals on the wire, smallest step in minor units. Stripe's list: what has no decimals
/// there, what is written with two although it has none, and what is rounded to ten of its thousandths.
const STRIPE: &[(&str, i16, i64)] = &[
    ("BHD", 3, 10),
    ("ISK", 2, 1),
    ("JOD", 3, 10),
    ("KWD", 3, 10),
    ("MGA", 0, 100),
    ("OMR", 3, 10),
    ("TND", 3, 10),
    ("UGX", 2, 1),
];

/// Enters what is missing; what somebody has entered otherwise stays.
pub async fn load(scope: &Scope) -> Result<(), Error> {
    let values: [Value; 3] = [
        texts(STRIPE.iter().map(|(code, ..)| *code)),
        STRIPE
            .iter()
            .map(|(_, exponent, _)| *exponent)
            .collect::<Vec<i16>>()
            .into(),
        STRIPE
            .iter()
            .map(|(_, _, step)| *step)
            .collect::<Vec<i64>>()
            .into(),
    ];
    let sql = "insert into payments.processor_currencies (processor, currency, wire_exponent, increment_minor) \
        select 'stripe', w.code, w.exponent, w.step from unnest($1::text[], $2::smallint[], $3::bigint[]) as w (code, exponent, step) \
        join core.currencies c on c.code = w.code on conflict do nothing";
    scope.execute(sql, &values).await.map(drop)
}

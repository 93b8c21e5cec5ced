//! `paymentLinkCancel`.

use async_graphql::InputObject;
use entities::payments::payment_link;
use uuid::Uuid;

use super::{LinkProblem as Problem, PERMISSION};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Withdraws a link: it can no longer be paid.
#[derive(InputObject)]
pub struct PaymentLinkCancelInput {
    /// The link.
    pub id: Id<payment_link::Entity>,
    /// Why.
    pub reason: String,
}

const LOCK: &str = "select l.location_id, l.status::text from payments.payment_links l where l.biz_id = $1 and l.id = $2 for no key update";
const CANCEL: &str =
    "update payments.payment_links set status = 'canceled' where biz_id = $1 and id = $2";

/// The verb that withdraws.
pub struct PaymentLinkCancel;

impl Verb for PaymentLinkCancel {
    type Input = PaymentLinkCancelInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentLinkCancel";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payments.link_canceled");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "paymentLink",
        "PaymentLink",
        "The link as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let values = [act.scope.biz_id().into(), input.id.uuid().into()];
        let row = act.scope.query_opt(LOCK, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("link"))?;
        let location_id: Option<Uuid> = row.try_get(0)?;
        if let Some(location_id) = location_id {
            act.permit_at(PERMISSION, location_id, "link")?;
        }
        let status: &str = row.try_get(1)?;
        if status != "active" {
            let message = format!("The link is {status}.");
            return Err(Fault::at(Problem::NotPayable, "id", message));
        }
        act.scope.set_reason(input.reason.trim()).await?;
        act.scope.execute(CANCEL, &values).await?;
        Ok(Outcome::row("paymentLink", input.id.uuid()))
    }
}

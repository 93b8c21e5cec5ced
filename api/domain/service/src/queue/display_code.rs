//! `queueDisplayCode`.

use async_graphql::{Enum, InputObject};
use entities::queue::queue_display as display;
use foundation::graph::scalars::Id;
use foundation::graph::type_id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::token::Secret;
use uuid::Uuid;

const PERMISSION: &str = "queue.manage";

/// Makes a code by which a screen is paired with a display; a former code, and a screen that was paired
/// before, end.
#[derive(InputObject)]
pub struct QueueDisplayCodeInput {
    /// The display.
    pub id: Id<display::Entity>,
}

/// Why no code was made.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueDisplayCodeErrorCode")]
pub enum QueueDisplayCodeProblem {
    /// The display is archived.
    Archived,
}

/// The verb.
pub struct QueueDisplayCode;

impl Verb for QueueDisplayCode {
    type Input = QueueDisplayCodeInput;
    type Problem = QueueDisplayCodeProblem;

    const NAME: &'static str = "queueDisplayCode";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.display_code_made");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("queueDisplay", "QueueDisplay", "The display."),
        Part::Secret(
            "code",
            "String",
            "What the screen is given: `queueDisplayPair`. Good for one screen.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let sql = "select location_id, deleted_at is not null from queue.displays where biz_id = $1 and id = $2 for no key update";
        let values = [act.scope.biz_id().into(), input.id.uuid().into()];
        let row = act.scope.query_opt(sql, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("display"))?;
        let location: Uuid = row.try_get(0)?;
        act.permit_at(PERMISSION, location, "display")?;
        if row.try_get(1)? {
            let text = "The display is archived.";
            return Err(Fault::at(QueueDisplayCodeProblem::Archived, "id", text));
        }
        let secret = Secret::random()?;
        let sql = "update queue.displays set pairing_code_hash = $3, paired_at = null where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            input.id.uuid().into(),
            secret.digest.into(),
        ];
        act.scope.execute(sql, &values).await?;
        let code = format!(
            "{}.{}",
            type_id::encode("biz", act.scope.biz_id()),
            secret.text
        );
        Ok(Outcome::row("queueDisplay", input.id.uuid()).and_value("code", code))
    }
}

//! `queueDisplayPair`.

use crate::queue::codes::display_token;
use crate::queue::store::parts;
use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use foundation::graph::type_id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::token::digest;
use uuid::Uuid;

/// Pairs a screen with a display, by a code: the token opens `displayFeed`.
#[derive(InputObject)]
pub struct QueueDisplayPairInput {
    /// The code that staff made.
    pub code: String,
}

/// Why no screen was paired.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueDisplayPairErrorCode")]
pub enum QueueDisplayPairProblem {
    /// The code opens no display, or was used.
    CodeInvalid,
}

/// The verb.
pub struct QueueDisplayPair;

impl Verb for QueueDisplayPair {
    type Input = QueueDisplayPairInput;
    type Problem = QueueDisplayPairProblem;

    const NAME: &'static str = "queueDisplayPair";
    const PERMISSION: Permission = Permission::Anyone;
    const EVENT: Option<&'static str> = Some("queue.display_paired");
    const PAYLOAD: &'static [Part] = &[
        Part::Value("displayId", "ID", "The display."),
        Part::Secret("token", "String", "What opens `displayFeed`."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let identity = &act.session.shared.identity;
        let address = act.session.client.ip.as_deref();
        let attempt = identity
            .attempts
            .admit(Some("queue display"), address)
            .await?;
        let invalid = || {
            let text = "The code opens no display, or was used.";
            Fault::at(QueueDisplayPairProblem::CodeInvalid, "code", text)
        };
        let (biz_id, code) = parts(&input.code)?;
        act.scope.enter(biz_id, None).await?;
        let sql = "update queue.displays set pairing_code_hash = null, paired_at = $3, last_seen_at = $3 \
                   where biz_id = $1 and pairing_code_hash = $2 and deleted_at is null returning id, paired_at";
        let values = [biz_id.into(), digest(code).into(), act.scope.now().into()];
        let row = act
            .scope
            .query_opt(sql, &values)
            .await?
            .ok_or_else(invalid)?;
        let (id, paired_at): (Uuid, DateTime<Utc>) = (row.try_get(0)?, row.try_get(1)?);
        attempt.turned_out_well();
        let token = display_token(&act.session.shared.sealer, biz_id, id, paired_at);
        let mut outcome = Outcome::default()
            .and_value("displayId", type_id::encode("qudi", id))
            .and_value("token", token);
        outcome.subject = Some(("QueueDisplay", id));
        Ok(outcome)
    }
}

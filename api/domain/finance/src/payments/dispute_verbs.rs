//! `disputeEvidenceAdd`, `disputeEvidenceSubmit` and `disputeAccept`: what the business answers to a
//! dispute.

use std::sync::Arc;

use async_graphql::{Enum, InputObject};
use entities::core::media_asset;
use entities::payments::{dispute, domains};
use sea_orm::Value;
use uuid::Uuid;

use super::again::{self, unanswered};
use super::disputes::{Case, Dispute, go};
use super::{accounts, locked, processors};
use foundation::choices;
use foundation::database::{Error, Scope, new_id};
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::session::Shared;
use foundation::graph::verb::{Act, Fault, Followed, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "payments.dispute";

choices! {
    /// What a piece of evidence shows.
    EvidenceKind = domains::EVIDENCE_KIND;
}

/// Keeps a piece of evidence against a dispute, to be handed in later.
#[derive(InputObject)]
pub struct DisputeEvidenceAddInput {
    /// The dispute.
    pub dispute_id: Id<dispute::Entity>,
    /// What it shows.
    pub kind: Choice<EvidenceKind>,
    /// The evidence in words.
    pub text: Option<String>,
    /// The evidence as a file.
    pub media_id: Option<Id<media_asset::Entity>>,
}

/// Hands in all evidence that was kept against a dispute. It is never changed afterwards.
#[derive(InputObject)]
pub struct DisputeEvidenceSubmitInput {
    /// The dispute.
    pub id: Id<dispute::Entity>,
}

/// Does not contest a dispute: the money is gone.
#[derive(InputObject)]
pub struct DisputeAcceptInput {
    /// The dispute.
    pub id: Id<dispute::Entity>,
    /// Why it is not contested.
    pub reason: String,
}

/// Why a dispute is not answered.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DisputeErrorCode")]
pub enum DisputeProblem {
    /// It waits for no answer.
    WrongStatus,
    /// There is no evidence to hand in.
    NoEvidence,
    /// The bank takes no evidence any more.
    TooLate,
    /// A reason must be given.
    ReasonRequired,
}

use DisputeProblem as Problem;

const PAYLOAD: &[Part] = &[Part::Row("dispute", "Dispute", "The dispute as it now is.")];

struct Open {
    intent: locked::Intent,
    tender_id: Uuid,
    account: accounts::Account,
    dispute: Dispute,
    is_late: bool,
}

const FIND: &str = "select d.intent_id, d.status::text, d.reserved_minor, d.processor_account_id, d.evidence_due_at < $3, \
      (select x.tender_id from payments.payment_transactions x where x.biz_id = d.biz_id and x.dispute_id = d.id limit 1) \
    from payments.disputes d where d.biz_id = $1 and d.id = $2";

async fn open(scope: &Scope, id: Uuid) -> Result<Option<Open>, Error> {
    let values: [Value; 3] = [scope.biz_id().into(), id.into(), scope.now().into()];
    let Some(row) = scope.query_opt(FIND, &values).await? else {
        return Ok(None);
    };
    let intent = locked::lock(scope, row.try_get(0)?).await?;
    let account = accounts::find(scope, row.try_get(3)?).await?;
    // Where it stands is read under the lock of its payment.
    let again = scope.query_opt(FIND, &values).await?;
    let (Some(intent), Some((account, _)), Some(row)) = (intent, account, again) else {
        return Ok(None);
    };
    let first = intent
        .tenders
        .first()
        .map(|tender| tender.id)
        .unwrap_or_default();
    Ok(Some(Open {
        tender_id: row.try_get::<_, Option<Uuid>>(5)?.unwrap_or(first),
        intent,
        account,
        dispute: Dispute {
            id,
            status: row.try_get(1)?,
            reserved: row.try_get(2)?,
        },
        is_late: row.try_get::<_, Option<bool>>(4)?.unwrap_or_default(),
    }))
}

async fn unanswered(act: &Act<'_>, id: Uuid) -> Result<Open, Fault<Problem>> {
    let found = open(act.scope, id)
        .await?
        .ok_or_else(|| Fault::not_found("dispute"))?;
    if let Some(location_id) = found.intent.location_id {
        act.permit_at(PERMISSION, location_id, "dispute")?;
    }
    if !matches!(
        found.dispute.status.as_str(),
        "needs_response" | "warning_needs_response"
    ) {
        let message = format!("The dispute is {}.", found.dispute.status.replace('_', " "));
        return Err(Fault::at(Problem::WrongStatus, "id", message));
    }
    Ok(found)
}

/// The verb that keeps evidence.
pub struct DisputeEvidenceAdd;

impl Verb for DisputeEvidenceAdd {
    type Input = DisputeEvidenceAddInput;
    type Problem = Problem;

    const NAME: &'static str = "disputeEvidenceAdd";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payment.evidence_added");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("dispute", "Dispute", "The dispute as it now is."),
        Part::Row(
            "disputeEvidence",
            "DisputeEvidence",
            "The piece of evidence.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("dispute_evidence_content_check", Problem::NoEvidence)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let found = unanswered(act, input.dispute_id.uuid()).await?;
        let id = new_id();
        let sql = "insert into payments.dispute_evidence (biz_id, id, dispute_id, kind, text, media_id) \
                   values ($1, $2, $3, $4::text, $5, $6)";
        let values: [Value; 6] = [
            act.scope.biz_id().into(),
            id.into(),
            found.dispute.id.into(),
            input.kind.0.into(),
            input.text.into(),
            input.media_id.map(|id| id.uuid()).into(),
        ];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("dispute", found.dispute.id).and_row("disputeEvidence", id))
    }
}

/// The verb that hands evidence in.
pub struct DisputeEvidenceSubmit;

impl Verb for DisputeEvidenceSubmit {
    type Input = DisputeEvidenceSubmitInput;
    type Problem = Problem;

    const NAME: &'static str = "disputeEvidenceSubmit";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payment.evidence_submitted");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let found = unanswered(act, input.id.uuid()).await?;
        if found.is_late {
            let message = "The bank takes no evidence any more.";
            return Err(Fault::at(Problem::TooLate, "id", message));
        }
        let sql = "update payments.dispute_evidence set submitted_at = $3 \
                   where biz_id = $1 and dispute_id = $2 and submitted_at is null";
        let (biz_id, id) = (act.scope.biz_id(), found.dispute.id);
        let values: [Value; 3] = [biz_id.into(), id.into(), act.scope.now().into()];
        if act.scope.execute(sql, &values).await? == 0 {
            let message = "Keep evidence first, by disputeEvidenceAdd.";
            return Err(Fault::at(Problem::NoEvidence, "id", message));
        }
        let outcome = Outcome::row("dispute", id);
        Ok(outcome.then(move |shared| async move { hand_in(shared, biz_id, id).await }))
    }
}

const WORDS: &str = "select string_agg(initcap(replace(e.kind::text, '_', ' ')) || ': ' || coalesce(e.text, 'file ' || e.media_id), E'\\n\\n' order by e.id) \
    from payments.dispute_evidence e where e.biz_id = $1 and e.dispute_id = $2 and e.submitted_at is not null";

async fn hand_in(shared: Arc<Shared>, biz_id: Uuid, id: Uuid) -> Followed {
    if let Err(error) = send_evidence(&shared, biz_id, id).await {
        // It is not lost: the job hands it in.
        tracing::error!(dispute_id = %id, %error, "evidence could not be handed in");
    }
    Ok(serde_json::Map::new())
}

/// Hands the evidence of a dispute in, and notes that the bank has it.
async fn send_evidence(shared: &Shared, biz_id: Uuid, id: Uuid) -> Result<bool, Error> {
    let scope = shared.database.platform_in(biz_id, None, new_id()).await?;
    let sql = "select d.external_id, d.processor_account_id from payments.disputes d where d.biz_id = $1 and d.id = $2";
    let values: [Value; 2] = [biz_id.into(), id.into()];
    let row = scope.query_opt(sql, &values).await?;
    let words = scope.query_opt(WORDS, &values).await?;
    let (Some(row), Some(words)) = (row, words) else {
        return Ok(false);
    };
    let (external_id, account_id): (String, Uuid) = (row.try_get(0)?, row.try_get(1)?);
    let words: Option<String> = words.try_get(0)?;
    let account = accounts::find(&scope, account_id).await?;
    scope.rollback().await?;
    let Some((account, _)) = account else {
        return Ok(false);
    };
    if let Some(processor) = processors::of(&account.processor) {
        let asking = account.asking(shared, biz_id)?;
        let answer = processor
            .answer_dispute(&asking, &external_id, words.as_deref())
            .await;
        answer.map_err(|unknown| Error::Unavailable(unknown.0))?;
    }
    let scope = shared.database.platform_in(biz_id, None, new_id()).await?;
    let Some(found) = open(&scope, id).await? else {
        return Ok(false);
    };
    let to = if found.dispute.status.starts_with("warning") {
        "warning_under_review"
    } else {
        "under_review"
    };
    let case = Case {
        intent: &found.intent,
        tender_id: found.tender_id,
        account: &found.account,
    };
    go(&scope, &case, &found.dispute, to, None).await?;
    scope.commit().await?;
    Ok(true)
}

/// When evidence of the dispute `x` was handed in here.
macro_rules! submitted {
    () => {
        "(select max(e.submitted_at) from payments.dispute_evidence e where e.biz_id = x.biz_id and e.dispute_id = x.id)"
    };
}

const UNANSWERED: &str = unanswered!(
    "payments.disputes",
    "x.status in ('needs_response', 'warning_needs_response')",
    began: submitted!(),
    asked: concat!("greatest(x.updated_at, ", submitted!(), ")"),
    mark: "status = x.status"
);

/// Hands in evidence that was committed and not handed in.
pub async fn reconcile(shared: &Arc<Shared>) -> Result<u64, Error> {
    again::ask(shared, UNANSWERED, "dispute", |biz_id, id| {
        send_evidence(shared, biz_id, id)
    })
    .await
}

/// The verb that accepts.
pub struct DisputeAccept;

impl Verb for DisputeAccept {
    type Input = DisputeAcceptInput;
    type Problem = Problem;

    const NAME: &'static str = "disputeAccept";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payment.dispute_given_up");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let found = unanswered(act, input.id.uuid()).await?;
        if found.dispute.status != "needs_response" {
            let message = "A question of the bank is answered, not accepted.";
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        act.scope.set_reason(input.reason.trim()).await?;
        let case = Case {
            intent: &found.intent,
            tender_id: found.tender_id,
            account: &found.account,
        };
        go(act.scope, &case, &found.dispute, "accepted", None).await?;
        let (biz_id, id, account) = (act.scope.biz_id(), found.dispute.id, found.account);
        let outcome = Outcome::row("dispute", id);
        // If the processor does not hear it, the dispute ends by its own date: with the same loss.
        Ok(outcome.then(move |shared| async move {
            let Some(processor) = processors::of(&account.processor) else {
                return Ok(serde_json::Map::new());
            };
            let asking = account.asking(&shared, biz_id)?;
            let external = external_id(&shared, biz_id, id).await?;
            if let Err(unknown) = processor.answer_dispute(&asking, &external, None).await {
                tracing::warn!(dispute_id = %id, why = unknown.0, "the processor was not told");
            }
            Ok(serde_json::Map::new())
        }))
    }
}

async fn external_id(shared: &Shared, biz_id: Uuid, id: Uuid) -> Result<String, Error> {
    let scope = shared.database.platform_in(biz_id, None, new_id()).await?;
    let sql = "select d.external_id from payments.disputes d where d.biz_id = $1 and d.id = $2";
    let row = scope.query_opt(sql, &[biz_id.into(), id.into()]).await?;
    scope.rollback().await?;
    Ok(row
        .map(|row| row.try_get(0))
        .transpose()?
        .unwrap_or_default())
}

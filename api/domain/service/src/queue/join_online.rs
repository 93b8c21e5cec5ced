//! `queueJoinOnline`.

use crate::queue::codes::read_join_code;
use crate::queue::join::{Joining, join};
use crate::queue::store::lock_line;
use async_graphql::{Enum, InputObject};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// How somebody comes to a queue who is not at the desk.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueOnlineChannel")]
pub enum OnlineChannel {
    /// The business's site.
    Web,
    /// A code on site.
    Qr,
    /// The business's app.
    App,
}

/// Takes a place in a queue by its join code: from a QR code on site, or the business's own site or app.
/// The token shows the place (`myPosition`), and lets one leave.
#[derive(InputObject)]
pub struct QueueJoinOnlineInput {
    /// The code of the queue: staff get it with `queueJoinCode`.
    pub code: String,
    /// How you come to it: WEB, QR or APP; WEB if not given.
    pub channel: Option<OnlineChannel>,
    /// The name to be called by.
    pub name: Option<String>,
    /// The telephone number to be told at.
    pub phone: Option<String>,
    /// How many come together; 1 if not given.
    pub party_size: Option<i32>,
    /// The language in which to be called.
    pub locale: Option<String>,
}

/// Why nobody joined.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueJoinOnlineErrorCode")]
pub enum QueueJoinOnlineProblem {
    /// The code opens no queue.
    CodeInvalid,
    /// Nobody can join this queue now.
    QueueClosed,
    /// The queue is full.
    QueueFull,
    /// A party has at least one person.
    PartySizeInvalid,
}

/// The verb.
pub struct QueueJoinOnline;

impl Verb for QueueJoinOnline {
    type Input = QueueJoinOnlineInput;
    type Problem = QueueJoinOnlineProblem;

    const NAME: &'static str = "queueJoinOnline";
    const PERMISSION: Permission = Permission::Anyone;
    const EVENT: Option<&'static str> = Some("queue.joined");
    const PAYLOAD: &'static [Part] = &[
        Part::Value("number", "String", "The number that is called."),
        Part::Value(
            "position",
            "Int",
            "Their place among those who wait, from 1.",
        ),
        Part::Value(
            "p50Seconds",
            "Int",
            "How long they wait in half of the cases at most.",
        ),
        Part::Value(
            "p90Seconds",
            "Int",
            "How long they wait in nine of ten cases at most.",
        ),
        Part::Secret(
            "ticketToken",
            "String",
            "By what the holder of the ticket sees the place: `myPosition`.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[
        (
            "queue_entries_queue_open_check",
            QueueJoinOnlineProblem::QueueClosed,
        ),
        (
            "queue_entries_queue_full_check",
            QueueJoinOnlineProblem::QueueFull,
        ),
        (
            "queue_entries_party_size_check",
            QueueJoinOnlineProblem::PartySizeInvalid,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let identity = &act.session.shared.identity;
        let address = act.session.client.ip.as_deref();
        // Counts, whatever becomes of it: nobody fills a queue from one place.
        let _attempt = identity.attempts.admit(Some("queue join"), address).await?;
        let invalid = || {
            Fault::at(
                QueueJoinOnlineProblem::CodeInvalid,
                "code",
                "The code opens no queue.",
            )
        };
        let sealer = &act.session.shared.sealer;
        let (biz_id, queue_id) = read_join_code(sealer, &input.code).ok_or_else(invalid)?;
        act.scope.enter(biz_id, None).await?;
        let line = lock_line(act.scope, queue_id).await?.ok_or_else(invalid)?;
        let channel = match input.channel.unwrap_or(OnlineChannel::Web) {
            OnlineChannel::Web => "web",
            OnlineChannel::Qr => "qr",
            OnlineChannel::App => "app",
        };
        let joining = Joining {
            name: input.name,
            phone: input.phone,
            party_size: input.party_size,
            channel: channel.to_owned(),
            locale: input.locale,
            ..Joining::default()
        };
        let joined = join(act.scope, sealer, &line, joining).await?;
        let number = joined.number.clone();
        let mut outcome = joined.outcome(line.id).and_value("number", number);
        outcome.subject = outcome.rows.first().map(|(_, id)| ("QueueEntry", *id));
        outcome.rows.clear();
        Ok(outcome)
    }
}

//! Payments: what customers pay through processors, terminals and at the desk, and what goes back.
//! Whatever a processor says becomes rows in one place, [`record`]; processors are asked by
//! [`send`], outside of transactions.

pub mod account_create;
pub mod accounts;
pub mod attempts;
pub mod cancel;
pub mod capture;
pub mod captured;
pub mod confirm;
pub mod create;
mod draws;
pub mod events;
mod guard;
pub mod increment;
pub mod locked;
pub mod processors;
pub mod record;
pub mod refund;
pub mod refund_decide;
pub mod refunds;
pub mod replace;
pub mod rules;
pub mod sandbox_answer;
pub mod send;
pub mod source;
pub mod store;
pub mod tender_source;
pub mod tenders;
pub mod verify;

use std::time::Duration;

use crate::graph::question::Asking;
use crate::graph::verb::{Declaration, declare};
use crate::worker::Job;

/// How often what has no answer is asked again.
const AGAIN: Duration = Duration::from_secs(10);

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<account_create::ProcessorAccountCreate>(),
        declare::<account_create::ProcessorAccountEnable>(),
        declare::<account_create::ProcessorAccountDisable>(),
        declare::<create::PaymentIntentCreate>(),
        declare::<confirm::PaymentConfirm>(),
        declare::<replace::PaymentTendersReplace>(),
        declare::<capture::PaymentCapture>(),
        declare::<increment::PaymentAuthorizationIncrease>(),
        declare::<cancel::PaymentCancel>(),
        declare::<refund::PaymentRefund>(),
        declare::<refund_decide::RefundApprove>(),
        declare::<refund_decide::RefundCancel>(),
        declare::<sandbox_answer::SandboxChallengeAnswer>(),
    ]
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    Vec::new()
}

/// The clock work.
pub fn jobs() -> Vec<Job> {
    vec![
        Job::new("reconcile_payments", AGAIN, |shared| async move {
            send::reconcile(&shared).await
        }),
        Job::new("send_refunds", AGAIN, |shared| async move {
            refunds::reconcile(&shared).await
        }),
    ]
}

//! Payments: what customers pay through processors, terminals and at the desk, and what goes back.
//! Whatever a processor says becomes rows in one place, [`record`]; processors are asked by
//! [`send`], outside of transactions.

pub mod account_create;
pub mod accounts;
mod again;
pub mod attempts;
pub mod cancel;
pub mod capture;
pub mod captured;
pub mod cash_take;
pub mod checkout;
pub mod confirm;
mod counters;
pub mod create;
mod dispute_verbs;
pub mod disputes;
mod done;
mod draws;
pub mod events;
mod guard;
mod hear;
mod hear_attempt;
pub mod increment;
pub mod links;
pub mod locked;
mod method_keep;
mod method_verbs;
pub mod methods;
mod movements;
pub mod payout_orders;
mod payout_verbs;
pub mod payouts;
pub mod processors;
pub mod record;
pub mod refund;
pub mod refund_decide;
pub mod refund_lines;
mod refund_record;
pub mod refund_send;
pub mod refunds;
pub mod replace;
pub mod reports;
pub mod rules;
pub mod sandbox_answer;
mod sandbox_answers;
mod sandbox_disputes;
pub mod sandbox_page;
pub mod send;
pub mod settlement_import;
pub mod settlement_reconcile;
pub mod source;
pub mod store;
mod sync;
pub mod tender_source;
mod tender_way;
pub mod tenders;
pub mod transfers;
pub mod verify;
pub mod webhook_replay;
pub mod webhook_route;
pub mod webhooks;
pub mod wire;

use std::time::Duration;

use foundation::graph::question::{Asking, question};
use foundation::graph::verb::{Declaration, declare};
use foundation::worker::Job;

/// How often what has no answer is asked again.
const AGAIN: Duration = Duration::from_secs(10);

/// How often dates are looked at.
const DAILY: Duration = Duration::from_hours(1);

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<account_create::ProcessorAccountCreate>(),
        declare::<account_create::ProcessorAccountEnable>(),
        declare::<account_create::ProcessorAccountDisable>(),
        declare::<create::PaymentIntentCreate>(),
        declare::<cash_take::PaymentCashTake>(),
        declare::<confirm::PaymentConfirm>(),
        declare::<replace::PaymentTendersReplace>(),
        declare::<capture::PaymentCapture>(),
        declare::<increment::PaymentAuthorizationIncrease>(),
        declare::<cancel::PaymentCancel>(),
        declare::<sync::PaymentSync>(),
        declare::<method_verbs::PaymentMethodSetup>(),
        declare::<method_verbs::PaymentMethodSetupCheck>(),
        declare::<method_keep::PaymentMethodKeep>(),
        declare::<method_verbs::PaymentMethodMakeDefault>(),
        declare::<method_verbs::PaymentMethodDetach>(),
        declare::<refund::PaymentRefund>(),
        declare::<refund_decide::RefundApprove>(),
        declare::<refund_decide::RefundCancel>(),
        declare::<sandbox_answer::SandboxChallengeAnswer>(),
        declare::<dispute_verbs::DisputeEvidenceAdd>(),
        declare::<dispute_verbs::DisputeEvidenceSubmit>(),
        declare::<dispute_verbs::DisputeAccept>(),
        declare::<webhook_replay::WebhookReplay>(),
        declare::<settlement_import::SettlementImport>(),
        declare::<settlement_reconcile::SettlementReconcile>(),
        declare::<payout_verbs::PayoutCreate>(),
        declare::<payout_verbs::PayoutComplete>(),
        declare::<payout_verbs::PayoutFail>(),
        declare::<payout_verbs::PayoutRetry>(),
        declare::<transfers::PaymentTransferCreate>(),
        declare::<transfers::PaymentTransferReverse>(),
        declare::<links::PaymentLinkCreate>(),
        declare::<links::PaymentLinkCancel>(),
        declare::<links::PaymentLinkPay>(),
        declare::<checkout::CheckoutSessionCreate>(),
        declare::<checkout::CheckoutSessionExpire>(),
    ]
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![
        question::<reports::PaymentsCollected>(),
        question::<reports::PaymentsUnreconciled>(),
        question::<reports::PaymentsReconciliation>(),
        question::<links::PaymentLinkShow>(),
    ]
}

/// The clock work.
pub fn jobs() -> Vec<Job> {
    vec![
        Job::new("reconcile_payments", AGAIN, |shared| async move {
            send::reconcile(&shared).await
        }),
        Job::new("send_refunds", AGAIN, |shared| async move {
            refund_send::reconcile(&shared).await
        }),
        Job::new("reconcile_setups", AGAIN, |shared| async move {
            methods::reconcile(&shared).await
        }),
        Job::new("expire_payment_methods", DAILY, |shared| async move {
            method_keep::expire(&shared).await
        }),
        Job::new("order_payouts", AGAIN, |shared| async move {
            payout_orders::reconcile(&shared).await
        }),
        Job::new("reconcile_checkouts", AGAIN, |shared| async move {
            checkout::reconcile(&shared).await
        }),
        Job::new("process_webhooks", AGAIN, |shared| async move {
            webhooks::work(&shared).await
        }),
        Job::new("hand_in_evidence", AGAIN, |shared| async move {
            dispute_verbs::reconcile(&shared).await
        }),
        Job::new("expire_authorizations", AGAIN, |shared| async move {
            send::expire(&shared).await
        }),
        Job::new("sandbox_answers", AGAIN, |shared| async move {
            sandbox_answers::work(&shared).await
        }),
        Job::new("sandbox_disputes", AGAIN, |shared| async move {
            sandbox_disputes::work(&shared).await
        }),
    ]
}

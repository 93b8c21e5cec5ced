//! What the business does: a module for each context, a file for each verb.

pub mod feed;
pub mod identity;

pub use finance::{billing, entitlements, ledger, notifications, payments};
pub use ordering::{booking, fulfillment};
pub use people::workforce;
pub use scheduling::{availability, catalog, pricing};
pub use service::{dispatch, operations, queue, webhooks};

use std::sync::LazyLock;

use async_graphql::MergedObject;

use crate::graph::board::BoardDeclaration;
use crate::graph::question::Asking;
use crate::graph::verb::{Declaration, Permission, link, plain};
use crate::graph::{Boards, Questions, Verbs};
use crate::identity::permissions::{self, PermissionInfo};
use crate::worker::Job;

/// All verbs, in the order in which the schema lists them.
pub fn verbs() -> &'static [Declaration] {
    static VERBS: LazyLock<Vec<Declaration>> = LazyLock::new(|| {
        let mut verbs = identity::declarations();
        verbs.extend(booking::declarations());
        verbs.extend(entitlements::declarations());
        verbs.extend(dispatch::declarations());
        verbs.extend(ledger::declarations());
        verbs.extend(operations::declarations());
        verbs.extend(payments::declarations());
        verbs.extend(billing::declarations());
        verbs.extend(notifications::declarations());
        verbs.extend(pricing::declarations());
        verbs.extend(queue::declarations());
        verbs.extend(webhooks::declarations());
        verbs.extend(availability::declarations());
        verbs.extend(fulfillment::declarations());
        verbs.extend(catalog::declarations());
        verbs.extend(workforce::declarations());
        verbs.extend(plain::declarations());
        verbs.extend(link::declarations());
        verbs
    });
    &VERBS
}

/// All questions, in the order in which the schema lists them.
pub fn questions() -> &'static [Asking] {
    static QUESTIONS: LazyLock<Vec<Asking>> = LazyLock::new(|| {
        let mut questions = availability::questions();
        questions.extend(availability::search::questions());
        questions.extend(billing::questions());
        questions.extend(booking::questions());
        questions.extend(catalog::questions());
        questions.extend(dispatch::questions());
        questions.extend(entitlements::questions());
        questions.extend(feed::questions());
        questions.extend(ledger::questions());
        questions.extend(operations::questions());
        questions.extend(payments::questions());
        questions.extend(pricing::questions());
        questions.extend(queue::questions());
        questions.extend(workforce::questions());
        questions
    });
    &QUESTIONS
}

/// All boards, in the order in which the schema lists them.
pub fn boards() -> &'static [BoardDeclaration] {
    static BOARDS: LazyLock<Vec<BoardDeclaration>> = LazyLock::new(|| {
        let mut boards = booking::boards();
        boards.extend(dispatch::boards());
        boards.extend(operations::boards());
        boards.extend(queue::boards());
        boards.extend(workforce::boards());
        boards
    });
    &BOARDS
}

/// All clock work.
pub fn jobs() -> Vec<Job> {
    let mut jobs = crate::worker::jobs::jobs();
    jobs.extend(entitlements::jobs());
    jobs.extend(billing::jobs());
    jobs.extend(booking::jobs());
    jobs.extend(dispatch::jobs());
    jobs.extend(ledger::jobs());
    jobs.extend(notifications::jobs());
    jobs.extend(operations::jobs());
    jobs.extend(payments::jobs());
    jobs.extend(queue::jobs());
    jobs.extend(webhooks::jobs());
    jobs.extend(workforce::jobs());
    jobs.extend(availability::jobs());
    jobs.extend(catalog::jobs::jobs());
    jobs
}

/// All permissions: what the verbs and questions ask for, and reading.
pub fn permissions() -> Vec<PermissionInfo> {
    let verbs = verbs()
        .iter()
        .map(|verb| (verb.permission, verb.name.as_str()));
    let questions = questions()
        .iter()
        .map(|asking| (asking.permission, asking.name));
    let asked = verbs
        .chain(questions)
        .filter_map(|(permission, name)| match permission {
            Permission::Holds(code) => Some((code, name)),
            Permission::Anyone | Permission::SignedIn => None,
        });
    permissions::all(asked)
}

/// The verbs of this program, for the graph.
#[derive(Debug)]
pub struct AllVerbs;

impl Verbs for AllVerbs {
    fn all() -> &'static [Declaration] {
        verbs()
    }
}

/// The boards of this program, for the graph.
#[derive(Debug)]
pub struct AllBoards;

impl Boards for AllBoards {
    fn all() -> &'static [BoardDeclaration] {
        boards()
    }
}

/// The queries that are written by hand.
#[derive(Debug, Default, MergedObject)]
pub struct AllQueries(identity::graph::IdentityQuery);

impl Questions for AllQueries {
    fn all() -> &'static [Asking] {
        questions()
    }
}

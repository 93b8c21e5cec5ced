//! `leaveAccrue`.

use async_graphql::{Enum, InputObject};
use entities::workforce::staff;
use uuid::Uuid;

use super::book::Book;
use super::clock::advance;
use super::due;
use super::person::{MANAGE, leave_kind, person};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Does for leave what is due by now: begins and ends periods, lets leave come in, lets expire what was
/// carried over. The clock does so by itself; asked again, nothing happens twice, and what was missed
/// is caught up.
#[derive(InputObject)]
pub struct LeaveAccrueInput {
    /// For whom; everybody for whom something is due if not given, 500 at a time. At most 500.
    pub staff_ids: Option<Vec<Id<staff::Entity>>>,
}

/// Why nothing can be done.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "LeaveAccrueErrorCode")]
pub enum LeaveAccrueProblem {
    /// More than 500 people are named.
    TooMany,
}

/// The verb.
pub struct LeaveAccrue;

impl Verb for LeaveAccrue {
    type Input = LeaveAccrueInput;
    type Problem = LeaveAccrueProblem;

    const NAME: &'static str = "leaveAccrue";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("leave.accrued");
    const PAYLOAD: &'static [Part] = &[
        Part::Value(
            "bookCount",
            "Int",
            "How many people's books of a type of leave changed.",
        ),
        Part::Value("entryCount", "Int", "How many entries were written."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let named: Option<Vec<Uuid>> = input
            .staff_ids
            .map(|ids| ids.iter().map(Id::uuid).collect());
        if named.as_ref().is_some_and(|ids| ids.len() > 500) {
            let message = "Name 500 people at most.";
            return Err(Fault::at(LeaveAccrueProblem::TooMany, "staffIds", message));
        }
        let scope = act.scope;
        let mut due = due::due(scope, named, None).await?;
        due.sort_by_key(|due| (due.staff_id, due.leave_type_id));
        let (mut books, mut entries) = (0, 0);
        for due in due {
            let person = person(scope, due.staff_id, true).await?;
            if !person.is_within(act.principal()?, MANAGE) {
                continue;
            }
            let kind = leave_kind(scope, due.leave_type_id).await?;
            let mut book = Book::read(scope, person, kind).await?;
            let moved = advance(scope, &mut book, scope.now()).await?;
            books += i64::from(moved.count() > 0);
            entries += moved.entries;
        }
        let outcome = Outcome {
            subject: Some(("Biz", scope.biz_id())),
            ..Outcome::default()
        };
        Ok(outcome
            .and_value("bookCount", books)
            .and_value("entryCount", entries))
    }
}

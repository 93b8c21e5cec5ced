//! `whoIsOut` and `approvalInbox`.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entities::core::location;
use entities::identity::member;
use entities::workforce::{department, leave_request_day};
use serde_json::{Value, json};

use foundation::graph::board::{Board, Filter};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Day, Id};

/// Who is away on some days: a row for each day of approved leave, with the person and the part of
/// the day. It shows 1,000 at most.
#[derive(InputObject)]
pub struct WhoIsOutInput {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Only people who work at this location.
    pub location_id: Option<Id<location::Entity>>,
    /// Only people of this department.
    pub department_id: Option<Id<department::Entity>>,
    /// Also who has asked and waits for a decision.
    #[graphql(default = false)]
    pub with_pending: bool,
    /// Only what passes this filter, too.
    pub filter: Option<Filter<leave_request_day::Entity>>,
}

/// The board.
pub struct WhoIsOut;

impl Board for WhoIsOut {
    type Input = WhoIsOutInput;

    const NAME: &'static str = "whoIsOut";
    const ENTITY: &'static str = "LeaveRequestDay";
    const ORDER: &'static [&'static str] = &["leave_on", "staff_id"];

    fn filter(input: &Self::Input, _: DateTime<Utc>) -> Result<Value, Failure> {
        let mut status = vec!["CHARGED"];
        if input.with_pending {
            status.push("RESERVED");
        }
        let mut all = vec![json!({
            "status": { "in": status },
            "leaveOn": { "gte": input.from.0, "lte": input.to.0 },
        })];
        if let Some(location) = input.location_id {
            all.push(json!({ "staff": { "homeLocationId": { "eq": location.text() } } }));
        }
        if let Some(department) = input.department_id {
            all.push(json!({ "staff": { "departmentId": { "eq": department.text() } } }));
        }
        if let Some(filter) = &input.filter {
            all.push(filter.json()?);
        }
        Ok(json!({ "and": all }))
    }
}

/// The steps of leave requests that wait for a decision now, the most urgent first: all of them, or
/// those of one approver.
#[derive(InputObject)]
pub struct ApprovalInboxInput {
    /// Only what this member is asked.
    pub approver_id: Option<Id<member::Entity>>,
    /// Only requests of people who work at this location.
    pub location_id: Option<Id<location::Entity>>,
}

/// The board.
pub struct ApprovalInbox;

impl Board for ApprovalInbox {
    type Input = ApprovalInboxInput;

    const NAME: &'static str = "approvalInbox";
    const ENTITY: &'static str = "LeaveApproval";
    const ORDER: &'static [&'static str] = &["due_at"];

    fn filter(input: &Self::Input, _: DateTime<Utc>) -> Result<Value, Failure> {
        // A step is due once it is asked: those behind it have no such time yet.
        let mut all = vec![json!({
            "decision": { "eq": "PENDING" },
            "dueAt": { "isNull": false },
        })];
        if let Some(approver) = input.approver_id {
            all.push(json!({ "approverId": { "eq": approver.text() } }));
        }
        if let Some(location) = input.location_id {
            all.push(json!({ "staff": { "homeLocationId": { "eq": location.text() } } }));
        }
        Ok(json!({ "and": all }))
    }
}

//! `rosterPublish`.

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputObject, OutputType};
use entities::core::location;
use entities::workforce::staff_shift;
use uuid::Uuid;

use super::ROSTER;
use super::store::{RosterWarning, told, zone_at};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::item::MOST_ITEMS;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Shows drafts of a location to the people: from then on their resources can be booked in the
/// shifts of that day, and at no other time of it. All of it or nothing, 500 shifts at most.
#[derive(InputObject)]
pub struct RosterPublishInput {
    /// Where the shifts are.
    pub location_id: Id<location::Entity>,
    /// The first business day.
    pub from: Day,
    /// The first business day that is no longer published; 62 days later at most.
    pub until: Day,
    /// Only these shifts, if given.
    pub shift_ids: Option<Vec<Id<staff_shift::Entity>>>,
}

/// Why nothing was published.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "RosterPublishErrorCode")]
pub enum RosterPublishProblem {
    /// There is no draft among them.
    NothingToPublish,
    /// There are more than 500 drafts.
    TooMany,
}

/// The verb.
pub struct RosterPublish;

const LOCK: &str = "select id from workforce.staff_shifts \
    where biz_id = $1 and location_id = $2 and business_date >= $3 and business_date < $4 and status = 'draft' \
      and ($5::uuid[] is null or id = any ($5::uuid[])) \
    order by id limit 501 for no key update";

const PUBLISH: &str = "update workforce.staff_shifts set status = 'published', published_at = $3 \
    where biz_id = $1 and id = any ($2::uuid[])";

impl Verb for RosterPublish {
    type Input = RosterPublishInput;
    type Problem = RosterPublishProblem;

    const NAME: &'static str = "rosterPublish";
    const PERMISSION: Permission = Permission::Holds(ROSTER);
    const EVENT: Option<&'static str> = Some("workforce.roster_published");
    const PAYLOAD: &'static [Part] = &[
        Part::Rows(
            "staffShifts",
            "StaffShift",
            "The shifts that were published.",
        ),
        Part::Value(
            "warnings",
            "[RosterWarning!]",
            "What should be known of them, such as short rests.",
        ),
    ];

    fn types(registry: &mut Registry) {
        RosterWarning::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        if !(1..=62).contains(&(input.until.0 - input.from.0).num_days()) {
            return Err(Failure::input("Between 1 and 62 days are published at a time.").into());
        }
        let location_id = input.location_id.uuid();
        zone_at(act, ROSTER, location_id).await?;
        let wanted: Option<Vec<Uuid>> = input
            .shift_ids
            .map(|ids| ids.iter().map(Id::uuid).collect());
        let values = [
            scope.biz_id().into(),
            location_id.into(),
            input.from.0.into(),
            input.until.0.into(),
            wanted.into(),
        ];
        let rows = scope.query(LOCK, &values).await?;
        let ids = rows.iter().map(|row| row.try_get(0));
        let ids = ids.collect::<Result<Vec<Uuid>, _>>()?;
        if ids.is_empty() {
            let text = "There is no draft to publish.";
            return Err(Fault::problem(RosterPublishProblem::NothingToPublish, text));
        }
        if ids.len() > MOST_ITEMS {
            let text = format!("More than {MOST_ITEMS} shifts: publish fewer days at a time.");
            return Err(Fault::problem(RosterPublishProblem::TooMany, text));
        }
        let values = [
            scope.biz_id().into(),
            ids.clone().into(),
            scope.now().into(),
        ];
        scope.execute(PUBLISH, &values).await?;
        let mut outcome = Outcome::default().and_value("warnings", told(scope, &ids).await?);
        for id in &ids {
            outcome = outcome.and_row("staffShifts", *id);
        }
        outcome.subject = Some(("Location", location_id));
        let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
        Ok(outcome.detail("shift_ids", ids))
    }
}

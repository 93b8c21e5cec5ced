//! `fleetStates`: which vehicles are seen, which are lost, and which have nothing to do.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::Duration;
use entities::core::location;
use entities::dispatch::fleet_vehicle;

use crate::places::reach;
use foundation::graph::Node;
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Id, Instant};
use foundation::graph::verb::Permission;

const PERMISSION: &str = "dispatch.read";
/// From how many minutes on without a position a vehicle under way counts as lost.
const SILENT_MINUTES: i32 = 10;

/// What each vehicle of a depot does: whether it has a task, and whether its position is heard. A
/// vehicle without a task is not a vehicle whose position is lost.
#[derive(InputObject)]
pub struct FleetStatesInput {
    /// The depot.
    pub location_id: Id<location::Entity>,
    /// After how many minutes without a position a vehicle counts as lost; 10 if not given.
    pub silent_minutes: Option<i32>,
}

/// What is known of a vehicle under way.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub enum FleetTracking {
    /// It has no task.
    Unassigned,
    /// It has a task, and its position is fresh.
    Tracked,
    /// It has a task, and its position has not been heard for a while.
    PositionLost,
}

/// A vehicle, and what it does.
#[derive(SimpleObject)]
pub struct FleetState {
    /// The vehicle.
    pub vehicle: Node<fleet_vehicle::Entity>,
    /// What is known of it.
    pub tracking: FleetTracking,
    /// How many open tasks it has.
    pub open_tasks: i32,
    /// When it was last heard of.
    pub position_at: Option<Instant>,
}

/// The question.
pub struct FleetStates;

const STATES: &str = "select v.id, v.last_position_at, \
      (select count(*) from dispatch.dispatch_tasks t where t.biz_id = v.biz_id and t.vehicle_id = v.id \
        and t.status in ('assigned', 'accepted', 'en_route', 'arrived'))::integer \
    from dispatch.fleet_vehicles v \
    where v.biz_id = $1 and v.depot_location_id = $2 and v.deleted_at is null order by v.id limit 500";

impl Question for FleetStates {
    type Input = FleetStatesInput;
    type Answer = Vec<FleetState>;

    const NAME: &'static str = "fleetStates";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let minutes = input.silent_minutes.unwrap_or(SILENT_MINUTES);
        if !(1..=24 * 60).contains(&minutes) {
            return Err(Failure::input("silentMinutes must be 1 to 1440."));
        }
        reach(look, PERMISSION, input.location_id.uuid()).await?;
        let silent_since = look.scope.now() - Duration::minutes(minutes.into());
        let values = [look.scope.biz_id().into(), input.location_id.uuid().into()];
        let mut states = Vec::new();
        for row in look.scope.query(STATES, &values).await? {
            let position_at: Option<chrono::DateTime<chrono::Utc>> =
                row.try_get(1).map_err(foundation::database::Error::from)?;
            let open_tasks: i32 = row.try_get(2).map_err(foundation::database::Error::from)?;
            let tracking = match position_at {
                _ if open_tasks == 0 => FleetTracking::Unassigned,
                Some(at) if at >= silent_since => FleetTracking::Tracked,
                _ => FleetTracking::PositionLost,
            };
            states.push(FleetState {
                vehicle: Node::new(row.try_get(0).map_err(foundation::database::Error::from)?),
                tracking,
                open_tasks,
                position_at: position_at.map(Instant),
            });
        }
        Ok(states)
    }
}

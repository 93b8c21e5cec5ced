//! Dispatch: tasks on the road, trips with their seats, plans, positions and links.

mod boards;
mod giving;
mod holds;
mod notices;
mod plans;
mod positions;
mod promises;
mod seats;
mod shifts;
mod tasks;
mod tracking;
mod trips;
mod verify;

use anyhow::Context as _;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use tests::actor::unique;
use tests::hotel::{Plan, location, made};
use tests::{Actor, Answer, World};

/// A depot with a van and its driver.
struct Depot {
    world: World,
    owner: Actor,
    location: String,
    vehicle: String,
    driver: String,
}

/// A resource of a kind at a location.
async fn resource(owner: &Actor, location: &str, kind: &str, name: &str) -> anyhow::Result<String> {
    let code = format!("R{}", unique());
    let input = json!({"code": code, "name": name, "kind": kind, "defaultExclusive": true});
    let ty = made(owner, "resourceType", input).await?;
    let input = json!({"typeId": ty, "locationId": location, "name": name, "capacity": 1, "exclusive": true});
    made(owner, "resource", input).await
}

impl Depot {
    async fn open() -> anyhow::Result<Self> {
        Self::of(World::with_pool(4).await?).await
    }

    async fn of(world: World) -> anyhow::Result<Self> {
        let owner = world.owner().await?;
        let location = location(&owner, &Plan::default()).await?;
        let input = json!({"id": location, "version": 1, "lat": "38.7000", "lng": "-9.1000"});
        owner
            .act("locationUpdate", input, "location { id }")
            .await?;
        let (vehicle, driver) = van(&owner, &location).await?;
        Ok(Self {
            world,
            owner,
            location,
            vehicle,
            driver,
        })
    }

    fn now(&self) -> DateTime<Utc> {
        use bizing::database::Clock as _;
        self.world.clock.now()
    }

    /// What makes a task an hour from now, three kilometres to the north of the depot.
    fn wish(&self) -> Value {
        json!({
            "kind": "DROPOFF", "locationId": self.location, "lat": "38.7270", "lng": "-9.1000",
            "startsAt": self.now() + Duration::hours(1), "endsAt": self.now() + Duration::hours(3),
        })
    }

    /// The id of a new task, as wished besides.
    async fn task(&self, besides: Value) -> anyhow::Result<String> {
        let input = with(self.wish(), besides);
        let done = self
            .owner
            .act("dispatchTaskCreate", input, "dispatchTask { id }")
            .await?;
        id(&done["dispatchTask"])
    }

    /// Gives a task to the driver, whatever comes back.
    async fn assign(&self, task: &str) -> anyhow::Result<Answer> {
        let item = json!({"taskId": task, "driverId": self.driver, "vehicleId": self.vehicle});
        let selection = "dispatchTasks { id status } results { taskId isAssigned error { code message field } }";
        let input = json!({"items": [item]});
        self.owner
            .verb("dispatchTaskAssign", input, selection)
            .await
    }

    /// Uses a verb on a task, whatever comes back.
    async fn step(&self, verb: &str, task: &str, besides: Value) -> anyhow::Result<Answer> {
        let input = with(json!({"id": task}), besides);
        let selection = "dispatchTask { id status etaAt driverId vehicleId attemptNo }";
        self.owner.verb(verb, input, selection).await
    }

    /// Takes a task through steps that must succeed.
    async fn go(&self, task: &str, steps: &[&str]) -> anyhow::Result<()> {
        for step in steps {
            if *step == "Assign" {
                let done = self.assign(task).await?.must()?;
                anyhow::ensure!(
                    done.payload()["results"][0]["isAssigned"] == true,
                    "{}",
                    done.body
                );
            } else {
                let verb = format!("dispatchTask{step}");
                self.step(&verb, task, needed(step)).await?.must()?;
            }
        }
        Ok(())
    }

    /// A field of a task.
    async fn of_task(&self, task: &str, field: &str) -> anyhow::Result<Value> {
        let data = self
            .owner
            .read(&format!("{{ dispatchTask(id: \"{task}\") {{ {field} }} }}"))
            .await?;
        Ok(data["dispatchTask"][field].clone())
    }

    /// A shift of the driver with the van, from now on for so many hours.
    async fn shift(&self, hours: i64) -> anyhow::Result<String> {
        let input = json!({
            "driverId": self.driver, "vehicleId": self.vehicle, "locationId": self.location,
            "startsAt": self.now(), "endsAt": self.now() + Duration::hours(hours),
        });
        let done = self
            .owner
            .act("driverShiftPlan", input, "driverShift { id }")
            .await?;
        id(&done["driverShift"])
    }

    /// Tells where the van is.
    async fn at(&self, lat: &str, recorded_at: DateTime<Utc>) -> anyhow::Result<Value> {
        let position = json!({"vehicleId": self.vehicle, "recordedAt": recorded_at, "lat": lat, "lng": "-9.1"});
        let selection = "recorded repeated fleetVehicles { id lastLat lastPositionAt }";
        self.owner
            .act(
                "vehiclePositionsRecord",
                json!({"positions": [position]}),
                selection,
            )
            .await
    }
}

/// What a step on a task needs besides the task.
fn needed(step: &str) -> Value {
    match step {
        "Decline" | "Unassign" | "Cancel" => json!({"reason": "As it is"}),
        "Fail" => json!({"failure": "REFUSED"}),
        _ => json!({}),
    }
}

/// A van of a depot, and somebody to drive it.
async fn van(owner: &Actor, location: &str) -> anyhow::Result<(String, String)> {
    let van = resource(owner, location, "VEHICLE", "Van").await?;
    let driver = resource(owner, location, "HUMAN", "Dora Driver").await?;
    let input =
        json!({"resourceId": van, "depotLocationId": location, "seats": 8, "payloadG": 500_000});
    Ok((made(owner, "fleetVehicle", input).await?, driver))
}

/// The id of a row.
fn id(row: &Value) -> anyhow::Result<String> {
    let id = row["id"].as_str();
    Ok(id.with_context(|| format!("no id in {row}"))?.to_owned())
}

/// An object with the fields of another besides.
fn with(mut object: Value, besides: Value) -> Value {
    if let (Some(fields), Value::Object(more)) = (object.as_object_mut(), besides) {
        fields.extend(more);
    }
    object
}

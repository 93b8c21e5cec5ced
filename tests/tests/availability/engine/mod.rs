//! The availability engine: what is listed, what can be booked, and why not.

mod added;
mod bookable;
mod booked;
mod clocks;
mod explain;
mod held;
mod hours;
mod houses;
mod judged;
mod moved;
mod pools;
mod refusals;
mod resources;
mod rosters;
mod seats;
mod sessions;
mod stays;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use tests::actor::{unique, uuid};
use tests::hotel::{Plan, location, made};
use tests::{Actor, World};
use tokio_postgres::Client;
use uuid::Uuid;

/// A business that gives one service at one location, by people who are all alike.
struct Shop {
    world: World,
    owner: Actor,
    sql: Client,
    location: String,
    kind: String,
    service: String,
    offer: String,
    component: Uuid,
    version: Uuid,
    sellable: String,
}

/// How a shop is to be.
#[derive(Clone, Debug)]
struct Sign {
    zone: &'static str,
    basis: &'static str,
    strategy: &'static str,
    service: Value,
    component: &'static str,
}

impl Default for Sign {
    fn default() -> Self {
        Self {
            zone: "Europe/Lisbon",
            basis: "resource",
            strategy: "round_robin",
            service: json!({}),
            component: "",
        }
    }
}

impl Shop {
    async fn open() -> anyhow::Result<Self> {
        Self::with(Sign::default()).await
    }

    /// A shop whose offer is one service of an hour, by anybody of a type.
    async fn with(sign: Sign) -> anyhow::Result<Self> {
        let world = World::new().await?;
        let owner = world.owner().await?;
        let plan = Plan {
            timezone: sign.zone.to_owned(),
            ..Plan::default()
        };
        let location = location(&owner, &plan).await?;
        let code = format!("S{}", unique());
        let kind = json!({"code": code, "name": "Stylist", "kind": "HUMAN"});
        let kind = made(&owner, "resourceType", kind).await?;
        let mut service = json!({"code": code, "name": "Haircut", "defaultDurationMinutes": 60});
        for (name, value) in sign.service.as_object().into_iter().flatten() {
            service[name] = value.clone();
        }
        let service = made(&owner, "service", service).await?;
        let offer = made(
            &owner,
            "offer",
            json!({"code": code, "name": "Haircut", "kind": "APPOINTMENT"}),
        )
        .await?;
        let sellable = made(
            &owner,
            "sellable",
            json!({"kind": "FEE", "name": "Haircut"}),
        )
        .await?;
        let sql = world.database.platform(owner.biz_id).await?;
        let (version, component) = (bizing::database::new_id(), bizing::database::new_id());
        let shop = Self {
            world,
            owner,
            sql,
            location,
            kind,
            service,
            offer,
            component,
            version,
            sellable,
        };
        let set = format!(
            "insert into catalog.offer_versions (biz_id, id, offer_id, version_no, status, capacity_basis) \
               values ('{biz}', '{version}', '{offer}', 1, 'draft', '{basis}'); \
             insert into catalog.offer_components (biz_id, id, offer_version_id, role, service_id, sequence) \
               values ('{biz}', '{component}', '{version}', 'stylist', '{service}', 1); {more}",
            biz = shop.owner.biz_id,
            offer = uuid(&json!(shop.offer))?,
            service = uuid(&json!(shop.service))?,
            basis = sign.basis,
            more = sign.component,
        );
        shop.sql.batch_execute(&set).await?;
        let kind = shop.kind.clone();
        shop.select(component, "type", "resource_type_id", &kind, sign.strategy)
            .await?;
        Ok(shop)
    }

    /// Gives a component a way of choosing.
    async fn select(
        &self,
        component: Uuid,
        selector: &str,
        column: &str,
        id: &str,
        strategy: &str,
    ) -> anyhow::Result<()> {
        let sql = format!(
            "insert into catalog.offer_component_selectors (biz_id, id, offer_version_id, component_id, selector, {column}, strategy, max_quantity) \
             values ('{}', gen_random_uuid(), '{}', '{component}', '{selector}', '{}', '{strategy}', 9)",
            self.owner.biz_id,
            self.version,
            uuid(&json!(id))?,
        );
        Ok(self.sql.batch_execute(&sql).await?)
    }

    /// Adds a component without a service.
    async fn component(&self, role: &str, columns: &str, values: &str) -> anyhow::Result<Uuid> {
        let id = bizing::database::new_id();
        let sql = format!(
            "insert into catalog.offer_components (biz_id, id, offer_version_id, role{columns}) \
             values ('{}', '{id}', '{}', '{role}'{values})",
            self.owner.biz_id, self.version,
        );
        self.sql.batch_execute(&sql).await?;
        Ok(id)
    }

    /// Puts the offer on sale.
    async fn publish(&self) -> anyhow::Result<()> {
        let sql = format!(
            "update catalog.offer_versions set status = 'in_review' where id = '{0}'; \
             update catalog.offer_versions set status = 'published', published_at = now(), effective_starts_at = '2000-01-01' where id = '{0}'",
            self.version
        );
        Ok(self.sql.batch_execute(&sql).await?)
    }

    /// Somebody, or something, that will do; in use.
    async fn stylist(&self, more: Value) -> anyhow::Result<String> {
        let number = format!("R{}", unique());
        let mut input = json!({"typeId": self.kind, "locationId": self.location, "name": number, "number": number, "sortKey": number});
        for (name, value) in more.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        let resource = made(&self.owner, "resource", input).await?;
        let into_use = json!({"id": resource, "to": "ACTIVE"});
        self.owner
            .act("resourceTransition", into_use, "resource { id }")
            .await?;
        Ok(resource)
    }

    /// A calendar of the shop's zone that something follows, closed by default.
    async fn calendar(
        &self,
        zone: &str,
        subject: (&str, &str),
        more: Value,
    ) -> anyhow::Result<String> {
        let mut input = json!({"code": format!("C{}", unique()), "name": "Hours", "kind": "OPENING", "timezone": zone});
        for (name, value) in more.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        let calendar = made(&self.owner, "calendar", input).await?;
        self.bind(&calendar, subject, json!({})).await?;
        Ok(calendar)
    }

    async fn bind(
        &self,
        calendar: &str,
        (kind, id): (&str, &str),
        more: Value,
    ) -> anyhow::Result<String> {
        let mut input = json!({"calendarId": calendar, "subjectType": kind, "subjectId": id});
        for (name, value) in more.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        made(&self.owner, "calendarBinding", input).await
    }

    /// The rule of a calendar, or (in `more`) of an overlay.
    async fn rule(
        &self,
        calendar: &str,
        from: &str,
        to: &str,
        more: Value,
    ) -> anyhow::Result<String> {
        let mut input = json!({"calendarId": calendar, "localStart": format!("{from}:00"), "localEnd": format!("{to}:00")});
        for (name, value) in more.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        made(&self.owner, "availabilityRule", input).await
    }

    /// Opening hours of the location, every day.
    async fn open_from(&self, zone: &str, from: &str, to: &str) -> anyhow::Result<String> {
        let location = self.location.clone();
        let calendar = self
            .calendar(zone, ("Location", &location), json!({}))
            .await?;
        self.rule(&calendar, from, to, json!({})).await?;
        Ok(calendar)
    }

    /// What a search takes, for some days by staff, who need give no notice.
    fn days(&self, from: &str, to: &str) -> Value {
        json!({"offerId": self.offer, "from": from, "to": to, "byStaff": true, "stepMinutes": 60})
    }

    async fn search(&self, arguments: Value) -> anyhow::Result<Value> {
        let answer = ask(&self.owner, "availabilitySearch", &arguments, SLOTS).await?;
        Ok(answer.must()?.body["data"]["answer"].clone())
    }

    /// The beginnings that a search lists.
    async fn listed(&self, arguments: Value) -> anyhow::Result<Vec<String>> {
        let found = self.search(arguments).await?;
        let slots = found["slots"].as_array().cloned().unwrap_or_default();
        Ok(slots.iter().map(|slot| text(&slot["startsAt"])).collect())
    }

    async fn explain(&self, arguments: Value) -> anyhow::Result<Vec<Value>> {
        let answer = ask(&self.owner, "availabilityExplain", &arguments, REFUSED).await?;
        Ok(answer.must()?.body["data"]["answer"]["refused"]
            .as_array()
            .cloned()
            .unwrap_or_default())
    }

    /// Why the offer cannot be had at an instant, by staff.
    async fn why(&self, at: &str) -> anyhow::Result<Value> {
        let refused = self
            .explain(json!({"offerId": self.offer, "from": at, "byStaff": true}))
            .await?;
        Ok(refused.into_iter().next().unwrap_or_default())
    }

    /// Books what a listed slot says, as a booking of the first resource it picks.
    async fn book(&self, slot: &Value) -> anyhow::Result<tests::Answer> {
        let pick = &slot["picks"][0];
        let at = |name: &str| -> DateTime<Utc> { pick[name].as_str().unwrap().parse().unwrap() };
        let before = at("serviceStartsAt") - at("blockedStartsAt");
        let after = at("blockedEndsAt") - at("serviceEndsAt");
        let input = json!({
            "locationId": self.location, "resourceId": pick["resourceId"], "sellableId": self.sellable,
            "startsAt": pick["serviceStartsAt"], "endsAt": pick["serviceEndsAt"], "confirm": true,
            "bufferBeforeMinutes": before.num_minutes(), "bufferAfterMinutes": after.num_minutes(),
            "price": {"amount": "60", "currency": "EUR"},
        });
        self.owner
            .verb("bookingCreate", input, "bookingOrder { id }")
            .await
    }

    /// Takes a resource for something, past the product.
    async fn take(&self, resource: &str, from: &str, to: &str, more: &str) -> anyhow::Result<Uuid> {
        let id = bizing::database::new_id();
        let (columns, values) = more.split_once('=').unwrap_or_default();
        let sql = format!(
            "insert into availability.allocations (biz_id, id, source_type, source_id, resource_id, exclusive, status, \
               service_starts_at, service_ends_at, blocked_starts_at, blocked_ends_at{columns}) \
             values ('{}', '{id}', 'Resource', '{1}', '{1}', true, 'firm', '{from}', '{to}', '{from}', '{to}'{values})",
            self.owner.biz_id,
            uuid(&json!(resource))?,
        );
        self.sql.batch_execute(&sql).await?;
        Ok(id)
    }
}

/// What is selected of a search.
const SLOTS: &str = "hasMore offerVersionId resources { id name } slots { locationId businessDate startsAt endsAt unitsLeft \
    components { componentId role resourceIds poolIds slotIds } \
    picks { componentId resourceId poolId slotId units serviceStartsAt serviceEndsAt blockedStartsAt blockedEndsAt } }";
/// What is selected of a slot.
const SLOT: &str = "startsAt endsAt unitsLeft picks { resourceId serviceStartsAt serviceEndsAt blockedStartsAt blockedEndsAt }";
/// What is selected of an explanation.
const REFUSED: &str = "hasMore refused { locationId startsAt endsAt blockers { kind causeType causeId startsAt endsAt remedy } \
    components { role needed free blockers { kind causeType causeId candidateId startsAt endsAt shortBy remedy } } \
    changeSets { changes { kind causeType causeId candidateId shortBy remedy } } }";

/// Asks a question, whose answer stands at `/data/answer`.
async fn ask(
    who: &tests::Client,
    name: &str,
    arguments: &Value,
    selection: &str,
) -> anyhow::Result<tests::Answer> {
    let given: Vec<String> = arguments
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("{name}: {}", literal(value)))
        .collect();
    who.ask(&format!(
        "{{ answer: {name}({}) {{ {selection} }} }}",
        given.join(", ")
    ))
    .await
}

/// A JSON value as GraphQL writes it.
fn literal(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{name}: {}", literal(value)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        Value::Array(items) => format!(
            "[{}]",
            items.iter().map(literal).collect::<Vec<_>>().join(", ")
        ),
        other => other.to_string(),
    }
}

/// The same arguments with others besides.
fn with(mut arguments: Value, more: Value) -> Value {
    for (name, value) in more.as_object().into_iter().flatten() {
        arguments[name] = value.clone();
    }
    arguments
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// An instant as the graph writes it.
fn written(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// The kinds and causes of blockers, in order.
fn kinds(blockers: &Value) -> Vec<String> {
    let mut kinds: Vec<String> = blockers
        .as_array()
        .into_iter()
        .flatten()
        .map(|blocker| text(&blocker["kind"]))
        .collect();
    kinds.sort();
    kinds
}

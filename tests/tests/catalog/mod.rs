//! What is offered and sold: versions of offers, and products that come in lists.

mod products;
mod versions;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tests::actor::{Actor, unique};
use tests::hotel::made;
use tests::{Answer, Hotel, World};

/// A tenant with an offer: a massage, by a therapist of some type.
struct Shop {
    world: World,
    hotel: Hotel,
    offer: String,
    book: String,
    kind: String,
}

const VERSION: &str =
    "offerVersion { id status versionNo effectiveStartsAt effectiveEndsAt capacityBasis } ";

impl Shop {
    async fn open() -> anyhow::Result<Self> {
        let world = World::new().await?;
        let hotel = world.hotel().await?;
        let owner = &hotel.owner;
        let number = unique();
        let offer =
            json!({ "code": format!("MASSAGE{number}"), "kind": "APPOINTMENT", "name": "Massage" });
        let offer = made(owner, "offer", offer).await?;
        let book = json!({ "code": format!("STD{number}"), "name": "Standard", "currency": "EUR" });
        let book = made(owner, "priceBook", book).await?;
        let kind = json!({ "code": format!("TH{number}"), "name": "Therapist", "kind": "HUMAN" });
        let kind = made(owner, "resourceType", kind).await?;
        Ok(Self {
            world,
            hotel,
            offer,
            book,
            kind,
        })
    }

    fn owner(&self) -> &Actor {
        &self.hotel.owner
    }

    /// An empty draft, and its sellable.
    async fn draft(&self, more: Value) -> anyhow::Result<(Value, String)> {
        let input = with(json!({ "offerId": self.offer }), more);
        let made = self
            .owner()
            .act(
                "offerVersionDraft",
                input,
                &format!("{VERSION} sellable {{ id active }}"),
            )
            .await?;
        let sellable = made["sellable"]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        Ok((made["offerVersion"].clone(), sellable))
    }

    async fn component(&self, version: &Value, role: &str) -> anyhow::Result<String> {
        let input = json!({ "offerVersionId": version["id"], "role": role, "durationMinutes": 60 });
        let component = made(self.owner(), "offerComponent", input).await?;
        let selector = json!({
            "offerVersionId": version["id"], "componentId": component, "selector": "TYPE", "resourceTypeId": self.kind,
        });
        made(self.owner(), "offerComponentSelector", selector).await?;
        Ok(component)
    }

    async fn price(&self, sellable: &str) -> anyhow::Result<String> {
        let input = json!({ "priceBookId": self.book, "sellableId": sellable, "name": "Usual", "unitPrice": "60" });
        made(self.owner(), "priceRule", input).await
    }

    /// A therapist, in use.
    async fn therapist(&self) -> anyhow::Result<String> {
        let number = unique();
        let input = json!({ "typeId": self.kind, "locationId": self.hotel.location, "name": "Tess", "number": format!("T-{number}") });
        let id = made(self.owner(), "resource", input).await?;
        let into_use = json!({ "id": id, "to": "ACTIVE" });
        self.owner()
            .act("resourceTransition", into_use, "resource { id }")
            .await?;
        Ok(id)
    }

    /// A draft that can be published.
    async fn complete(&self) -> anyhow::Result<(Value, String)> {
        let (version, sellable) = self.draft(json!({})).await?;
        self.component(&version, "therapist").await?;
        self.price(&sellable).await?;
        self.therapist().await?;
        Ok((version, sellable))
    }

    async fn publish(&self, version: &Value, more: Value) -> anyhow::Result<Answer> {
        let input = with(json!({ "id": version["id"] }), more);
        let selection = format!("{VERSION} offer {{ currentVersionId }}");
        self.owner()
            .verb("offerVersionPublish", input, &selection)
            .await
    }

    /// Where a version stands, and until when it is on sale.
    async fn stands(&self, version: &Value) -> anyhow::Result<(Value, Option<DateTime<Utc>>)> {
        let query = format!(
            "{{ offerVersion(id: {}) {{ status effectiveEndsAt }} }}",
            version["id"]
        );
        let row = self.owner().read(&query).await?["offerVersion"].clone();
        Ok((
            row["status"].clone(),
            serde_json::from_value(row["effectiveEndsAt"].clone())?,
        ))
    }
}

/// An input with some fields changed.
fn with(mut input: Value, changes: Value) -> Value {
    if let (Value::Object(input), Value::Object(changes)) = (&mut input, changes) {
        input.extend(changes);
    }
    input
}

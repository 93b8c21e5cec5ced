//! Webhooks: signed, in order by subject, tried again, never to a private address.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bizing::domain::webhooks::courier::{Courier, Letter, Receipt};
use bizing::domain::webhooks::{deliver, rules};
use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::soon;
use tests::{Hotel, World};

use super::caught_up;

/// An endpoint of a test: it refuses messages of some subjects for so many times.
#[derive(Default)]
pub(super) struct Mailbox {
    letters: Mutex<Vec<(Letter, bool)>>,
    refuses: Mutex<HashMap<String, usize>>,
    /// Whether it says that it is gone.
    pub(super) is_gone: AtomicBool,
}

#[async_trait]
impl Courier for Mailbox {
    async fn carry(&self, letter: &Letter) -> Result<Receipt, String> {
        let body: Value = serde_json::from_str(&letter.body).map_err(|error| error.to_string())?;
        let subject = body["data"]["subjectId"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let mut refuses = self.refuses.lock().unwrap_or_else(PoisonError::into_inner);
        let left = refuses.get_mut(&subject).filter(|left| **left > 0);
        let is_taken = left.is_none();
        if let Some(left) = left {
            *left -= 1;
        }
        let mut letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
        letters.push((letter.clone(), is_taken));
        let is_gone = self.is_gone.load(Ordering::Relaxed);
        Ok(Receipt {
            status: match (is_gone, is_taken) {
                (true, _) => 410,
                (false, true) => 204,
                (false, false) => 500,
            },
            excerpt: String::new(),
        })
    }
}

/// A house with an endpoint that is told of its bookings.
pub(super) struct Office {
    pub(super) world: World,
    pub(super) hotel: Hotel,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) endpoint: Value,
    pub(super) secret: String,
}

impl Office {
    pub(super) async fn open() -> anyhow::Result<Self> {
        let world = World::with_pool(4).await?;
        let hotel = world.hotel().await?;
        caught_up(&world).await?;
        let input = json!({ "name": "Accounting", "url": "https://hooks.example.com/in", "topics": ["booking.*"] });
        let made = hotel
            .owner
            .act(
                "webhookEndpointCreate",
                input,
                "webhookEndpoint { id status } secret",
            )
            .await?;
        let secret = made["secret"].as_str().unwrap_or_default().to_owned();
        Ok(Self {
            endpoint: made["webhookEndpoint"]["id"].clone(),
            secret,
            world,
            hotel,
            mailbox: Arc::default(),
        })
    }

    /// Plans and sends what is due now.
    pub(super) async fn run(&self) -> anyhow::Result<u64> {
        caught_up(&self.world).await?;
        deliver::plan(&self.world.opened).await?;
        let courier: Arc<dyn Courier> = Arc::<Mailbox>::clone(&self.mailbox);
        let mut sent = 0;
        for _ in 0..20 {
            let now =
                deliver::deliver(&self.world.opened, &self.world.shared.sealer, &courier).await?;
            if now == 0 {
                break;
            }
            sent += now;
        }
        Ok(sent)
    }

    pub(super) fn letters(&self) -> Vec<(Value, Letter, bool)> {
        let letters = self
            .mailbox
            .letters
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let read = |(letter, is_taken): &(Letter, bool)| {
            let body = serde_json::from_str(&letter.body).unwrap_or_default();
            (body, letter.clone(), *is_taken)
        };
        letters.iter().map(read).collect()
    }

    pub(super) fn refuse(&self, subject: &Value, times: usize) {
        let mut refuses = self
            .mailbox
            .refuses
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        refuses.insert(subject.as_str().unwrap_or_default().to_owned(), times);
    }
}

/// A header of a message.
pub(super) fn header<'a>(letter: &'a Letter, name: &str) -> &'a str {
    let found = letter.headers.iter().find(|(known, _)| *known == name);
    found.map_or("", |(_, value)| value.as_str())
}

#[tokio::test]
async fn events_are_told_once_signed_and_in_order() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let booking = office.hotel.book(office.hotel.stay(soon(0), 1)).await?;
    let id = booking["id"].clone();
    office
        .hotel
        .owner
        .act("bookingConfirm", json!({ "id": id }), "bookingOrder { id }")
        .await?;
    tests::hotel::policy(&office.hotel.owner).await?;
    assert_eq!(office.run().await?, 2);
    let letters = office.letters();
    let topics: Vec<&Value> = letters.iter().map(|(body, ..)| &body["type"]).collect();
    assert_eq!(topics, ["booking.created", "booking.confirmed"]);
    for (body, letter, _) in &letters {
        assert_eq!(body["data"]["subjectId"], id);
        assert_eq!(header(letter, "webhook-id"), body["id"]);
        let at: i64 = header(letter, "webhook-timestamp").parse()?;
        let signed = rules::signature(
            &office.secret,
            header(letter, "webhook-id"),
            at,
            &letter.body,
        );
        assert_eq!(header(letter, "webhook-signature"), signed);
    }
    assert_eq!(office.run().await?, 0, "nothing is told twice");
    Ok(())
}

#[tokio::test]
async fn a_message_that_is_refused_keeps_its_subject_waiting_and_no_other() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let one = office.hotel.book(office.hotel.stay(soon(0), 1)).await?["id"].clone();
    let other = office.hotel.book(office.hotel.stay(soon(3), 1)).await?["id"].clone();
    for id in [&one, &other] {
        office
            .hotel
            .owner
            .act("bookingConfirm", json!({ "id": id }), "bookingOrder { id }")
            .await?;
    }
    office.refuse(&one, 2);
    assert_eq!(office.run().await?, 2, "both of the other");
    for _ in 0..3 {
        office.world.clock.advance(Duration::hours(7));
        office.run().await?;
    }
    let letters = office.letters();
    let of_one: Vec<(&Value, &str, bool)> = letters
        .iter()
        .filter(|(body, ..)| body["data"]["subjectId"] == one)
        .map(|(body, letter, taken)| (&body["type"], header(letter, "webhook-id"), *taken))
        .collect();
    let taken: Vec<bool> = of_one.iter().map(|(_, _, taken)| *taken).collect();
    assert_eq!(taken, [false, false, true, true]);
    assert!(
        of_one[..3]
            .iter()
            .all(|(topic, id, _)| **topic == json!("booking.created") && *id == of_one[0].1),
        "the same id each time"
    );
    assert_eq!(of_one[3].0, "booking.confirmed");
    Ok(())
}

#[tokio::test]
async fn a_poisoned_message_is_given_up_and_can_be_tried_again() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let one = office.hotel.book(office.hotel.stay(soon(0), 1)).await?["id"].clone();
    office
        .hotel
        .owner
        .act(
            "bookingConfirm",
            json!({ "id": one }),
            "bookingOrder { id }",
        )
        .await?;
    office.refuse(&one, usize::try_from(rules::MOST_ATTEMPTS)?);
    for _ in 0..=rules::MOST_ATTEMPTS {
        office.run().await?;
        office.world.clock.advance(Duration::hours(7));
    }
    let owner = office.world.again(&office.hotel.owner).await?;
    let read =
        "{ webhookDeliveries(orderBy: [{eventSeq: ASC}]) { nodes { id status attempts topic } } }";
    let data = owner.read(read).await?;
    let nodes = &data["webhookDeliveries"]["nodes"];
    assert_eq!(
        (&nodes[0]["status"], &nodes[0]["attempts"]),
        (&json!("FAILED"), &json!(rules::MOST_ATTEMPTS))
    );
    assert_eq!(
        nodes[1]["status"], "DELIVERED",
        "who comes after is not blocked"
    );
    let retry = json!({ "id": nodes[0]["id"] });
    owner
        .act(
            "webhookDeliveryRetry",
            retry.clone(),
            "webhookDelivery { status }",
        )
        .await?;
    owner
        .verb("webhookDeliveryRetry", retry, "webhookDelivery { id }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(office.run().await?, 1);
    Ok(())
}

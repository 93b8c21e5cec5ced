//! Webhooks: signed, in order by subject, tried again, never to a private address.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bizing::domain::webhooks::courier::{Courier, Https, Letter, Receipt};
use bizing::domain::webhooks::{deliver, rules};
use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::soon;
use tests::{Hotel, World};

use super::caught_up;

/// An endpoint of a test: it refuses messages of some subjects for so many times.
#[derive(Default)]
struct Mailbox {
    letters: Mutex<Vec<(Letter, bool)>>,
    refuses: Mutex<HashMap<String, usize>>,
    is_gone: AtomicBool,
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

struct Office {
    world: World,
    hotel: Hotel,
    mailbox: Arc<Mailbox>,
    endpoint: Value,
    secret: String,
}

impl Office {
    async fn open() -> anyhow::Result<Self> {
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
    async fn run(&self) -> anyhow::Result<u64> {
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

    fn letters(&self) -> Vec<(Value, Letter, bool)> {
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

    fn refuse(&self, subject: &Value, times: usize) {
        let mut refuses = self
            .mailbox
            .refuses
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        refuses.insert(subject.as_str().unwrap_or_default().to_owned(), times);
    }
}

fn header<'a>(letter: &'a Letter, name: &str) -> &'a str {
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

#[tokio::test]
async fn an_endpoint_whose_secret_cannot_be_read_keeps_no_other_waiting() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let input =
        json!({ "name": "Spoilt", "url": "https://other.example.com/in", "topics": ["booking.*"] });
    let owner = &office.hotel.owner;
    owner
        .act("webhookEndpointCreate", input, "webhookEndpoint { id }")
        .await?;
    let spoil =
        "update identity.webhook_endpoints set secret_sealed = '\\x00' where name = 'Spoilt'";
    let superuser = office.world.database.owner().await?;
    assert_eq!(superuser.execute(spoil, &[]).await?, 1);
    office.hotel.book(office.hotel.stay(soon(0), 1)).await?;
    assert_eq!(office.run().await?, 1);
    let read = "{ webhookEndpoints(filter: { name: { eq: \"Spoilt\" } }) { nodes { failureCount lastError } } }";
    let data = owner.read(read).await?;
    let spoilt = &data["webhookEndpoints"]["nodes"][0];
    assert_eq!(spoilt["failureCount"], 1);
    assert_eq!(spoilt["lastError"], "Its secret cannot be read: rotate it.");
    Ok(())
}

/// One that says that it is gone, or fails for long, is told no more until somebody resumes it, and
/// then of all that happened meanwhile.
#[tokio::test]
async fn an_endpoint_that_is_gone_or_always_fails_is_told_no_more() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let owner = &office.hotel.owner;
    let read = "{ webhookEndpoints { nodes { status failureCount } } webhookDeliveries(orderBy: [{eventSeq: ASC}]) { nodes { status responseCode } } }";
    let resume = json!({ "id": office.endpoint });
    let booked = office.hotel.book(office.hotel.stay(soon(0), 1)).await?["id"].clone();
    office.mailbox.is_gone.store(true, Ordering::Relaxed);
    assert_eq!(office.run().await?, 0);
    let data = owner.read(read).await?;
    assert_eq!(data["webhookEndpoints"]["nodes"][0]["status"], "DISABLED");
    let given_up = json!({ "status": "FAILED", "responseCode": 410 });
    assert_eq!(data["webhookDeliveries"]["nodes"], json!([given_up]));
    // Nothing is sent to it, and nothing that happens is forgotten.
    let confirm = json!({ "id": booked });
    owner
        .act("bookingConfirm", confirm, "bookingOrder { id }")
        .await?;
    office.mailbox.is_gone.store(false, Ordering::Relaxed);
    assert_eq!(office.run().await?, 0);
    assert_eq!(office.letters().len(), 1);
    let status = "webhookEndpoint { status failureCount }";
    let resumed = owner
        .act("webhookEndpointResume", resume.clone(), status)
        .await?;
    let active = json!({ "status": "ACTIVE", "failureCount": 0 });
    assert_eq!(resumed["webhookEndpoint"], active);
    assert_eq!(office.run().await?, 1);
    let told = office.letters();
    assert_eq!(told[1].0["type"], "booking.confirmed");
    // One failure short of too many, and then that one.
    let by_hand = office.world.database.owner().await?;
    let nearly = "update identity.webhook_endpoints set failure_count = $1";
    by_hand
        .execute(nearly, &[&(rules::MOST_FAILURES - 1)])
        .await?;
    let other = office.hotel.book(office.hotel.stay(soon(3), 1)).await?["id"].clone();
    office.refuse(&other, 1);
    assert_eq!(office.run().await?, 0);
    let data = owner.read(read).await?;
    let disabled = json!({ "status": "DISABLED", "failureCount": rules::MOST_FAILURES });
    assert_eq!(data["webhookEndpoints"]["nodes"][0], disabled);
    Ok(())
}

#[tokio::test]
async fn what_happens_while_it_is_paused_is_told_later() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let id = json!({ "id": office.endpoint });
    let owner = &office.hotel.owner;
    owner
        .act(
            "webhookEndpointPause",
            id.clone(),
            "webhookEndpoint { status }",
        )
        .await?;
    owner
        .verb("webhookEndpointPause", id.clone(), "webhookEndpoint { id }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    office.hotel.confirmed(soon(0), 1).await?;
    assert_eq!(office.run().await?, 0);
    owner
        .act(
            "webhookEndpointResume",
            id.clone(),
            "webhookEndpoint { status }",
        )
        .await?;
    let rotated = owner
        .act("webhookEndpointRotateSecret", id.clone(), "secret")
        .await?;
    assert_eq!(office.run().await?, 1);
    let (_, letter, _) = &office.letters()[0];
    let at: i64 = header(letter, "webhook-timestamp").parse()?;
    let sign =
        |secret: &str| rules::signature(secret, header(letter, "webhook-id"), at, &letter.body);
    let both = format!(
        "{} {}",
        sign(rotated["secret"].as_str().unwrap_or_default()),
        sign(&office.secret)
    );
    assert_eq!(
        header(letter, "webhook-signature"),
        both,
        "by both secrets for a day"
    );
    owner
        .act(
            "webhookEndpointArchive",
            id.clone(),
            "webhookEndpoint { id }",
        )
        .await?;
    owner
        .verb("webhookEndpointResume", id, "webhookEndpoint { id }")
        .await?
        .must_fail("NOT_FOUND")?;
    Ok(())
}

#[tokio::test]
async fn no_endpoint_is_at_a_private_address() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let input = |url: &str| json!({ "name": "X", "url": url, "topics": ["*"] });
    for url in [
        "http://hooks.example.com/in",
        "https://localhost/in",
        "https://10.0.0.1/in",
        "https://user@hooks.example.com/in",
        "https://service.internal/in",
    ] {
        owner
            .verb("webhookEndpointCreate", input(url), "secret")
            .await?
            .must_refuse("URL_INVALID")?;
    }
    let letter = Letter {
        url: "https://localhost.localdomain/in".to_owned(),
        headers: Vec::new(),
        body: String::new(),
    };
    assert!(Https.carry(&letter).await.is_err());
    let wrong = json!({ "name": "X", "url": "https://hooks.example.com", "topics": ["Booking"] });
    owner
        .verb("webhookEndpointCreate", wrong, "secret")
        .await?
        .must_refuse("TOPIC_INVALID")?;
    owner
        .act(
            "webhookEndpointCreate",
            input("https://hooks.example.com"),
            "secret",
        )
        .await?;
    owner
        .verb(
            "webhookEndpointCreate",
            input("https://hooks.example.com"),
            "secret",
        )
        .await?
        .must_refuse("URL_TAKEN")?;
    let desk = world.staff(&owner, "front_desk", &[]).await?;
    desk.verb(
        "webhookEndpointCreate",
        input("https://b.example.com"),
        "secret",
    )
    .await?
    .must_fail("FORBIDDEN")?;
    Ok(())
}

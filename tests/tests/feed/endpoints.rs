//! Endpoints: where they may be, when they are told no more, and that nothing is forgotten meanwhile.

use std::sync::atomic::Ordering;

use bizing::domain::webhooks::courier::{Courier as _, Https, Letter};
use bizing::domain::webhooks::rules;
use serde_json::json;
use tests::World;
use tests::hotel::soon;

use super::webhooks::{Office, header};

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

//! What every change of a booking leaves behind: history, event and audit entry, in its own
//! transaction (invariant 32).

use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::soon;
use uuid::Uuid;

use super::{Desk, local};

/// A change: from, to, reason, actor, topic of the event, action and cursor of the audit entry.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    from: Option<String>,
    to: Option<String>,
    reason: Option<String>,
    topic: String,
    cursor: String,
}

async fn changes(desk: &Desk, order: &Value) -> anyhow::Result<Vec<Change>> {
    let rows = desk
        .sql
        .query(
            "select e.topic, e.transaction_id::text || '-' || e.seq, h.from_status, h.to_status, h.reason,
               a.action = e.topic and a.actor_id = $2 and a.actor_type = 'user' and a.request_id = e.request_id,
               h.id is null or (h.actor_id = $2 and h.request_id = e.request_id),
               e.payload ->> 'location_id' is not null
             from core.outbox_events e
             join audit.audit_events a on a.subject_id = e.subject_id and a.transaction_id = e.transaction_id and a.subject_type = 'BookingOrder'
             left join core.status_history h on h.subject_id = e.subject_id and h.request_id = e.request_id
             where e.subject_type = 'BookingOrder' and e.subject_id = $1
             order by e.transaction_id, e.seq",
            &[&uuid(&order["id"])?, &desk.hotel.owner.user_id],
        )
        .await?;
    let mut found = Vec::new();
    for row in rows {
        let topic: String = row.try_get(0)?;
        for (index, what) in [(5, "audit"), (6, "history"), (7, "payload")] {
            anyhow::ensure!(
                row.try_get::<_, Option<bool>>(index)? == Some(true),
                "{what} of {topic} differs"
            );
        }
        found.push(Change {
            topic,
            cursor: row.try_get(1)?,
            from: row.try_get(2)?,
            to: row.try_get(3)?,
            reason: row.try_get(4)?,
        });
    }
    Ok(found)
}

/// What a verb that answered with this payload should have left: `from > to`, and why.
fn left(payload: &Value, topic: &str, step: &str, reason: Option<&str>) -> Change {
    let cursor = payload["eventCursor"].as_str().unwrap_or_default();
    let step = step.split_once(" > ");
    Change {
        topic: topic.to_owned(),
        cursor: cursor.to_owned(),
        from: step.map(|(from, _)| from.to_owned()),
        to: step.map(|(_, to)| to.to_owned()),
        reason: reason.map(str::to_owned),
    }
}

#[tokio::test]
async fn inv32_every_step_of_a_stay_has_actor_history_event_and_audit() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let owner = &desk.hotel.owner;
    let stay = desk.hotel.stay(soon(0), 1);
    let made = owner
        .act("bookingCreate", stay, "bookingOrder { id }")
        .await?;
    let order = made["bookingOrder"].clone();
    let confirmed = desk.act("bookingConfirm", &order, json!({})).await?;
    let arrival = local(chrono_tz::Europe::Lisbon, soon(0), "16:00:00")?;
    desk.at(arrival).await?;
    let inside = desk.act("bookingCheckIn", &order, json!({})).await?;
    let gone = desk.act("bookingCheckOut", &order, json!({})).await?;
    let expected = [
        left(&made, "booking.created", "", None),
        left(&confirmed, "booking.confirmed", "held > confirmed", None),
        left(
            &inside,
            "booking.checked_in",
            "confirmed > in_progress",
            None,
        ),
        left(
            &gone,
            "booking.checked_out",
            "in_progress > completed",
            None,
        ),
    ];
    assert_eq!(changes(&desk, &order).await?, expected);
    desk.must_agree().await
}

#[tokio::test]
async fn inv32_a_stay_that_did_not_come_about_says_why() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let (one, two) = (
        desk.hotel.confirmed(soon(0), 1).await?,
        desk.hotel.confirmed(soon(0), 1).await?,
    );
    let why = json!({"reason": "changed plans"});
    let cancelled = desk.act("bookingCancel", &one, why).await?;
    let expected = left(
        &cancelled,
        "booking.cancelled",
        "confirmed > cancelled",
        Some("changed plans"),
    );
    assert_eq!(changes(&desk, &one).await?.pop(), Some(expected));
    desk.at(local(chrono_tz::Europe::Lisbon, soon(0), "16:00:00")?)
        .await?;
    let absent = desk
        .act("bookingMarkNoShow", &two, json!({"reason": "no call"}))
        .await?;
    let expected = left(
        &absent,
        "booking.no_show",
        "confirmed > no_show",
        Some("no call"),
    );
    assert_eq!(changes(&desk, &two).await?.pop(), Some(expected));
    desk.must_agree().await
}

#[tokio::test]
async fn what_was_refused_leaves_no_trace() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let order = desk.hotel.confirmed(soon(0), 1).await?;
    let before = changes(&desk, &order).await?;
    desk.verb("bookingCheckIn", &order, json!({}))
        .await?
        .must_refuse("TOO_EARLY")?;
    desk.verb("bookingCheckOut", &order, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    desk.verb("bookingCancel", &order, json!({"reason": ""}))
        .await?
        .must_refuse("REASON_REQUIRED")?;
    assert_eq!(changes(&desk, &order).await?, before);
    Ok(())
}

/// The request that a caller names stands in all that it wrote.
#[tokio::test]
async fn all_that_a_request_wrote_names_it() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let request = bizing::database::new_id();
    let query = "mutation($input: BookingCreateInput!) { bookingCreate(input: $input) { bookingOrder { id } userErrors { code } } }";
    let body = json!({"query": query, "variables": {"input": desk.hotel.stay(soon(0), 1)}});
    let answer = desk
        .hotel
        .owner
        .post(body, &[("x-request-id", &request.to_string())])
        .await?
        .must()?;
    let order = uuid(answer.data("/bookingCreate/bookingOrder/id"))?;
    let row = desk
        .sql
        .query_one(
            "select (select request_id from core.outbox_events where subject_id = $1), (select request_id from audit.audit_events where subject_id = $1)",
            &[&order],
        )
        .await?;
    let (event, entry): (Option<String>, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
    let named = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<Uuid>().ok());
    assert_eq!(
        (named(&event), named(&entry)),
        (Some(request), Some(request))
    );
    Ok(())
}

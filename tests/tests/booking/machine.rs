//! The machine of orders: every pair of statuses, by statements and by verbs (E-92, invariant 32).

use std::collections::BTreeSet;

use bizing::database::new_id;
use chrono::{DateTime, TimeZone as _, Utc};
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::id_of;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use super::{Desk, with};

const STATUSES: [&str; 10] = [
    "draft",
    "held",
    "pending_approval",
    "confirmed",
    "in_progress",
    "completed",
    "cancelled",
    "no_show",
    "declined",
    "expired",
];

/// The legal moves as domain.md has them, and whether a move needs a reason.
const LEGAL: [(&str, &str, bool); 17] = [
    ("draft", "held", false),
    ("draft", "pending_approval", false),
    ("draft", "confirmed", false),
    ("draft", "cancelled", true),
    ("held", "pending_approval", false),
    ("held", "confirmed", false),
    ("held", "expired", false),
    ("held", "cancelled", true),
    ("pending_approval", "confirmed", false),
    ("pending_approval", "declined", true),
    ("pending_approval", "expired", false),
    ("pending_approval", "cancelled", true),
    ("confirmed", "in_progress", false),
    ("confirmed", "cancelled", true),
    ("confirmed", "no_show", false),
    ("in_progress", "completed", false),
    ("no_show", "confirmed", true),
];

/// An order that stands somewhere, written past all verbs, with a hold of its own.
async fn order_in(sql: &Client, biz: Uuid, location: Uuid, status: &str) -> anyhow::Result<Uuid> {
    let (order, hold) = (new_id(), new_id());
    let starts_at: DateTime<Utc> = Utc.with_ymd_and_hms(2031, 1, 1, 10, 0, 0).unwrap();
    sql.execute(
        "insert into availability.booking_holds (biz_id, id, held_until) values ($1, $2, now() + interval '1 day')",
        &[&biz, &hold],
    )
    .await?;
    sql.execute(
        "insert into booking.booking_orders (biz_id, id, number, kind, location_id, status, starts_at, ends_at, timezone, business_date, currency, hold_id, cancelled_at)
         values ($1, $2, $2::uuid::text, 'order', $3, $4::text, $5, $5::timestamptz + interval '1 hour', 'UTC', '2031-01-01', 'EUR', $6,
           case when $4::text = 'cancelled' then $5::timestamptz end)",
        &[&biz, &order, &location, &status, &starts_at, &hold],
    )
    .await?;
    Ok(order)
}

const MOVE: &str = "update booking.booking_orders set status = $2::text,
    cancelled_at = case when $2::text = 'cancelled' then now() end where id = $1";

/// The constraint that refuses a move; none where it is made.
async fn attempt(app: &Client, order: Uuid, to: &str) -> anyhow::Result<Option<String>> {
    match app.execute(MOVE, &[&order, &to]).await {
        Ok(count) => {
            anyhow::ensure!(count == 1, "no order was moved");
            Ok(None)
        }
        Err(error) => {
            let Some(refused) = error.as_db_error() else {
                return Err(error.into());
            };
            anyhow::ensure!(*refused.code() == SqlState::CHECK_VIOLATION, "{refused}");
            Ok(Some(refused.constraint().unwrap_or_default().to_owned()))
        }
    }
}

/// A plain statement of the server's own role moves an order only where a move is legal, and its
/// history is written all the same, with actor and reason.
#[tokio::test]
async fn e92_inv32_every_pair_of_statuses_by_plain_statements() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (biz, user) = (desk.hotel.owner.biz_id, desk.hotel.owner.user_id);
    let location = uuid(&json!(desk.hotel.location))?;
    let app = desk.world.database.app(biz).await?;
    app.batch_execute(&format!("set app.user_id = '{user}'"))
        .await?;
    for from in STATUSES {
        for to in STATUSES {
            let legal = LEGAL
                .iter()
                .find(|(start, end, _)| (*start, *end) == (from, to));
            let order = order_in(&desk.sql, biz, location, from).await?;
            app.batch_execute("set app.reason = ''").await?;
            let silent = attempt(&app, order, to).await?;
            let expected = match legal {
                None if from != to => Some("booking_orders_status_transition_check"),
                Some((_, _, true)) => Some("booking_orders_status_reason_check"),
                _ => None,
            };
            assert_eq!(
                silent.as_deref(),
                expected,
                "{from} to {to} without a reason"
            );
            app.batch_execute("set app.reason = 'because'").await?;
            if expected.is_some() {
                let with_reason = attempt(&app, order, to).await?;
                let refused = legal
                    .is_none()
                    .then_some("booking_orders_status_transition_check");
                assert_eq!(
                    with_reason.as_deref(),
                    refused,
                    "{from} to {to} with a reason"
                );
            }
            let history = app
                .query(
                    "select from_status, to_status, reason, actor_id, machine, subject_type from core.status_history where subject_id = $1",
                    &[&order],
                )
                .await?;
            assert_eq!(
                history.len(),
                usize::from(legal.is_some()),
                "{from} to {to}"
            );
            for row in history {
                let moved: (&str, &str) = (row.get(0), row.get(1));
                assert_eq!(moved, (from, to));
                let needs_reason = legal.is_some_and(|(_, _, needs)| *needs);
                assert_eq!(
                    row.get::<_, Option<&str>>(2),
                    needs_reason.then_some("because")
                );
                assert_eq!(row.get::<_, Option<Uuid>>(3), Some(user));
                assert_eq!(
                    (row.get::<_, &str>(4), row.get::<_, &str>(5)),
                    ("booking_order", "BookingOrder")
                );
            }
        }
    }
    Ok(())
}

/// Nobody gets round the machine: the history is neither rewritten nor left out.
#[tokio::test]
async fn e92_history_cannot_be_changed_or_forged_away() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let biz = desk.hotel.owner.biz_id;
    let location = uuid(&json!(desk.hotel.location))?;
    let order = order_in(&desk.sql, biz, location, "confirmed").await?;
    let app = desk.world.database.app(biz).await?;
    assert_eq!(attempt(&app, order, "in_progress").await?, None);
    for client in [&app, &desk.sql] {
        for sql in [
            "update core.status_history set to_status = 'completed'",
            "delete from core.status_history",
        ] {
            assert!(client.execute(sql, &[]).await.is_err(), "{sql}");
        }
    }
    for sql in [
        "alter table booking.booking_orders disable trigger all",
        "set session_replication_role = replica",
        "insert into core.state_transitions (machine, from_status, to_status) values ('booking_order', 'completed', 'draft')",
    ] {
        assert!(app.batch_execute(sql).await.is_err(), "{sql}");
    }
    Ok(())
}

/// The rows of the machine are those of domain.md, and `allowedTransitions` says the same.
#[tokio::test]
async fn the_machine_is_the_one_of_the_specification() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let rows = desk
        .sql
        .query("select from_status, to_status, requires_reason from core.state_transitions where machine = 'booking_order'", &[])
        .await?;
    let found: BTreeSet<(String, String, bool)> = rows
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect();
    let expected: BTreeSet<(String, String, bool)> = LEGAL
        .iter()
        .map(|(from, to, reason)| ((*from).to_owned(), (*to).to_owned(), *reason))
        .collect();
    assert_eq!(found, expected);
    let location = uuid(&json!(desk.hotel.location))?;
    for status in STATUSES {
        let order = order_in(&desk.sql, desk.hotel.owner.biz_id, location, status).await?;
        let data = desk
            .hotel
            .owner
            .read(&format!(
                "{{ bookingOrder(id: \"{}\") {{ allowedTransitions }} }}",
                id_of("bkg", order)
            ))
            .await?;
        let mut told: Vec<String> =
            serde_json::from_value(data["bookingOrder"]["allowedTransitions"].clone())?;
        told.sort();
        let mut legal: Vec<String> = LEGAL
            .iter()
            .filter(|(from, ..)| *from == status)
            .map(|(_, to, _)| to.to_uppercase())
            .collect();
        legal.sort();
        assert_eq!(told, legal, "{status}");
    }
    Ok(())
}

/// Each verb on an order of each status: where it is not for it, it says so and changes nothing.
#[tokio::test]
async fn every_verb_on_every_status() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (biz, location) = (desk.hotel.owner.biz_id, uuid(&json!(desk.hotel.location))?);
    // After the start of the orders, so that no verb is too early.
    let mut desk = desk;
    desk.at(Utc.with_ymd_and_hms(2031, 1, 1, 10, 30, 0).unwrap())
        .await?;
    let verbs: [(&str, Value, &[&str], &str); 8] = [
        (
            "bookingConfirm",
            json!({}),
            &["held", "pending_approval"],
            "confirmed",
        ),
        ("bookingCheckIn", json!({}), &["confirmed"], "in_progress"),
        ("bookingCheckOut", json!({}), &["in_progress"], "completed"),
        ("bookingMarkNoShow", json!({}), &["confirmed"], "no_show"),
        (
            "bookingApprove",
            json!({}),
            &["pending_approval"],
            "confirmed",
        ),
        (
            "bookingDecline",
            json!({"reason": "x"}),
            &["pending_approval"],
            "declined",
        ),
        (
            "bookingReinstate",
            json!({"reason": "x"}),
            &["no_show"],
            "confirmed",
        ),
        (
            "bookingCancel",
            json!({"reason": "x"}),
            &["draft", "held", "pending_approval", "confirmed"],
            "cancelled",
        ),
    ];
    for (name, input, from, to) in &verbs {
        for status in STATUSES {
            let id = order_in(&desk.sql, biz, location, status).await?;
            let order = json!({"id": id_of("bkg", id)});
            let before = row_of(&desk.sql, id).await?;
            let dry = desk
                .verb(name, &order, with(input.clone(), json!({"dryRun": true})))
                .await?;
            assert_eq!(
                row_of(&desk.sql, id).await?,
                before,
                "{name} dry on {status}"
            );
            let answer = desk.verb(name, &order, input.clone()).await?;
            if from.contains(&status) {
                let answer = answer.must()?;
                assert_eq!(
                    answer.payload()["bookingOrder"]["status"],
                    to.to_uppercase(),
                    "{name} on {status}"
                );
                assert!(
                    dry.user_errors().is_empty(),
                    "{name} dry on {status}: {}",
                    dry.body
                );
                assert_eq!(desk.status(&order).await?, *to);
                continue;
            }
            let code = match (*name, status) {
                ("bookingConfirm", "expired") => "HOLD_EXPIRED",
                ("bookingApprove", "expired") => "DEADLINE_PASSED",
                _ => "WRONG_STATUS",
            };
            assert_eq!(
                answer.user_code(),
                Some(code),
                "{name} on {status}: {}",
                answer.body
            );
            assert_eq!(dry.user_code(), Some(code), "{name} dry on {status}");
            assert_eq!(row_of(&desk.sql, id).await?, before, "{name} on {status}");
        }
    }
    Ok(())
}

async fn row_of(sql: &Client, order: Uuid) -> anyhow::Result<Value> {
    let row = sql
        .query_one(
            "select jsonb_build_object('order', to_jsonb(o),
               'history', (select count(*) from core.status_history h where h.subject_id = o.id),
               'events', (select count(*) from core.outbox_events e where e.subject_id = o.id))
             from booking.booking_orders o where o.id = $1",
            &[&order],
        )
        .await?;
    Ok(row.try_get(0)?)
}

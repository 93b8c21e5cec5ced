//! Those who take part, in `bookingModify`.

use serde_json::json;
use uuid::Uuid;

use super::{BookingModifyInput, Checked, Problem};
use crate::booking::locked::Locked;
use crate::booking::seats::{Seated, judged};
use crate::booking::store::are_customers;
use foundation::database::new_id;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault};

const MOST_PEOPLE: i32 = 1_000;
const ADD: &str = "insert into booking.booking_participants (biz_id, id, order_id, customer_id, name, role, seat_type_id) \
    select $1, w.id, $2, w.customer_id, w.name, w.role, w.seat_type_id \
    from json_to_recordset($3::json) as w (id uuid, customer_id uuid, name text, role text, seat_type_id uuid)";
const OWES: &str = "select b.id from booking.participant_obligations b \
    where b.biz_id = $1 and b.participant_id = any ($2::uuid[]) and b.status not in ('cancelled', 'transferred', 'waived')";
const REMOVE: &str = "update booking.booking_participants p set cancelled_at = $4 \
    where p.biz_id = $1 and p.order_id = $2 and p.id = any ($3::uuid[]) and p.cancelled_at is null";
const SIZE: &str =
    "update booking.booking_orders o set party_size = $3 where o.biz_id = $1 and o.id = $2";

pub(super) async fn write(
    act: &Act<'_>,
    order: &Locked,
    input: &BookingModifyInput,
) -> Checked<()> {
    let (scope, biz) = (act.scope, act.scope.biz_id());
    if let Some(size) = input.party_size {
        if !(1..=MOST_PEOPLE).contains(&size) {
            let message = format!("partySize must be between 1 and {MOST_PEOPLE}.");
            return Err(Fault::at(Problem::InvalidQuantity, "partySize", message));
        }
        if order.kind == "class" && input.units.is_none() {
            let message = "Each who comes to a class has a place: give units.";
            return Err(Fault::at(Problem::Incomplete, "partySize", message));
        }
        let values = [biz.into(), order.id.into(), size.into()];
        scope.execute(SIZE, &values).await?;
    }
    let gone: Vec<Uuid> = input
        .remove_participant_ids
        .iter()
        .flatten()
        .map(Id::uuid)
        .collect();
    if !gone.is_empty() {
        if scope
            .query_opt(OWES, &[biz.into(), gone.clone().into()])
            .await?
            .is_some()
        {
            let message =
                "One of them owes a share of the booking: cancel the participant instead.";
            return Err(Fault::at(
                Problem::OwesShare,
                "removeParticipantIds",
                message,
            ));
        }
        let count = gone.len();
        let values = [biz.into(), order.id.into(), gone.into(), scope.now().into()];
        if usize::try_from(scope.execute(REMOVE, &values).await?) != Ok(count) {
            return Err(Fault::not_found("participant of this booking"));
        }
    }
    add(act, order, input).await
}

const VERSION: &str = "select l.offer_version_id from booking.booking_order_lines l \
    where l.biz_id = $1 and l.order_id = $2 and l.voided_at is null order by l.line_no limit 1";

/// The version of the offer that was booked.
async fn version_of(act: &Act<'_>, order: &Locked) -> Checked<Option<Uuid>> {
    let values = [act.scope.biz_id().into(), order.id.into()];
    let row = act.scope.query_opt(VERSION, &values).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.flatten())
}

async fn add(act: &Act<'_>, order: &Locked, input: &BookingModifyInput) -> Checked<()> {
    let new = input.add_participants.as_deref().unwrap_or_default();
    if new.is_empty() {
        return Ok(());
    }
    let customers = new
        .iter()
        .filter_map(|new| new.customer_id.map(|id| id.uuid()));
    if !are_customers(act.scope, customers.collect()).await? {
        return Err(Fault::not_found("customer"));
    }
    let seated = new.iter().enumerate();
    let seated = seated.filter_map(|(index, one)| one.seated("addParticipants", index));
    let seated: Vec<Seated> = seated.collect();
    let version_id = version_of(act, order).await?;
    let kinds = judged(act.scope, &seated, version_id, Problem::InvalidParty).await?;
    if let Some(kind) = kinds.iter().find(|kind| kind.has_needs) {
        let message = format!(
            "{} takes things of its own, which are picked when it is booked: book it besides.",
            kind.name
        );
        return Err(Fault::at(Problem::NotBookable, "addParticipants", message));
    }
    let rows: Vec<serde_json::Value> = new
        .iter()
        .map(|new| {
            json!({
                "id": new_id(), "customer_id": new.customer_id.map(|id| id.uuid()), "name": new.name,
                "role": new.role.as_ref().map_or("guest", |role| role.0),
                "seat_type_id": new.seat_type_id.map(|id| id.uuid()),
            })
        })
        .collect();
    let values = [
        act.scope.biz_id().into(),
        order.id.into(),
        serde_json::Value::from(rows).to_string().into(),
    ];
    act.scope.execute(ADD, &values).await?;
    Ok(())
}

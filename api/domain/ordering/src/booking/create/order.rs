//! What all kinds of orders have, from the input of `bookingCreate`.

use std::fmt::Write as _;
use std::sync::Arc;

use super::input::{BookingCreateInput, BookingCreateProblem as Problem, BookingNewCustomerInput};
use crate::booking::record::{Booker, Keep, NewOrder, Participant};
use crate::booking::rows::{Customer, Details};
use crate::booking::store::{CUSTOMER_NUMBERS, Found, ORDER_NUMBERS, Sellable};
use foundation::database::new_id;
use foundation::graph::verb::{Act, Fault};
use scheduling::pricing::priced::Priced;

/// What all kinds of orders have.
pub(super) async fn order(
    act: &Act<'_>,
    input: BookingCreateInput,
    found: Found,
    sellable: Sellable,
    (keep, priced): (Keep, Arc<Priced>),
) -> Result<NewOrder, Fault<Problem>> {
    let database = &act.session.shared.database;
    let booker = match input.new_customer {
        Some(new) => Some(Booker::New(new_customer(act, new).await?)),
        None => found.customer.map(|(id, name, _)| Booker::Known(id, name)),
    };
    let participants = input
        .participants
        .unwrap_or_default()
        .into_iter()
        .map(|given| Participant {
            customer_id: given.customer_id.map(|id| id.uuid()),
            name: given.name,
            role: given.role.map_or("guest", |role| role.0),
            seat_type_id: given.seat_type_id.map(|id| id.uuid()),
        });
    Ok(NewOrder {
        id: new_id(),
        number: database.number(act.scope, ORDER_NUMBERS).await?,
        place: Arc::new(found.place),
        sellable: Arc::new(sellable),
        terms: found.terms.map(Arc::new),
        booker,
        participants: participants.collect(),
        channel: input.channel.map_or("desk", |channel| channel.0),
        channel_ref: input.channel_ref,
        booked_at: act.scope.now(),
        note: input.note,
        deposit: found.deposit,
        keep,
        priced: Some(priced),
    })
}

async fn new_customer(
    act: &Act<'_>,
    new: BookingNewCustomerInput,
) -> Result<Customer, Fault<Problem>> {
    let (biz_id, sealer) = (act.scope.biz_id(), &act.session.shared.sealer);
    let seal = |text: &Option<String>| {
        text.as_deref()
            .map(|text| sealer.seal(biz_id, text))
            .transpose()
    };
    let index = |text: &Option<String>| {
        text.as_deref()
            .map(|text| hex(&sealer.blind_index(biz_id, text)))
    };
    Ok(Customer {
        id: new_id(),
        number: act
            .session
            .shared
            .database
            .number(act.scope, CUSTOMER_NUMBERS)
            .await?,
        email: seal(&new.email)?.as_deref().map(hex),
        email_index: index(&new.email),
        phone: seal(&new.phone)?.as_deref().map(hex),
        phone_index: index(&new.phone),
        full_name: new.full_name,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// What a stay asks for.
pub(super) fn details(input: &BookingCreateInput) -> Details {
    let usual = Details::default();
    Details {
        adults: input.adults,
        children: input.children,
        babies: input.babies,
        child_ages: input.child_ages.clone().unwrap_or_default(),
        rate_plan_id: input.rate_plan_id.map(|id| id.uuid()),
        meal_plan: input.meal_plan.as_ref().map(|plan| plan.0),
        guarantee: input
            .guarantee
            .as_ref()
            .map_or(usual.guarantee, |guarantee| guarantee.0),
        deposit_terms: input
            .deposit_terms
            .as_ref()
            .map_or(usual.deposit_terms, |terms| terms.0),
        guest_type: input
            .guest_type
            .as_ref()
            .map_or(usual.guest_type, |kind| kind.0),
        source: input.source.clone(),
        market_segment: input.market_segment.clone(),
        distribution_channel: input.distribution_channel.clone(),
        agent_ref: input.agent_ref.clone(),
        company_ref: input.company_ref.clone(),
        arrival_expected_at: input.arrival_expected_at.map(|instant| instant.0),
        required_parking_spaces: input.required_parking_spaces,
        special_requests: input.special_requests.clone(),
        ..usual
    }
}

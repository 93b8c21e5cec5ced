//! Offers to those who wait: how they are made, and how they end. Whoever answers locks the offer
//! first, then its entry, then what the hold keeps.

use uuid::Uuid;

use crate::availability::hold::store as hold;
use foundation::database::{Error, Scope, new_id};

const OFFER: &str = "with offer as ( \
      insert into availability.waitlist_offers (biz_id, id, waitlist_entry_id, hold_id, offered_at, expires_at) \
      select $1, $2, $3, h.id, clock_timestamp(), h.held_until \
      from availability.booking_holds h where h.biz_id = $1 and h.id = $4), \
    told as ( \
      insert into core.outbox_events (biz_id, id, topic, subject_type, subject_id, payload) \
      select $1, $5, 'waitlist.offered', 'WaitlistEntry', e.id, \
        jsonb_build_object('location_id', e.location_id, 'hold_id', $4::uuid, 'customer_id', e.customer_id) \
      from availability.waitlist_entries e where e.biz_id = $1 and e.id = $3) \
    update availability.waitlist_entries e set status = 'offered', offered_hold_id = $4 \
    where e.biz_id = $1 and e.id = $3";

/// Offers what a hold keeps to an entry that is locked; the hold lasts as long as the offer.
pub(super) async fn make_offer(
    scope: &Scope,
    entry_id: Uuid,
    hold_id: Uuid,
) -> Result<Uuid, Error> {
    let id = new_id();
    let values = [
        scope.biz_id().into(),
        id.into(),
        entry_id.into(),
        hold_id.into(),
        new_id().into(),
    ];
    scope.execute(OFFER, &values).await?;
    Ok(id)
}

/// How an offer ends without being taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The customer does not want it.
    Declined,
    /// The customer did not answer.
    Expired,
    /// The customer no longer waits, or took something else.
    Withdrawn,
}

const END: &str = "with offer as ( \
      update availability.waitlist_offers o \
      set status = $2::text, answered_at = case when $2::text = 'declined' then clock_timestamp() end \
      where o.biz_id = $1 and o.id = any ($4::uuid[]) and o.status = 'open' \
      returning o.waitlist_entry_id) \
    update availability.waitlist_entries e set status = $3::text, \
      offered_hold_id = case when $3::text = 'cancelled' then null else e.offered_hold_id end \
    from offer \
    where e.biz_id = $1 and e.id = offer.waitlist_entry_id and e.status = 'offered'";

/// Ends open offers that are locked, each with its entry and its hold.
pub(super) async fn end_offers(
    scope: &Scope,
    end: End,
    offers: &[(Uuid, Uuid)],
) -> Result<(), Error> {
    let (offer, entry, reason) = match end {
        End::Declined => ("declined", "declined", "withdrawn"),
        End::Expired => ("expired", "expired", "expired"),
        End::Withdrawn => ("withdrawn", "cancelled", "withdrawn"),
    };
    let (ids, holds): (Vec<Uuid>, Vec<Uuid>) = offers.iter().copied().unzip();
    let values = [
        scope.biz_id().into(),
        offer.into(),
        entry.into(),
        ids.into(),
    ];
    scope.execute(END, &values).await?;
    hold::release(scope, reason, &holds).await.map(drop)
}

/// Moves an entry that is locked on.
pub(super) async fn move_entry(scope: &Scope, id: Uuid, to: &str) -> Result<(), Error> {
    let sql =
        "update availability.waitlist_entries e set status = $3 where e.biz_id = $1 and e.id = $2";
    let values = [scope.biz_id().into(), id.into(), to.into()];
    scope.execute(sql, &values).await.map(drop)
}

-- Booking: what a booking used up of discounts is free again when it does not come about, however that happens: a verb, the
-- clock, or another's claim of what its expired hold kept.

create function booking.give_back_discounts()
  returns trigger
  language plpgsql
as $$
begin
  insert into pricing.discount_redemptions (
    biz_id, id, discount_id, customer_id, source_type, source_id, amount_minor, currency, reverses_id
  )
  select r.biz_id, core.uuid_v7(), r.discount_id, r.customer_id, r.source_type, r.source_id, r.amount_minor, r.currency, r.id
  from pricing.discount_redemptions r
  where r.biz_id = new.biz_id
    and r.source_type = 'BookingOrder'
    and r.source_id = new.id
    and r.reverses_id is null
    and not exists (
      select
      from pricing.discount_redemptions b
      where b.biz_id = r.biz_id
        and b.reverses_id = r.id
    )
  order by r.discount_id;
  return null;
end
$$;
comment on function booking.give_back_discounts() is
  'Trigger: takes back the uses of discounts of a booking that was cancelled, declined, or expired, so that their limits are free again.';

create trigger booking_orders_give_back_discounts
  after update of status on booking.booking_orders
  for each row when (old.status is distinct from new.status and new.status in ('cancelled', 'declined', 'expired'))
  execute function booking.give_back_discounts();

-- Procurement, second part: what came, what suppliers bill for it, and what goes back.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain procurement.goods_receipt_status as text constraint goods_receipt_status_check check (value in (
  'draft', 'inspecting', 'posted', 'reversed', 'cancelled'));
comment on domain procurement.goods_receipt_status is 'Where a goods receipt stands.
draft: Being written down at the door.
inspecting: What came is looked at.
posted: It counts: the order has it, and stock has moved.
reversed: It was posted by mistake, and counts no more.
cancelled: It was given up before it counted.';
comment on constraint goods_receipt_status_check on domain procurement.goods_receipt_status is 'Unknown status of a goods receipt.';

create domain procurement.rejection_reason as text constraint rejection_reason_check check (value in (
  'damaged', 'wrong_item', 'quality', 'expired', 'temperature', 'excess', 'late', 'other'));
comment on domain procurement.rejection_reason is 'Why something that came was not taken.
damaged: It is broken or spilt.
wrong_item: It is not what was ordered.
quality: It is not good enough.
expired: It keeps too short, or not any more.
temperature: It came too warm or too cold.
excess: It is more than was ordered.
late: It came too late.
other: Something else, as the note says.';
comment on constraint rejection_reason_check on domain procurement.rejection_reason is 'Unknown reason.';

create domain procurement.invoice_match_status as text constraint invoice_match_status_check check (value in (
  'unmatched', 'matched', 'price_mismatch', 'quantity_mismatch', 'no_order'));
comment on domain procurement.invoice_match_status is 'How a supplier''s invoice compares with the order and with what came.
unmatched: It was not compared yet.
matched: It bills what came at the price that was ordered.
price_mismatch: A price differs.
quantity_mismatch: It bills more than came.
no_order: There is no order for it.';
comment on constraint invoice_match_status_check on domain procurement.invoice_match_status is 'Unknown result of a match.';

create domain procurement.supplier_invoice_status as text constraint supplier_invoice_status_check check (value in (
  'received', 'matched', 'mismatch', 'approved', 'scheduled', 'paid', 'disputed'));
comment on domain procurement.supplier_invoice_status is 'Where a supplier''s invoice stands.
received: It is here.
matched: It was compared, and fits.
mismatch: It was compared, and does not fit.
approved: It may be paid.
scheduled: It is paid on a day.
paid: It is paid.
disputed: It is not paid until the supplier explains or corrects it.';
comment on constraint supplier_invoice_status_check on domain procurement.supplier_invoice_status is 'Unknown status of a supplier''s invoice.';

create domain procurement.supplier_return_status as text constraint supplier_return_status_check check (value in (
  'draft', 'approved', 'shipped', 'credited', 'written_off', 'cancelled'));
comment on domain procurement.supplier_return_status is 'Where a return to a supplier stands.
draft: Being put together.
approved: It may be sent.
shipped: It has left.
credited: The supplier has given credit for it.
written_off: The supplier gives nothing for it.
cancelled: It was called off before it left.';
comment on constraint supplier_return_status_check on domain procurement.supplier_return_status is 'Unknown status of a return to a supplier.';

-- goods_receipts

-- goods_receipts -----------------------------------------------------------------------------------------------------

create table procurement.goods_receipts (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  supplier_id uuid not null,
  po_id uuid,
  location_id uuid not null,
  stock_location_id uuid,
  status procurement.goods_receipt_status not null default 'draft',
  business_date date not null,
  received_at timestamptz not null default now(),
  received_by_id uuid,
  delivery_note text,
  carrier text,
  posted_at timestamptz,
  note text,
  constraint goods_receipts_pkey primary key (biz_id, id),
  constraint goods_receipts_number_key unique (biz_id, number),
  constraint goods_receipts_supplier_id_fkey foreign key (biz_id, supplier_id)
    references procurement.suppliers (biz_id, id),
  constraint goods_receipts_po_id_fkey foreign key (biz_id, po_id)
    references procurement.purchase_orders (biz_id, id),
  constraint goods_receipts_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint goods_receipts_stock_location_id_fkey foreign key (biz_id, stock_location_id)
    references inventory.stock_locations (biz_id, id),
  constraint goods_receipts_received_by_id_fkey foreign key (received_by_id)
    references identity.users (id),
  constraint goods_receipts_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint goods_receipts_delivery_note_check check (btrim(delivery_note) <> '' and length(delivery_note) <= 100),
  constraint goods_receipts_carrier_check check (btrim(carrier) <> '' and length(carrier) <= 200),
  constraint goods_receipts_note_check check (length(note) <= 10000),
  constraint goods_receipts_posted_check check ((posted_at is not null) = (status in ('posted', 'reversed'))),
  constraint goods_receipts_stock_location_check check (po_id is not null or stock_location_id is not null)
);
comment on table procurement.goods_receipts is 'What came from a supplier at one time.';
comment on column procurement.goods_receipts.number is 'Number that staff use, such as GR-000123.';
comment on column procurement.goods_receipts.supplier_id is 'The supplier.';
comment on column procurement.goods_receipts.po_id is 'The order it is for; none for what came without one.';
comment on column procurement.goods_receipts.location_id is 'The location it came to.';
comment on column procurement.goods_receipts.stock_location_id is 'Where it is put away; none where nothing of it is kept in stock.';
comment on column procurement.goods_receipts.status is 'Where it stands.';
comment on column procurement.goods_receipts.business_date is 'Business day of the location on which it came.';
comment on column procurement.goods_receipts.received_at is 'When it came.';
comment on column procurement.goods_receipts.received_by_id is 'Who took it.';
comment on column procurement.goods_receipts.delivery_note is 'Number of the supplier''s delivery note.';
comment on column procurement.goods_receipts.carrier is 'Who brought it.';
comment on column procurement.goods_receipts.posted_at is 'When it was posted.';
comment on column procurement.goods_receipts.note is 'What the buyer should know.';
comment on constraint goods_receipts_number_check on procurement.goods_receipts is 'A number is required, of 60 characters at most.';
comment on constraint goods_receipts_delivery_note_check on procurement.goods_receipts is 'A delivery note is not blank, and of 100 characters at most.';
comment on constraint goods_receipts_carrier_check on procurement.goods_receipts is 'A carrier is not blank, and of 200 characters at most.';
comment on constraint goods_receipts_note_check on procurement.goods_receipts is 'The note has 10,000 characters at most.';
comment on constraint goods_receipts_number_key on procurement.goods_receipts is 'Another goods receipt has this number.';
comment on constraint goods_receipts_posted_check on procurement.goods_receipts is 'A receipt that was posted says when.';
comment on constraint goods_receipts_stock_location_check on procurement.goods_receipts is 'What came without an order is put away somewhere.';

create index goods_receipts_location_id_business_date_idx on procurement.goods_receipts (biz_id, location_id, business_date, id);
create index goods_receipts_status_idx on procurement.goods_receipts (biz_id, status, received_at, id);

call core.install_table('procurement.goods_receipts', 'T', 'prgr', registrable => true);
create unique index goods_receipts_delivery_note_key on procurement.goods_receipts (biz_id, supplier_id, po_id, delivery_note)
  where delivery_note is not null and status not in ('reversed', 'cancelled');
comment on index procurement.goods_receipts_delivery_note_key is 'This delivery note was received already.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('goods_receipt', 'draft', 'inspecting', false),
  ('goods_receipt', 'inspecting', 'posted', false),
  ('goods_receipt', 'draft', 'cancelled', true),
  ('goods_receipt', 'inspecting', 'cancelled', true),
  ('goods_receipt', 'posted', 'reversed', true);
call core.install_state_machine('procurement.goods_receipts', 'status', 'goods_receipt');

create trigger goods_receipts_begins_draft
  before insert on procurement.goods_receipts
  for each row when (new.status not in ('draft', 'inspecting'))
  execute function availability.refuse_update(
    'goods_receipts_begins_draft_check',
    'A goods receipt begins as a draft; it is posted when its lines are there.');
create trigger goods_receipts_posted_immutable
  before update on procurement.goods_receipts
  for each row when (
    old.posted_at is not null
    and (old.supplier_id, old.po_id, old.location_id, old.stock_location_id, old.business_date, old.received_at, old.posted_at)
      is distinct from (new.supplier_id, new.po_id, new.location_id, new.stock_location_id, new.business_date, new.received_at, new.posted_at))
  execute function availability.refuse_update(
    'goods_receipts_posted_immutable_check',
    'A posted receipt is not changed: it is reversed, and written anew.');

-- goods_receipt_line_items

-- goods_receipt_line_items -------------------------------------------------------------------------------------------

create table procurement.goods_receipt_line_items (
  biz_id uuid not null,
  id uuid not null,
  receipt_id uuid not null,
  line_no integer not null,
  po_line_id uuid,
  item_id uuid,
  quantity numeric(18,6) not null,
  accepted_qty numeric(18,6) not null,
  rejected_qty numeric(18,6) not null default 0,
  returned_qty numeric(18,6) not null default 0,
  rejection_reason procurement.rejection_reason,
  rejection_note text,
  lot_no text,
  manufactured_on date,
  expires_on date,
  temperature_c numeric(5,2),
  unit_cost numeric(20,6),
  currency char(3),
  batch_id uuid,
  movement_id uuid,
  constraint goods_receipt_line_items_pkey primary key (biz_id, id),
  constraint goods_receipt_line_items_receipt_id_line_no_key unique (biz_id, receipt_id, line_no),
  constraint goods_receipt_line_items_po_line_id_id_key unique (biz_id, po_line_id, id),
  constraint goods_receipt_line_items_receipt_id_fkey foreign key (biz_id, receipt_id)
    references procurement.goods_receipts (biz_id, id),
  constraint goods_receipt_line_items_po_line_id_fkey foreign key (biz_id, po_line_id)
    references procurement.po_line_items (biz_id, id),
  constraint goods_receipt_line_items_item_id_fkey foreign key (biz_id, item_id)
    references inventory.inventory_items (biz_id, id),
  constraint goods_receipt_line_items_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint goods_receipt_line_items_movement_id_fkey foreign key (biz_id, movement_id)
    references inventory.stock_movements (biz_id, id),
  constraint goods_receipt_line_items_batch_id_fkey foreign key (biz_id, item_id, batch_id)
    references inventory.stock_batches (biz_id, item_id, id),
  constraint goods_receipt_line_items_rejection_note_check check (btrim(rejection_note) <> '' and length(rejection_note) <= 2000),
  constraint goods_receipt_line_items_lot_no_check check (btrim(lot_no) <> '' and length(lot_no) <= 100),
  constraint goods_receipt_line_items_line_no_check check (line_no >= 1),
  constraint goods_receipt_line_items_what_check check (num_nonnulls(po_line_id, item_id) >= 1),
  constraint goods_receipt_line_items_quantity_check check (quantity > 0),
  constraint goods_receipt_line_items_accepted_check check (accepted_qty >= 0 and rejected_qty >= 0 and accepted_qty + rejected_qty = quantity),
  constraint goods_receipt_line_items_rejected_check check ((rejected_qty > 0) = (rejection_reason is not null)),
  constraint goods_receipt_line_items_other_note_check check (rejection_reason <> 'other' or rejection_note is not null),
  constraint goods_receipt_line_items_returned_qty_check check (returned_qty between 0 and quantity),
  constraint goods_receipt_line_items_unit_cost_check check (unit_cost is null or (unit_cost >= 0 and currency is not null)),
  constraint goods_receipt_line_items_expires_on_check check (expires_on > manufactured_on)
);
comment on table procurement.goods_receipt_line_items is 'How much of one thing came, and how much of it was accepted.';
comment on column procurement.goods_receipt_line_items.receipt_id is 'The receipt.';
comment on column procurement.goods_receipt_line_items.line_no is 'Its place in the receipt, from 1.';
comment on column procurement.goods_receipt_line_items.po_line_id is 'The line of the order; none for what was not ordered.';
comment on column procurement.goods_receipt_line_items.item_id is 'The item; none for what is not kept in stock.';
comment on column procurement.goods_receipt_line_items.quantity is 'How much came, in the unit of the item.';
comment on column procurement.goods_receipt_line_items.accepted_qty is 'How much of it was taken.';
comment on column procurement.goods_receipt_line_items.rejected_qty is 'How much of it was not taken.';
comment on column procurement.goods_receipt_line_items.returned_qty is 'How much of it went back later; follows returns that were shipped.';
comment on column procurement.goods_receipt_line_items.rejection_reason is 'Why a part was not taken.';
comment on column procurement.goods_receipt_line_items.rejection_note is 'What was wrong.';
comment on column procurement.goods_receipt_line_items.lot_no is 'Number of the lot, as printed.';
comment on column procurement.goods_receipt_line_items.manufactured_on is 'When it was made, as printed.';
comment on column procurement.goods_receipt_line_items.expires_on is 'First day on which it must not be used any more, as printed.';
comment on column procurement.goods_receipt_line_items.temperature_c is 'Temperature on arrival, in degrees Celsius.';
comment on column procurement.goods_receipt_line_items.unit_cost is 'Cost of one unit in major units, with freight and duty.';
comment on column procurement.goods_receipt_line_items.currency is 'Currency of the cost.';
comment on column procurement.goods_receipt_line_items.batch_id is 'The batch it became.';
comment on column procurement.goods_receipt_line_items.movement_id is 'The movement that put it into stock.';
comment on constraint goods_receipt_line_items_rejection_note_check on procurement.goods_receipt_line_items is 'A rejection note is not blank, and of 2,000 characters at most.';
comment on constraint goods_receipt_line_items_lot_no_check on procurement.goods_receipt_line_items is 'A lot no is not blank, and of 100 characters at most.';
comment on constraint goods_receipt_line_items_receipt_id_line_no_key on procurement.goods_receipt_line_items is 'The receipt already has a line of this number.';
comment on constraint goods_receipt_line_items_po_line_id_id_key on procurement.goods_receipt_line_items is 'A line of a receipt is for one line of an order.';
comment on constraint goods_receipt_line_items_batch_id_fkey on procurement.goods_receipt_line_items is 'The batch must be one of the same item.';
comment on constraint goods_receipt_line_items_line_no_check on procurement.goods_receipt_line_items is 'Line numbers begin at 1.';
comment on constraint goods_receipt_line_items_what_check on procurement.goods_receipt_line_items is 'A line says what came: an item, or a line of an order.';
comment on constraint goods_receipt_line_items_quantity_check on procurement.goods_receipt_line_items is 'More than nothing came.';
comment on constraint goods_receipt_line_items_accepted_check on procurement.goods_receipt_line_items is 'What was taken and what was not must be all that came.';
comment on constraint goods_receipt_line_items_rejected_check on procurement.goods_receipt_line_items is 'What was not taken has a reason, and nothing else has.';
comment on constraint goods_receipt_line_items_other_note_check on procurement.goods_receipt_line_items is 'Another reason is told in the note.';
comment on constraint goods_receipt_line_items_returned_qty_check on procurement.goods_receipt_line_items is 'No more goes back than came.';
comment on constraint goods_receipt_line_items_unit_cost_check on procurement.goods_receipt_line_items is 'A cost is not negative, and has a currency.';
comment on constraint goods_receipt_line_items_expires_on_check on procurement.goods_receipt_line_items is 'It cannot expire before it was made.';

call core.install_table('procurement.goods_receipt_line_items', 'T', 'prgl');

create trigger goods_receipt_line_items_new_open
  after insert on procurement.goods_receipt_line_items referencing new table as inserted
  for each statement execute function inventory.check_document_open(
    'procurement.goods_receipts', 'receipt_id', 'draft,inspecting', 'goods_receipt_line_items_open_check',
    'The lines of a receipt are not changed once it is posted.');
create trigger goods_receipt_line_items_open
  before update on procurement.goods_receipt_line_items
  for each row when (
    (old.receipt_id, old.line_no, old.po_line_id, old.item_id, old.quantity, old.accepted_qty, old.rejected_qty, old.rejection_reason,
      old.rejection_note, old.lot_no, old.manufactured_on, old.expires_on, old.temperature_c, old.unit_cost, old.currency,
      old.batch_id, old.movement_id)
    is distinct from
    (new.receipt_id, new.line_no, new.po_line_id, new.item_id, new.quantity, new.accepted_qty, new.rejected_qty, new.rejection_reason,
      new.rejection_note, new.lot_no, new.manufactured_on, new.expires_on, new.temperature_c, new.unit_cost, new.currency,
      new.batch_id, new.movement_id))
  execute function inventory.check_document_open(
    'procurement.goods_receipts', 'receipt_id', 'draft,inspecting', 'goods_receipt_line_items_open_check',
    'The lines of a receipt are not changed once it is posted.');
create trigger goods_receipt_line_items_new_returned
  before insert on procurement.goods_receipt_line_items
  for each row when (new.returned_qty <> 0)
  execute function availability.refuse_update(
    'goods_receipt_line_items_returned_follows_check',
    'What went back follows returns that were shipped.');
create trigger goods_receipt_line_items_returned
  before update on procurement.goods_receipt_line_items
  for each row when (old.returned_qty <> new.returned_qty and pg_trigger_depth() = 0)
  execute function availability.refuse_update(
    'goods_receipt_line_items_returned_follows_check',
    'What went back follows returns that were shipped.');

create function procurement.apply_receipt() returns trigger
language plpgsql as $$
declare
  po procurement.purchase_orders;
  lines record;
  broken text;
begin
  -- The order before its lines, as whoever changes the order does.
  select o.*
  into po
  from procurement.purchase_orders o
  where o.biz_id = new.biz_id
    and o.id = new.po_id
  for no key update;

  select count(*) as number, coalesce(bool_or(l.returned_qty > 0), false) as returned,
    coalesce(bool_and(l.po_line_id is null or (
      p.po_id is not distinct from new.po_id
      and p.cancelled_at is null
      and coalesce(l.item_id, p.item_id) is not distinct from p.item_id
    )), true) as fits
  into lines
  from procurement.goods_receipt_line_items l
  left join procurement.po_line_items p on p.biz_id = l.biz_id and p.id = l.po_line_id
  where l.biz_id = new.biz_id
    and l.receipt_id = new.id;

  broken := case
    when new.status = 'posted' and lines.number = 0 then 'empty'
    when not lines.fits then 'order_lines'
    when po.supplier_id <> new.supplier_id then 'supplier'
    when new.status = 'posted' and po.status not in ('sent', 'partially_received') then 'order_open'
    when new.status = 'reversed' and po.status not in ('sent', 'partially_received', 'received') then 'order_open'
    when new.status = 'reversed' and lines.returned then 'returned'
  end;
  if broken is not null then
    raise exception using
      errcode = '23514',
      message = case broken
        when 'empty' then 'A receipt of nothing is not posted.'
        when 'order_lines' then 'The lines of a receipt are for lines of its order, and for their items.'
        when 'supplier' then 'A receipt is from the supplier of its order.'
        when 'order_open' then 'A receipt is posted or reversed while its order is open: sent, and not settled.'
        else 'A receipt of which something went back is not reversed.'
      end,
      schema = 'procurement',
      table = 'goods_receipts',
      constraint = format('goods_receipts_%s_check', broken);
  end if;

  with due as (
    select l.biz_id, l.po_line_id, sum(case when new.status = 'posted' then l.accepted_qty else -l.accepted_qty end) as quantity
    from procurement.goods_receipt_line_items l
    where l.biz_id = new.biz_id
      and l.receipt_id = new.id
      and l.po_line_id is not null
    group by l.biz_id, l.po_line_id
  ),
  locked as (
    select p.biz_id, p.id, d.quantity
    from due d
    join procurement.po_line_items p on p.biz_id = d.biz_id and p.id = d.po_line_id
    order by p.id
    for no key update of p
  )
  update procurement.po_line_items p
  set received_qty = p.received_qty + k.quantity
  from locked k
  where p.biz_id = k.biz_id
    and p.id = k.id;
  return null;
end
$$;
comment on function procurement.apply_receipt() is 'Trigger: a posted receipt counts up what has come of its order, and a reversed one counts it down.';

create trigger goods_receipts_apply
  after update on procurement.goods_receipts
  for each row when (old.status <> new.status and new.status in ('posted', 'reversed'))
  execute function procurement.apply_receipt();

-- supplier_invoices

-- supplier_invoices --------------------------------------------------------------------------------------------------

create table procurement.supplier_invoices (
  biz_id uuid not null,
  id uuid not null,
  supplier_id uuid not null,
  invoice_no text not null,
  po_id uuid,
  location_id uuid,
  status procurement.supplier_invoice_status not null default 'received',
  match_status procurement.invoice_match_status not null default 'unmatched',
  invoiced_on date not null,
  received_on date not null,
  due_on date not null,
  currency char(3) not null,
  subtotal_minor bigint not null,
  tax_minor bigint not null default 0,
  total_minor bigint not null,
  match_override_by_id uuid,
  match_override_reason text,
  scheduled_on date,
  paid_at timestamptz,
  payment_ref text,
  dispute_reason text,
  media_id uuid,
  constraint supplier_invoices_pkey primary key (biz_id, id),
  constraint supplier_invoices_invoice_no_key unique (biz_id, supplier_id, invoice_no),
  constraint supplier_invoices_supplier_id_fkey foreign key (biz_id, supplier_id)
    references procurement.suppliers (biz_id, id),
  constraint supplier_invoices_po_id_fkey foreign key (biz_id, po_id)
    references procurement.purchase_orders (biz_id, id),
  constraint supplier_invoices_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint supplier_invoices_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint supplier_invoices_match_override_by_id_fkey foreign key (match_override_by_id)
    references identity.users (id),
  constraint supplier_invoices_media_id_fkey foreign key (biz_id, media_id)
    references core.media_assets (biz_id, id),
  constraint supplier_invoices_invoice_no_check check (btrim(invoice_no) <> '' and length(invoice_no) <= 100),
  constraint supplier_invoices_match_override_reason_check check (btrim(match_override_reason) <> '' and length(match_override_reason) <= 2000),
  constraint supplier_invoices_payment_ref_check check (btrim(payment_ref) <> '' and length(payment_ref) <= 200),
  constraint supplier_invoices_dispute_reason_check check (btrim(dispute_reason) <> '' and length(dispute_reason) <= 2000),
  constraint supplier_invoices_dates_check check (due_on >= invoiced_on),
  constraint supplier_invoices_amounts_check check (subtotal_minor >= 0 and tax_minor >= 0),
  constraint supplier_invoices_total_check check (total_minor = subtotal_minor + tax_minor),
  constraint supplier_invoices_match_override_check check (num_nonnulls(match_override_by_id, match_override_reason) in (0, 2)),
  constraint supplier_invoices_matched_check check (case status when 'matched' then match_status = 'matched' when 'mismatch' then match_status not in ('unmatched', 'matched') else true end),
  constraint supplier_invoices_approved_check check (status not in ('approved', 'scheduled', 'paid') or match_status = 'matched' or match_override_by_id is not null),
  constraint supplier_invoices_scheduled_check check (status <> 'scheduled' or scheduled_on is not null),
  constraint supplier_invoices_paid_check check ((status = 'paid') = (paid_at is not null)),
  constraint supplier_invoices_disputed_check check (status <> 'disputed' or dispute_reason is not null)
);
comment on table procurement.supplier_invoices is 'What a supplier bills. It is compared with the order and with what came before it is paid.';
comment on column procurement.supplier_invoices.supplier_id is 'The supplier.';
comment on column procurement.supplier_invoices.invoice_no is 'Number that the supplier gave it.';
comment on column procurement.supplier_invoices.po_id is 'The order it is for; none where it is for several or for none.';
comment on column procurement.supplier_invoices.location_id is 'The location whose cost it is; none where it is the business as a whole.';
comment on column procurement.supplier_invoices.status is 'Where it stands.';
comment on column procurement.supplier_invoices.match_status is 'How it compares with the order and with what came.';
comment on column procurement.supplier_invoices.invoiced_on is 'Its date.';
comment on column procurement.supplier_invoices.received_on is 'Day on which it came.';
comment on column procurement.supplier_invoices.due_on is 'Day by which it must be paid.';
comment on column procurement.supplier_invoices.currency is 'Currency of its amounts.';
comment on column procurement.supplier_invoices.subtotal_minor is 'What it bills without tax, in minor units.';
comment on column procurement.supplier_invoices.tax_minor is 'Tax, in minor units.';
comment on column procurement.supplier_invoices.total_minor is 'What it bills, in minor units: subtotal + tax.';
comment on column procurement.supplier_invoices.match_override_by_id is 'Who approved it although it does not match.';
comment on column procurement.supplier_invoices.match_override_reason is 'Why it was approved although it does not match.';
comment on column procurement.supplier_invoices.scheduled_on is 'Day on which it is paid.';
comment on column procurement.supplier_invoices.paid_at is 'When it was paid.';
comment on column procurement.supplier_invoices.payment_ref is 'Number of the payment at the bank.';
comment on column procurement.supplier_invoices.dispute_reason is 'What is wrong with it.';
comment on column procurement.supplier_invoices.media_id is 'A copy of it.';
comment on constraint supplier_invoices_invoice_no_check on procurement.supplier_invoices is 'An invoice no is required, of 100 characters at most.';
comment on constraint supplier_invoices_match_override_reason_check on procurement.supplier_invoices is 'A match override reason is not blank, and of 2,000 characters at most.';
comment on constraint supplier_invoices_payment_ref_check on procurement.supplier_invoices is 'A payment ref is not blank, and of 200 characters at most.';
comment on constraint supplier_invoices_dispute_reason_check on procurement.supplier_invoices is 'A dispute reason is not blank, and of 2,000 characters at most.';
comment on constraint supplier_invoices_invoice_no_key on procurement.supplier_invoices is 'This invoice of the supplier is here already.';
comment on constraint supplier_invoices_dates_check on procurement.supplier_invoices is 'It is not due before its date.';
comment on constraint supplier_invoices_amounts_check on procurement.supplier_invoices is 'What is billed cannot be negative.';
comment on constraint supplier_invoices_total_check on procurement.supplier_invoices is 'The total must be subtotal + tax.';
comment on constraint supplier_invoices_match_override_check on procurement.supplier_invoices is 'Approving what does not match names who did and why.';
comment on constraint supplier_invoices_matched_check on procurement.supplier_invoices is 'The status of an invoice that was compared says how it compared.';
comment on constraint supplier_invoices_approved_check on procurement.supplier_invoices is 'An invoice is paid when it matches, or when somebody answers for it.';
comment on constraint supplier_invoices_scheduled_check on procurement.supplier_invoices is 'A scheduled invoice says for when.';
comment on constraint supplier_invoices_paid_check on procurement.supplier_invoices is 'A paid invoice says when, and no other does.';
comment on constraint supplier_invoices_disputed_check on procurement.supplier_invoices is 'A dispute has a reason.';

create index supplier_invoices_status_due_on_idx on procurement.supplier_invoices (biz_id, status, due_on, id);

call core.install_table('procurement.supplier_invoices', 'T', 'prin', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('supplier_invoice', 'received', 'matched', false),
  ('supplier_invoice', 'received', 'mismatch', false),
  ('supplier_invoice', 'received', 'disputed', true),
  ('supplier_invoice', 'mismatch', 'matched', false),
  ('supplier_invoice', 'mismatch', 'approved', true),
  ('supplier_invoice', 'mismatch', 'disputed', true),
  ('supplier_invoice', 'matched', 'mismatch', false),
  ('supplier_invoice', 'matched', 'approved', false),
  ('supplier_invoice', 'matched', 'disputed', true),
  ('supplier_invoice', 'approved', 'scheduled', false),
  ('supplier_invoice', 'approved', 'disputed', true),
  ('supplier_invoice', 'scheduled', 'approved', false),
  ('supplier_invoice', 'scheduled', 'paid', false),
  ('supplier_invoice', 'scheduled', 'disputed', true),
  ('supplier_invoice', 'disputed', 'matched', false),
  ('supplier_invoice', 'disputed', 'mismatch', false),
  ('supplier_invoice', 'disputed', 'approved', true);
call core.install_state_machine('procurement.supplier_invoices', 'status', 'supplier_invoice');

create trigger supplier_invoices_begins_received
  before insert on procurement.supplier_invoices
  for each row when (new.status <> 'received')
  execute function availability.refuse_update('supplier_invoices_begins_received_check', 'An invoice begins as received.');
create trigger supplier_invoices_approved_immutable
  before update on procurement.supplier_invoices
  for each row when (
    old.status in ('approved', 'scheduled', 'paid') and new.status in ('approved', 'scheduled', 'paid')
    and (old.supplier_id, old.invoice_no, old.match_status, old.currency, old.subtotal_minor, old.tax_minor)
      is distinct from (new.supplier_id, new.invoice_no, new.match_status, new.currency, new.subtotal_minor, new.tax_minor))
  execute function availability.refuse_update(
    'supplier_invoices_approved_immutable_check',
    'An invoice that was approved is not changed: dispute it first.');
create trigger supplier_invoices_paid_immutable
  before update on procurement.supplier_invoices
  for each row when (old.status = 'paid' and new.status = 'paid' and old.paid_at <> new.paid_at)
  execute function availability.refuse_update(
    'supplier_invoices_paid_immutable_check',
    'When an invoice was paid is not changed.');

-- supplier_invoice_lines

-- supplier_invoice_lines ---------------------------------------------------------------------------------------------

create table procurement.supplier_invoice_lines (
  biz_id uuid not null,
  id uuid not null,
  invoice_id uuid not null,
  line_no integer not null,
  po_line_id uuid,
  receipt_line_id uuid,
  description text not null,
  quantity numeric(18,6) not null,
  unit_price numeric(20,6) not null,
  amount_minor bigint not null,
  tax_minor bigint not null default 0,
  currency char(3) not null,
  constraint supplier_invoice_lines_pkey primary key (biz_id, id),
  constraint supplier_invoice_lines_invoice_id_line_no_key unique (biz_id, invoice_id, line_no),
  constraint supplier_invoice_lines_invoice_id_fkey foreign key (biz_id, invoice_id)
    references procurement.supplier_invoices (biz_id, id),
  constraint supplier_invoice_lines_po_line_id_fkey foreign key (biz_id, po_line_id)
    references procurement.po_line_items (biz_id, id),
  constraint supplier_invoice_lines_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint supplier_invoice_lines_receipt_line_id_fkey foreign key (biz_id, po_line_id, receipt_line_id)
    references procurement.goods_receipt_line_items (biz_id, po_line_id, id),
  constraint supplier_invoice_lines_description_check check (btrim(description) <> '' and length(description) <= 500),
  constraint supplier_invoice_lines_line_no_check check (line_no >= 1),
  constraint supplier_invoice_lines_quantity_check check (quantity > 0),
  constraint supplier_invoice_lines_amounts_check check (unit_price >= 0 and amount_minor >= 0 and tax_minor >= 0),
  constraint supplier_invoice_lines_receipt_line_check check (receipt_line_id is null or po_line_id is not null)
);
comment on table procurement.supplier_invoice_lines is 'One thing that a supplier bills, with the line of the order and the receipt it belongs to.';
comment on column procurement.supplier_invoice_lines.invoice_id is 'The invoice.';
comment on column procurement.supplier_invoice_lines.line_no is 'Its place in the invoice, from 1.';
comment on column procurement.supplier_invoice_lines.po_line_id is 'The line of the order it bills.';
comment on column procurement.supplier_invoice_lines.receipt_line_id is 'The line of the receipt it bills.';
comment on column procurement.supplier_invoice_lines.description is 'What is billed, as the supplier wrote.';
comment on column procurement.supplier_invoice_lines.quantity is 'How much is billed.';
comment on column procurement.supplier_invoice_lines.unit_price is 'Price of one unit in major units, without tax.';
comment on column procurement.supplier_invoice_lines.amount_minor is 'What the line bills without tax, in minor units.';
comment on column procurement.supplier_invoice_lines.tax_minor is 'Tax of the line, in minor units.';
comment on column procurement.supplier_invoice_lines.currency is 'Currency of its amounts, that of the invoice.';
comment on constraint supplier_invoice_lines_description_check on procurement.supplier_invoice_lines is 'A description is required, of 500 characters at most.';
comment on constraint supplier_invoice_lines_invoice_id_line_no_key on procurement.supplier_invoice_lines is 'The invoice already has a line of this number.';
comment on constraint supplier_invoice_lines_receipt_line_id_fkey on procurement.supplier_invoice_lines is 'The line of the receipt must be one for the same line of the order.';
comment on constraint supplier_invoice_lines_line_no_check on procurement.supplier_invoice_lines is 'Line numbers begin at 1.';
comment on constraint supplier_invoice_lines_quantity_check on procurement.supplier_invoice_lines is 'More than nothing is billed.';
comment on constraint supplier_invoice_lines_amounts_check on procurement.supplier_invoice_lines is 'What is billed cannot be negative.';
comment on constraint supplier_invoice_lines_receipt_line_check on procurement.supplier_invoice_lines is 'A line of a receipt is billed with its line of the order.';

call core.install_table('procurement.supplier_invoice_lines', 'T', 'pril');

create trigger supplier_invoice_lines_new_open
  after insert on procurement.supplier_invoice_lines referencing new table as inserted
  for each statement execute function inventory.check_document_open(
    'procurement.supplier_invoices', 'invoice_id', 'received,mismatch,disputed', 'supplier_invoice_lines_open_check',
    'The lines of an invoice that matches are not changed.');
create trigger supplier_invoice_lines_open
  before update on procurement.supplier_invoice_lines
  for each row execute function inventory.check_document_open(
    'procurement.supplier_invoices', 'invoice_id', 'received,mismatch,disputed', 'supplier_invoice_lines_open_check',
    'The lines of an invoice that matches are not changed.');

create function procurement.check_invoice() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from procurement.supplier_invoices i
    cross join lateral (
      select coalesce(sum(l.amount_minor), 0) as amount, coalesce(sum(l.tax_minor), 0) as tax,
        coalesce(bool_and(l.currency = i.currency), true) as same_currency
      from procurement.supplier_invoice_lines l
      where l.biz_id = i.biz_id
        and l.invoice_id = i.id
    ) l
    where i.biz_id = new.biz_id
      and i.id = new.id
      and (l.amount <> i.subtotal_minor or l.tax <> i.tax_minor or not l.same_currency)
  ) then
    raise exception using
      errcode = '23514',
      message = 'The lines of an invoice must sum up to its subtotal and tax, in its currency.',
      schema = 'procurement',
      table = 'supplier_invoices',
      column = 'subtotal_minor',
      constraint = 'supplier_invoices_lines_sum_check';
  end if;
  return null;
end
$$;
comment on function procurement.check_invoice() is 'Trigger: the lines of a supplier''s invoice sum up to it.';

create constraint trigger supplier_invoices_lines_sum_check
  after insert or update on procurement.supplier_invoices
  deferrable initially deferred
  for each row execute function procurement.check_invoice();
comment on constraint supplier_invoices_lines_sum_check on procurement.supplier_invoices is 'The lines of an invoice must sum up to its subtotal and tax, in its currency.';

-- The three-way match: what is billed counts on the lines of the order once it is approved. Of an invoice that is said
-- to match, then, no line bills more than came, or at another price. Two invoices for the same goods cannot both pass.
create function procurement.apply_invoice() returns trigger
language plpgsql as $$
declare
  approves constant boolean := new.status in ('approved', 'scheduled', 'paid');
begin
  with due as (
    select l.biz_id, l.po_line_id, sum(case when approves then l.quantity else -l.quantity end) as quantity
    from procurement.supplier_invoice_lines l
    where l.biz_id = new.biz_id
      and l.invoice_id = new.id
      and l.po_line_id is not null
    group by l.biz_id, l.po_line_id
  ),
  locked as (
    select p.biz_id, p.id, d.quantity
    from due d
    join procurement.po_line_items p on p.biz_id = d.biz_id and p.id = d.po_line_id
    order by p.id
    for no key update of p
  )
  update procurement.po_line_items p
  set invoiced_qty = p.invoiced_qty + k.quantity
  from locked k
  where p.biz_id = k.biz_id
    and p.id = k.id;

  if approves and new.match_status = 'matched' and exists (
    select
    from procurement.supplier_invoice_lines l
    left join procurement.po_line_items p on p.biz_id = l.biz_id and p.id = l.po_line_id
    left join procurement.purchase_orders o on o.biz_id = p.biz_id and o.id = p.po_id
    where l.biz_id = new.biz_id
      and l.invoice_id = new.id
      and (
        p.id is null
        or o.supplier_id <> new.supplier_id
        or p.currency <> l.currency
        or p.invoiced_qty > p.received_qty
        or abs(l.unit_price - p.unit_price) * 10000 > p.unit_price * p.price_tolerance_bps
      )
  ) then
    raise exception using
      errcode = '23514',
      message = 'An invoice matches when each of its lines bills what was ordered from the supplier and has come, at the price of the order.',
      schema = 'procurement',
      table = 'supplier_invoices',
      column = 'match_status',
      constraint = 'supplier_invoices_three_way_check';
  end if;
  return null;
end
$$;
comment on function procurement.apply_invoice() is 'Trigger: an approved invoice counts up what was billed of its orders, a disputed one counts it down, and what is said to match does.';

create trigger supplier_invoices_apply
  after update on procurement.supplier_invoices
  for each row when ((old.status in ('approved', 'scheduled', 'paid')) <> (new.status in ('approved', 'scheduled', 'paid')))
  execute function procurement.apply_invoice();

-- supplier_returns

-- supplier_returns ---------------------------------------------------------------------------------------------------

create table procurement.supplier_returns (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  supplier_id uuid not null,
  receipt_id uuid not null,
  status procurement.supplier_return_status not null default 'draft',
  reason procurement.rejection_reason not null,
  note text,
  supplier_ref text,
  credit_expected_minor bigint not null default 0,
  credit_received_minor bigint,
  credit_note_no text,
  currency char(3) not null,
  shipped_at timestamptz,
  credited_at timestamptz,
  constraint supplier_returns_pkey primary key (biz_id, id),
  constraint supplier_returns_number_key unique (biz_id, number),
  constraint supplier_returns_supplier_id_fkey foreign key (biz_id, supplier_id)
    references procurement.suppliers (biz_id, id),
  constraint supplier_returns_receipt_id_fkey foreign key (biz_id, receipt_id)
    references procurement.goods_receipts (biz_id, id),
  constraint supplier_returns_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint supplier_returns_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint supplier_returns_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint supplier_returns_supplier_ref_check check (btrim(supplier_ref) <> '' and length(supplier_ref) <= 100),
  constraint supplier_returns_credit_note_no_check check (btrim(credit_note_no) <> '' and length(credit_note_no) <= 100),
  constraint supplier_returns_amounts_check check (credit_expected_minor >= 0 and credit_received_minor >= 0),
  constraint supplier_returns_shipped_check check ((shipped_at is not null) = (status in ('shipped', 'credited', 'written_off'))),
  constraint supplier_returns_credited_check check ((status = 'credited') = (credited_at is not null) and (status <> 'credited' or credit_received_minor is not null)),
  constraint supplier_returns_other_note_check check (reason <> 'other' or note is not null)
);
comment on table procurement.supplier_returns is 'Goods that go back to a supplier, and the credit expected for them.';
comment on column procurement.supplier_returns.number is 'Number that both sides use, such as SR-000123.';
comment on column procurement.supplier_returns.supplier_id is 'The supplier.';
comment on column procurement.supplier_returns.receipt_id is 'The receipt by which they came.';
comment on column procurement.supplier_returns.status is 'Where it stands.';
comment on column procurement.supplier_returns.reason is 'Why they go back.';
comment on column procurement.supplier_returns.note is 'What was wrong.';
comment on column procurement.supplier_returns.supplier_ref is 'The supplier''s number for the return.';
comment on column procurement.supplier_returns.credit_expected_minor is 'What the supplier should give credit for, in minor units.';
comment on column procurement.supplier_returns.credit_received_minor is 'What it gave credit for, in minor units.';
comment on column procurement.supplier_returns.credit_note_no is 'Number of the supplier''s credit note.';
comment on column procurement.supplier_returns.currency is 'Currency of the amounts.';
comment on column procurement.supplier_returns.shipped_at is 'When they left.';
comment on column procurement.supplier_returns.credited_at is 'When the credit came.';
comment on constraint supplier_returns_number_check on procurement.supplier_returns is 'A number is required, of 60 characters at most.';
comment on constraint supplier_returns_note_check on procurement.supplier_returns is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint supplier_returns_supplier_ref_check on procurement.supplier_returns is 'A supplier ref is not blank, and of 100 characters at most.';
comment on constraint supplier_returns_credit_note_no_check on procurement.supplier_returns is 'A credit note no is not blank, and of 100 characters at most.';
comment on constraint supplier_returns_number_key on procurement.supplier_returns is 'Another return has this number.';
comment on constraint supplier_returns_amounts_check on procurement.supplier_returns is 'A credit cannot be negative.';
comment on constraint supplier_returns_shipped_check on procurement.supplier_returns is 'A return that has left says when.';
comment on constraint supplier_returns_credited_check on procurement.supplier_returns is 'A credited return says when, and how much.';
comment on constraint supplier_returns_other_note_check on procurement.supplier_returns is 'Another reason is told in the note.';

create index supplier_returns_status_idx on procurement.supplier_returns (biz_id, status, id);

call core.install_table('procurement.supplier_returns', 'T', 'prrt', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('supplier_return', 'draft', 'approved', false),
  ('supplier_return', 'draft', 'cancelled', true),
  ('supplier_return', 'approved', 'cancelled', true),
  ('supplier_return', 'approved', 'shipped', false),
  ('supplier_return', 'shipped', 'credited', false),
  ('supplier_return', 'shipped', 'written_off', true);
call core.install_state_machine('procurement.supplier_returns', 'status', 'supplier_return');

create trigger supplier_returns_begins_draft
  before insert on procurement.supplier_returns
  for each row when (new.status not in ('draft', 'approved'))
  execute function availability.refuse_update(
    'supplier_returns_begins_draft_check',
    'A return begins as a draft; it is shipped when its lines are there.');
create trigger supplier_returns_receipt_immutable
  before update on procurement.supplier_returns
  for each row when ((old.supplier_id, old.receipt_id, old.currency) is distinct from (new.supplier_id, new.receipt_id, new.currency))
  execute function availability.refuse_update(
    'supplier_returns_receipt_immutable_check',
    'A return keeps its supplier, its receipt and its currency.');

-- supplier_return_lines ----------------------------------------------------------------------------------------------

create table procurement.supplier_return_lines (
  biz_id uuid not null,
  id uuid not null,
  return_id uuid not null,
  line_no integer not null,
  receipt_line_id uuid not null,
  quantity numeric(18,6) not null,
  credit_minor bigint not null,
  currency char(3) not null,
  movement_id uuid,
  constraint supplier_return_lines_pkey primary key (biz_id, id),
  constraint supplier_return_lines_return_id_line_no_key unique (biz_id, return_id, line_no),
  constraint supplier_return_lines_receipt_line_id_key unique (biz_id, return_id, receipt_line_id),
  constraint supplier_return_lines_return_id_fkey foreign key (biz_id, return_id)
    references procurement.supplier_returns (biz_id, id),
  constraint supplier_return_lines_receipt_line_id_fkey foreign key (biz_id, receipt_line_id)
    references procurement.goods_receipt_line_items (biz_id, id),
  constraint supplier_return_lines_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint supplier_return_lines_movement_id_fkey foreign key (biz_id, movement_id)
    references inventory.stock_movements (biz_id, id),
  constraint supplier_return_lines_line_no_check check (line_no >= 1),
  constraint supplier_return_lines_quantity_check check (quantity > 0),
  constraint supplier_return_lines_credit_check check (credit_minor >= 0)
);
comment on table procurement.supplier_return_lines is 'How much of a line of a receipt goes back.';
comment on column procurement.supplier_return_lines.return_id is 'The return.';
comment on column procurement.supplier_return_lines.line_no is 'Its place in the return, from 1.';
comment on column procurement.supplier_return_lines.receipt_line_id is 'The line of the receipt by which it came.';
comment on column procurement.supplier_return_lines.quantity is 'How much goes back, in the unit of the item.';
comment on column procurement.supplier_return_lines.credit_minor is 'What credit is expected for, in minor units.';
comment on column procurement.supplier_return_lines.currency is 'Currency of the amount, that of the return.';
comment on column procurement.supplier_return_lines.movement_id is 'The movement that took it out of stock; none for what was never taken in.';
comment on constraint supplier_return_lines_return_id_line_no_key on procurement.supplier_return_lines is 'The return already has a line of this number.';
comment on constraint supplier_return_lines_receipt_line_id_key on procurement.supplier_return_lines is 'The return already has this line of the receipt.';
comment on constraint supplier_return_lines_line_no_check on procurement.supplier_return_lines is 'Line numbers begin at 1.';
comment on constraint supplier_return_lines_quantity_check on procurement.supplier_return_lines is 'More than nothing goes back.';
comment on constraint supplier_return_lines_credit_check on procurement.supplier_return_lines is 'A credit cannot be negative.';

call core.install_table('procurement.supplier_return_lines', 'T', 'prrl');

create trigger supplier_return_lines_new_open
  after insert on procurement.supplier_return_lines referencing new table as inserted
  for each statement execute function inventory.check_document_open(
    'procurement.supplier_returns', 'return_id', 'draft,approved', 'supplier_return_lines_open_check',
    'What goes back is not changed once it has left.');
create trigger supplier_return_lines_open
  before update on procurement.supplier_return_lines
  for each row execute function inventory.check_document_open(
    'procurement.supplier_returns', 'return_id', 'draft,approved', 'supplier_return_lines_open_check',
    'What goes back is not changed once it has left.');

create function procurement.check_return() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from procurement.supplier_returns r
    cross join lateral (
      select count(*) as number, coalesce(sum(l.credit_minor), 0) as credit, coalesce(bool_and(l.currency = r.currency), true) as same_currency
      from procurement.supplier_return_lines l
      where l.biz_id = r.biz_id
        and l.return_id = r.id
    ) l
    where r.biz_id = new.biz_id
      and r.id = new.id
      and (l.credit <> r.credit_expected_minor or not l.same_currency or (l.number = 0 and r.status not in ('draft', 'cancelled')))
  ) then
    raise exception using
      errcode = '23514',
      message = 'The lines of a return must sum up to the credit expected, in its currency, and there are some.',
      schema = 'procurement',
      table = 'supplier_returns',
      column = 'credit_expected_minor',
      constraint = 'supplier_returns_lines_sum_check';
  end if;
  return null;
end
$$;
comment on function procurement.check_return() is 'Trigger: the lines of a return sum up to the credit expected.';

create constraint trigger supplier_returns_lines_sum_check
  after insert or update on procurement.supplier_returns
  deferrable initially deferred
  for each row execute function procurement.check_return();
comment on constraint supplier_returns_lines_sum_check on procurement.supplier_returns is 'The lines of a return must sum up to the credit expected, in its currency, and there are some.';

create function procurement.apply_return() returns trigger
language plpgsql as $$
declare
  fits boolean;
begin
  -- Locked, as a receipt of which something goes back is not reversed.
  select r.status = 'posted' and r.supplier_id = new.supplier_id
  into fits
  from procurement.goods_receipts r
  where r.biz_id = new.biz_id
    and r.id = new.receipt_id
  for no key update;

  if not fits or exists (
    select
    from procurement.supplier_return_lines l
    join procurement.goods_receipt_line_items g on g.biz_id = l.biz_id and g.id = l.receipt_line_id
    where l.biz_id = new.biz_id
      and l.return_id = new.id
      and g.receipt_id <> new.receipt_id
  ) then
    raise exception using
      errcode = '23514',
      message = 'What goes back came by the posted receipt of the return, from its supplier.',
      schema = 'procurement',
      table = 'supplier_returns',
      column = 'receipt_id',
      constraint = 'supplier_returns_receipt_check';
  end if;

  with locked as (
    select g.biz_id, g.id, l.quantity
    from procurement.supplier_return_lines l
    join procurement.goods_receipt_line_items g on g.biz_id = l.biz_id and g.id = l.receipt_line_id
    where l.biz_id = new.biz_id
      and l.return_id = new.id
    order by g.id
    for no key update of g
  )
  update procurement.goods_receipt_line_items g
  set returned_qty = g.returned_qty + k.quantity
  from locked k
  where g.biz_id = k.biz_id
    and g.id = k.id;
  return null;
end
$$;
comment on function procurement.apply_return() is 'Trigger: a return that has left counts up what went back of the receipt.';

create trigger supplier_returns_apply
  after update on procurement.supplier_returns
  for each row when (old.status <> new.status and new.status = 'shipped')
  execute function procurement.apply_return();

-- Booking: work that nobody does any more, as whoever was to do it was relieved of it, is ready to be given to another.

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('fulfillment_unit', 'assigned', 'ready', false);

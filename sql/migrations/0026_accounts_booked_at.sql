-- old relays: must be stopped; they do not move booked_at on, and entries could fall back in time
-- When the ledger last wrote this row, or the first moment after: no entry is booked before it. Rows
-- that are there already take the time of this statement, which is after all of their entries.
alter table accounts
  add column booked_at datetime(3) not null default current_timestamp(3)

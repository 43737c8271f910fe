-- old relays: may run
-- For the receipt of a call. Ids of calls rise with time, so new rows go in near the end.
create index entries_call on entries (call_id)

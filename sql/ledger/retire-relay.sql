-- A relay that ends with open holds keeps its row, so that the sweep finds them by its silence.
-- returns count
-- :id bytes
delete from relays
 where id = :id and not exists (select 1 from holds where holds.relay_id = relays.id)

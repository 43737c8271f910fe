-- A call that has ended holds nothing.
-- returns many
-- :rows number
select concat('call ', lower(hex(h.call_id))) as subject, 'no hold' as expected,
       concat('a hold, and outcome ', c.outcome) as found
  from holds h join calls c on c.id = h.call_id
 limit :rows

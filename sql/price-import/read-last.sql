-- Tells whether anybody has added a cost price meanwhile.
-- returns one
select coalesce(max(id), 0) as id from cost_prices

-- What upstreams charge, by every row there is or has been.
-- returns many
select id, terms
  from cost_prices

-- What single upstreams charge for a model, beside all published lists; of each the newest first.
-- returns many
-- :model string
select id, scope, effective_from as effectiveFrom, terms
  from cost_prices
 where scope like 'upstream:%' and model = :model
 order by scope, effective_from desc

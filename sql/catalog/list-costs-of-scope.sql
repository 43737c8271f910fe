-- What one upstream charges by rows of its own, or what a published list says; of each model the newest first.
-- returns many
-- :scope string
select model, effective_from as effectiveFrom, terms
  from cost_prices
 where scope = :scope
 order by model, effective_from desc

-- Of a published list of thousands of models only those that somebody serves. Newest first: the first
-- that is in force is the price.
-- returns many
-- :scopes string[]
-- :models string[]
select id, scope, model, effective_from as effectiveFrom, terms
  from cost_prices
 where scope in (:scopes) and model in (:models)
 order by scope, model, effective_from desc

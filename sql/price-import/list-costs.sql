-- What models of some scopes cost at a moment and before; the last row of each is in force.
-- returns many
-- :scopes string[]
-- :at time
select scope, model, terms, context_tokens as contextTokens, output_tokens_max as outputTokensMax
  from cost_prices
 where scope in (:scopes) and effective_from <= :at
 order by scope, model, effective_from

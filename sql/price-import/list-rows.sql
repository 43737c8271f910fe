-- What published lists have said, oldest first.
-- returns many
select scope, model, effective_from as effectiveFrom, terms, context_tokens as contextTokens,
       output_tokens_max as outputTokensMax
  from cost_prices where scope like 'list:%' order by scope, model, effective_from

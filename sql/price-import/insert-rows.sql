-- returns count
-- :rows (scope string, model string, effectiveFrom time, terms string, contextTokens number?,
--   outputTokensMax number?, source string, actor string)[]
insert into cost_prices (scope, model, effective_from, terms, context_tokens, output_tokens_max,
                         source, actor)
values :rows

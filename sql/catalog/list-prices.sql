-- Newest first: the first that is in force is the price.
-- returns many
select id, model, effective_from as effectiveFrom, terms, actor
  from prices order by model, effective_from desc

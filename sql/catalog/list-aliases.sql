-- returns many
select alias, model from model_aliases where enabled = 1 order by alias

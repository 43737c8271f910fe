-- Only what was seeded so; an operator's own figure stands.
-- returns count
-- :name string
-- :contextTokens number
-- :were number
update models set context_tokens = :contextTokens
 where name = :name and context_tokens = :were

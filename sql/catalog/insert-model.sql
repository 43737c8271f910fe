-- Keeps what an operator has changed since.
-- returns count
-- :name string
-- :kind ModelKind
-- :contextTokens number
-- :outputTokensMax number
-- :reasoning number
-- :vision number
-- :ownedBy string
-- :retiresOn string?
insert ignore into models (name, kind, context_tokens, output_tokens_max, reasoning, vision,
                           owned_by, retires_on)
values (:name, :kind, :contextTokens, :outputTokensMax, :reasoning, :vision, :ownedBy, :retiresOn)

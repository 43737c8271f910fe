-- One that is there keeps its secret.
-- returns count
-- :accountId number
-- :url string
-- :seed bytes
-- :muted string
insert into webhooks (account_id, url, seed, muted) values (:accountId, :url, :seed, :muted)
on duplicate key update url = :url, muted = :muted, changed_at = current_timestamp(3)

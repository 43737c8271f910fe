-- An id that an upstream gives twice tells accounts no longer apart: it is nobody's from then on.
-- returns count
-- :digest bytes
-- :accountId number
-- :upstream string
-- :upstreamKey string
-- :model string
-- :days number
insert into stored_responses (digest, account_id, upstream, upstream_key, model, expires_at)
values (:digest, :accountId, :upstream, :upstreamKey, :model,
        current_timestamp(3) + interval :days day)
on duplicate key update
  account_id = if(account_id = values(account_id), account_id, 0),
  upstream = values(upstream),
  upstream_key = values(upstream_key),
  model = values(model),
  expires_at = values(expires_at)

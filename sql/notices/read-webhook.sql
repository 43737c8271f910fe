-- returns maybe
-- :accountId number
select url, seed, muted, changed_at as changedAt,
       case when old_until > current_timestamp(3) then old_seed end as oldSeed, old_until as oldUntil
  from webhooks where account_id = :accountId

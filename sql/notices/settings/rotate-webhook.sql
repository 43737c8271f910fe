-- The secret that was the last one goes on for a while; what was old before it ends.
-- returns count
-- :accountId number
-- :seed bytes
-- :hours number
update webhooks
   set old_seed = seed, old_until = current_timestamp(3) + interval :hours hour, seed = :seed,
       changed_at = current_timestamp(3)
 where account_id = :accountId

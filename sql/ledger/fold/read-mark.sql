-- Run under the account's lock.
-- returns maybe
-- :accountId number
-- :zone string
select before_day as beforeDay, before_slot as beforeSlot
  from zone_folds where account_id = :accountId and zone = :zone

-- returns many
-- :accountId number
select zone from zone_folds where account_id = :accountId order by zone

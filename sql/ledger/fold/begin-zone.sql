-- From now on days of a zone are folded, unless they are already. Run under the account's lock.
-- returns count
-- :accountId number
-- :zone string
insert ignore into zone_folds (account_id, zone) values (:accountId, :zone)

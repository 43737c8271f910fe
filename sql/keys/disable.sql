-- Run under the account's lock, so that it is ordered before every later reservation. Whoever decides
-- over the keys of others also disables what its person has, so that they do not enable it.
-- returns count
-- :id number
-- :accountId number
-- :by number?
-- :isManager number
update api_keys set disabled_at = coalesce(disabled_at, current_timestamp(3)), disabled_by = :by
 where id = :id and account_id = :accountId and revoked_at is null
   and (disabled_at is null
        or (:isManager = 1 and disabled_by = user_id and not disabled_by <=> :by))

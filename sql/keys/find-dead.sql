-- Which of these keys may not go on: revoked, disabled, or of an account that is not active.
-- returns many
-- :ids number[]
select k.id from api_keys k join accounts a on a.id = k.account_id
 where k.id in (:ids) and (k.revoked_at is not null or k.disabled_at is not null or a.status <> 'active')

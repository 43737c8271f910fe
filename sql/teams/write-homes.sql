-- Whoever an account was made for owns it, also where the release that made them wrote no row.
-- returns count
-- :accountId number
insert ignore into memberships (account_id, user_id, role, joined_at)
select account_id, id, 'owner', created_at from users where account_id = :accountId

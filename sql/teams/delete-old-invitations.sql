-- returns count
-- :accountId number
-- :days number
-- :rows number
delete from invitations
 where account_id = :accountId and expires_at < current_timestamp(3) - interval :days day
 limit :rows

-- Who is in an account, and who may yet come by a link. Below the account's lock.
-- returns one
-- :accountId number
select (select count(*) from memberships m where m.account_id = :accountId and m.left_at is null)
         as people,
       (select count(*) from invitations i
         where i.account_id = :accountId and i.used_at is null and i.revoked_at is null
           and i.expires_at > current_timestamp(3)) as invited

-- What somebody is in an account now; below its lock it stays so. Who has no row yet owns the account
-- that was made for them.
-- returns maybe
-- :accountId number
-- :userId number
-- column role Role
select coalesce(m.role, 'owner') as role
  from users u left join memberships m on m.account_id = :accountId and m.user_id = u.id
 where u.id = :userId and m.left_at is null
   and (m.user_id is not null or u.account_id = :accountId)

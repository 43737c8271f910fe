-- What somebody is in: also the account that was made for them, where no row says so yet.
-- returns many
-- :userId number
-- :homeAccountId number
-- :rows number
select id, name from accounts where id = :homeAccountId
 union
select a.id, a.name from memberships m join accounts a on a.id = m.account_id
 where m.user_id = :userId and m.left_at is null
 order by id limit :rows

-- returns many
-- :accountId number
-- :rows number
select id, name, email, created_at as createdAt
  from users where account_id = :accountId order by id limit :rows

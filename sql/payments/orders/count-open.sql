-- returns one
-- :accountId number
select count(*) as orders
  from orders
 where account_id = :accountId and state in ('created', 'pending')

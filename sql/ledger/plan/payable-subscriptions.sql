-- The accounts behind `after` that were short of a period's price, and no longer are.
-- returns many
-- :after number
-- :rows number
select s.account_id as accountId
  from subscriptions s force index (subscriptions_grace)
  join accounts a on a.id = s.account_id
 where s.in_grace = 1 and s.account_id > :after
   and a.balance_nanos - a.balance_held_nanos >= s.price_nanos
 order by s.account_id limit :rows

-- Plans, the dearest last, each with how many are subscribed to it: those on sale, or all.
-- returns many
-- :all number
-- :rows number
select p.id, p.name, p.sold_as is not null as onSale, p.credit_nanos as creditNanos,
       p.price_nanos as priceNanos, p.models, p.group_name as groupName,
       p.rollover_nanos as rolloverNanos, p.grace_days as graceDays, p.created_at as createdAt,
       (select count(*) from subscriptions s where s.plan_id = p.id) as subscribers
  from plans p
 where :all = 1 or p.sold_as is not null
 order by p.sold_as is null, p.price_nanos, p.id
 limit :rows

-- The terms of a plan, be it on sale or not.
-- returns maybe
-- :id number
select id, name, sold_as is not null as onSale, credit_nanos as creditNanos,
       price_nanos as priceNanos, models, group_name as groupName,
       rollover_nanos as rolloverNanos, grace_days as graceDays
  from plans where id = :id

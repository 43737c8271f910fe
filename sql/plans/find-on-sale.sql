-- returns maybe
-- :name string
select id, name, credit_nanos as creditNanos, price_nanos as priceNanos, models,
       group_name as groupName, rollover_nanos as rolloverNanos, grace_days as graceDays
  from plans where sold_as = :name

-- What `retain` has dropped, against the totals that it left.
-- returns many
-- :rows number
select concat('account ', account_id) as subject,
       concat(dropped, ' calls of ', dropped_cost) as expected,
       concat(kept, ' calls of ', kept_cost) as found
  from (select account_id, cast(sum(dropped) as signed) as dropped,
               cast(sum(dropped_cost) as signed) as dropped_cost,
               cast(sum(kept) as signed) as kept, cast(sum(kept_cost) as signed) as kept_cost
          from (select account_id, calls as dropped, cost_nanos as dropped_cost,
                       0 as kept, 0 as kept_cost
                  from dropped_calls
                 union all
                select account_id, 0, 0, calls, cost_nanos
                  from usage_quarters
                 where slot < (select timestampdiff(day, '1970-01-01', max(before_day)) * 96
                                 from dropped_calls)) both_sides
         group by account_id) totals
 where dropped <> kept or dropped_cost <> kept_cost
 limit :rows

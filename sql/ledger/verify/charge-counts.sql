-- As many charges as calls that cost something: none billed twice, none unbilled.
-- Calls that `retain` has dropped count by the sums it left.
-- returns many
-- :rows number
select concat('account ', a.id) as subject,
       concat(coalesce(c.calls, 0), ' charges of ', coalesce(c.cost, 0)) as expected,
       concat(coalesce(e.charges, 0), ' charges of ', coalesce(e.cost, 0)) as found
  from accounts a
  left join (select account_id, cast(sum(calls) as signed) as calls,
                    cast(sum(cost) as signed) as cost
               from (select account_id, count(*) as calls, cast(sum(cost_nanos) as signed) as cost
                       from calls
                      where cost_nanos > 0
                        and id >= (select coalesce(max(before_id), x'00') from dropped_calls)
                      group by account_id
                      union all
                     select account_id, charges, cost_nanos from dropped_calls) kept_and_dropped
              group by account_id) c on c.account_id = a.id
  left join (select account_id, count(*) as charges,
                    cast(-sum(plan_nanos + balance_nanos) as signed) as cost
               from entries where kind = 'charge' group by account_id) e on e.account_id = a.id
 where coalesce(c.calls, 0) <> coalesce(e.charges, 0) or coalesce(c.cost, 0) <> coalesce(e.cost, 0)
 limit :rows

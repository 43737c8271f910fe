-- Each charge in the ledger belongs to a call that says the same, as long as calls are kept.
-- returns many
-- :rows number
select concat('account ', e.account_id, ' entry ', e.seq) as subject,
       case when c.id is null then 'a call'
            else concat('plan ', c.plan_nanos, ', balance ', c.balance_nanos) end as expected,
       concat('plan ', -e.plan_nanos, ', balance ', -e.balance_nanos) as found
  from entries e left join calls c on c.id = e.call_id and c.account_id = e.account_id
 where e.kind = 'charge'
   and (e.call_id is null
        or e.call_id >= (select coalesce(max(before_id), x'00') from dropped_calls))
   and (c.id is null or -e.plan_nanos <> c.plan_nanos or -e.balance_nanos <> c.balance_nanos)
 limit :rows

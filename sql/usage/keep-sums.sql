-- What a month of calls comes to by account, before it is dropped. Again after a crash: the same.
-- returns count
-- :from bytes
-- :beforeId bytes
-- :beforeDay string
insert into dropped_calls (account_id, before_id, before_day, calls, charges, late, late_nanos,
                           cost_nanos)
select account_id, :beforeId, :beforeDay, count(*), cast(sum(cost_nanos > 0) as signed),
       cast(sum(outcome = 'late') as signed),
       cast(sum(if(outcome = 'late', balance_nanos, 0)) as signed), cast(sum(cost_nanos) as signed)
  from calls
 where id >= :from and id < :beforeId
 group by account_id
    on duplicate key update
       calls = values(calls), charges = values(charges), late = values(late),
       late_nanos = values(late_nanos), cost_nanos = values(cost_nanos)

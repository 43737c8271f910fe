-- Each entry's balances follow from the entry before it, and no number is missing. Each entry looks
-- its predecessor up: a window over ten million of them would be sorted on disk first.
-- returns many
-- :rows number
select concat('account ', e.account_id, ' entry ', e.seq) as subject,
       concat('plan ', coalesce(b.plan_after_nanos, 0) + e.plan_nanos,
              ', balance ', coalesce(b.balance_after_nanos, 0) + e.balance_nanos,
              if(b.seq is null and e.seq <> 1, concat(', after an entry ', e.seq - 1), '')
             ) as expected,
       concat('plan ', e.plan_after_nanos, ', balance ', e.balance_after_nanos) as found
  from entries e
  left join entries b on b.account_id = e.account_id and b.seq = e.seq - 1
 where (b.seq is null and e.seq <> 1)
    or e.plan_after_nanos <> coalesce(b.plan_after_nanos, 0) + e.plan_nanos
    or e.balance_after_nanos <> coalesce(b.balance_after_nanos, 0) + e.balance_nanos
 limit :rows

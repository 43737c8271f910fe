-- Each entry's balances follow from the entry before it, and no number is missing.
-- returns many
-- :rows number
select concat('account ', account_id, ' entry ', seq) as subject,
       concat('seq ', before_seq + 1, ', plan ', before_plan + plan_nanos,
              ', balance ', before_balance + balance_nanos) as expected,
       concat('seq ', seq, ', plan ', plan_after_nanos,
              ', balance ', balance_after_nanos) as found
  from (select account_id, seq, plan_nanos, balance_nanos, plan_after_nanos, balance_after_nanos,
               coalesce(lag(seq) over w, 0) as before_seq,
               coalesce(lag(plan_after_nanos) over w, 0) as before_plan,
               coalesce(lag(balance_after_nanos) over w, 0) as before_balance
          from entries window w as (partition by account_id order by seq)) chain
 where seq <> before_seq + 1 or plan_after_nanos <> before_plan + plan_nanos
    or balance_after_nanos <> before_balance + balance_nanos
 limit :rows

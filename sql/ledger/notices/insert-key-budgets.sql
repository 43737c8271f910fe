-- Of which part of these keys' budgets their people are to be told, each once: `noticeId` makes the
-- same ids. Whoever asks has locked their accounts, and written what they have spent. A budget that
-- is set anew is another one.
-- returns count
-- :ids number[]
insert ignore into notices (id, account_id, kind, payload)
select left(unhex(sha2(concat('key.budget ', k.id, ' life ', k.budget_nanos, ' ', m.percent),
                       256)), 16),
       k.account_id, 'key.budget',
       concat('{"keyId":', k.id, ',"percent":', m.percent, ',"budgetNanos":', k.budget_nanos,
              ',"spentNanos":', k.spent_nanos, ',"period":"life"}')
  from api_keys k force index (primary),
       (select 80 as percent union all select 100) m
 where k.id in (:ids) and k.budget_nanos > 0 and k.spent_nanos >= k.budget_nanos * m.percent / 100

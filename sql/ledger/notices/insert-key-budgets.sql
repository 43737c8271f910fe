-- Of which part of these keys' budgets their people are to be told, each once: `noticeId` makes the
-- same ids. Whoever asks has locked their accounts, and written what they have spent. A budget that
-- is set anew is another one, and so is one that begins anew.
-- What is told already is looked for first: writing it again would wait for whoever has its row
-- locked, who may have stood still.
-- returns count
-- :ids number[]
insert ignore into notices (id, account_id, kind, payload)
select d.id, d.account_id, 'key.budget', d.payload
  from (select left(unhex(sha2(concat('key.budget ', b.id, ' ', b.period, ' ', b.budget, ' ',
                                      m.percent), 256)), 16) as id,
               b.account_id,
               concat('{"keyId":', b.id, ',"percent":', m.percent, ',"budgetNanos":', b.budget,
                      ',"spentNanos":', b.spent, ',"period":"', b.period, '"}') as payload
          from (select id, account_id, 'life' as period, budget_nanos as budget,
                       spent_nanos as spent
                  from api_keys force index (primary) where id in (:ids)
                 union all
                select id, account_id,
                       concat(period, ' ', date_format(period_began, '%Y-%m-%dT%H:%i:%sZ')),
                       period_budget_nanos, spent_nanos - period_base_nanos
                  from api_keys force index (primary)
                 where id in (:ids) and period_began is not null) b,
               (select 80 as percent union all select 100) m
         where b.budget > 0 and b.spent >= b.budget * m.percent / 100) d
 where not exists (select 1 from notices n where n.id = d.id)

-- Every code that was redeemed is an entry of what it is worth, every entry of a code was redeemed,
-- and a code was redeemed as often as it has been used.
-- returns many
-- :rows number
select subject, expected, found
  from (select concat('code ', r.code_id, ' of account ', r.account_id) as subject,
               concat('an entry ', r.entry_seq, ' of ', r.value_nanos) as expected,
               coalesce(concat(e.kind, ' ', coalesce(e.ref, ''), ' of ', e.balance_nanos),
                        'none') as found
          from code_redemptions r
          left join entries e on e.account_id = r.account_id and e.seq = r.entry_seq
         where e.seq is null
            or (r.plan_id is null
                and (e.kind <> 'grant' or e.balance_nanos <> r.value_nanos
                     or coalesce(e.ref, '') <> concat('code:', r.code_id, ':', r.account_id)))
            or (r.plan_id is not null and e.kind <> 'plan')
         union all
        select concat('account ', e.account_id, ' entry ', e.seq), 'a code that was redeemed',
               e.ref
          from entries e
          left join code_redemptions r on r.account_id = e.account_id and r.entry_seq = e.seq
         where e.ref like 'code:%' and r.code_id is null
         union all
        select concat('code ', c.id),
               concat('redeemed ', coalesce(u.used, 0), ' times, at most ', b.uses),
               concat('used ', b.uses - c.uses_left, ' times')
          from codes c
          join code_batches b on b.id = c.batch_id
          left join (select code_id, count(*) as used from code_redemptions group by code_id) u
            on u.code_id = c.id
         where b.uses - c.uses_left <> coalesce(u.used, 0) or c.uses_left < 0
         union all
        select concat('codes of batch ', b.id), concat(b.codes, ' codes of ', b.value_nanos),
               concat(coalesce(made, 0), ' codes, redeemed for ', coalesce(least_value, 0), ' to ',
                      coalesce(most_value, 0))
          from code_batches b
          left join (select c.batch_id, count(distinct c.id) as made,
                            min(r.value_nanos) as least_value, max(r.value_nanos) as most_value
                       from codes c left join code_redemptions r on r.code_id = c.id
                      group by c.batch_id) t on t.batch_id = b.id
         where b.codes <> coalesce(made, 0) or coalesce(least_value, b.value_nanos) <> b.value_nanos
            or coalesce(most_value, b.value_nanos) <> b.value_nanos) differences
 limit :rows

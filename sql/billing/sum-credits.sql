-- All entries but charges, by kind. A charge has a call; without one, the index on it ends in
-- account and seq, so that millions of charges between them are not read.
-- returns many
-- :accountId number
-- :after number
-- :upTo number
-- column listedKind ListedKind
select coalesce(case when ref like 'code:%' then 'code' end, kind) as listedKind, count(*) as entries,
       cast(sum(plan_nanos) as signed) as planNanos,
       cast(sum(balance_nanos) as signed) as balanceNanos
  from entries force index (entries_call)
 where call_id is null and account_id = :accountId and seq > :after and seq <= :upTo
 group by listedKind
 order by null

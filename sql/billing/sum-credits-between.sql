-- All entries but charges, together between each of these numbers and the next: `part` 1 is what comes
-- with the first of them. Like sum-credits, it reads no charge.
-- returns many
-- :accountId number
-- :after number
-- :upTo number
-- :begins number[]
select interval(seq, :begins) as part, count(*) as entries,
       cast(sum(plan_nanos) as signed) as planNanos,
       cast(sum(balance_nanos) as signed) as balanceNanos
  from entries force index (entries_call)
 where call_id is null and account_id = :accountId and seq > :after and seq <= :upTo
 group by part
 order by null

-- The codes that an account has redeemed, the newest first.
-- returns many
-- :accountId number
-- :rows number
select r.code_id as codeId, r.value_nanos as valueNanos, p.name as plan, b.months,
       r.redeemed_at as redeemedAt
  from code_redemptions r
  join codes c on c.id = r.code_id
  join code_batches b on b.id = c.batch_id
  left join plans p on p.id = r.plan_id
 where r.account_id = :accountId
 order by r.entry_seq desc
 limit :rows

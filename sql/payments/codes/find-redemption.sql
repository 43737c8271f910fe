-- What an account has had for a code.
-- returns maybe
-- :codeId number
-- :accountId number
select r.code_id as codeId, r.value_nanos as valueNanos, p.name as plan,
       r.redeemed_at as redeemedAt
  from code_redemptions r left join plans p on p.id = r.plan_id
 where r.code_id = :codeId and r.account_id = :accountId

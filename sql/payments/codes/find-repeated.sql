-- When an account, or somebody in whatever account, has redeemed a code; their own first.
-- returns maybe
-- :codeId number
-- :accountId number
-- :userId number
select account_id as accountId, redeemed_at as redeemedAt
  from code_redemptions
 where code_id = :codeId and (account_id = :accountId or user_id = :userId)
 order by account_id <> :accountId
 limit 1

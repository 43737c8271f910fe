-- Who has redeemed codes of a batch, in the order of the codes' numbers.
-- returns many
-- :batchId number
-- :afterCode number
-- :afterAccount number
-- :rows number
select r.code_id as codeId, r.account_id as accountId, r.redeemed_at as redeemedAt
  from codes c join code_redemptions r on r.code_id = c.id
 where c.batch_id = :batchId and c.id >= :afterCode
   and (r.code_id > :afterCode or r.account_id > :afterAccount)
 order by r.code_id, r.account_id
 limit :rows

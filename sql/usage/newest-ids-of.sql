-- One combination is one stretch of this index, in the order of ids: no call of another is touched.
-- returns many
-- :accountId number
-- :keyId number
-- :model string
-- :statusCode number
-- :outcome string
-- :from bytes
-- :to bytes
-- :rows number
select id from calls force index (calls_facets)
 where account_id = :accountId and key_id = :keyId and model = :model
   and status_code = :statusCode and outcome = :outcome and id >= :from and id < :to
 order by id desc limit :rows

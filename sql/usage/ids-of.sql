-- Each combination is one stretch of this index, in the order of ids: no call of another is touched.
-- In no order over all of them. An outcome is any text here, because the combinations are read from
-- the rows, and those of a newer release may have one that this release does not know.
-- returns many
-- :accountId number
-- :combinations (keyId number, model string, statusCode number, outcome string)[]
-- :from bytes
-- :to bytes
-- :rows number
select id from calls force index (calls_facets)
 where account_id = :accountId
   and (key_id, model, status_code, outcome) in (:combinations)
   and id >= :from and id < :to
 limit :rows

-- Whether there ever were codes, and whether one can be redeemed now.
-- returns one
select (select count(*) from code_batches) as batches,
       (select count(*)
          from code_batches b
         where b.canceled_at is null
           and coalesce(b.expires_at, '9999-01-01') > current_timestamp(3)
           and exists (select 1 from codes c
                        where c.batch_id = b.id and c.uses_left > 0
                          and c.canceled_at is null)) as usable

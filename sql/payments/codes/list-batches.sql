-- Batches, the newest first, with how often codes of each can be redeemed yet, and were.
-- returns many
-- :before number
-- :rows number
select b.id, b.name, b.value_nanos as valueNanos, p.name as plan, b.months, b.codes, b.uses,
       b.expires_at as expiresAt, b.canceled_at as canceledAt, b.created_by as createdBy,
       b.created_at as createdAt, if(b.expires_at <= current_timestamp(3), 1, 0) as isExpired,
       (select cast(sum(b.uses - c.uses_left) as signed) from codes c
         where c.batch_id = b.id) as redeemed
  from code_batches b left join plans p on p.id = b.plan_id
 where b.id < :before
 order by b.id desc
 limit :rows

-- returns many
-- :after number
-- :rows number
-- column status AccountStatus
select id, name, status, plan_nanos as planNanos, plan_held_nanos as planHeldNanos,
       balance_nanos as balanceNanos, balance_held_nanos as balanceHeldNanos,
       factor, group_name as groupName, created_at as createdAt
  from accounts where id > :after order by id limit :rows

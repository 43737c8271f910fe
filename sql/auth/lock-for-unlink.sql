-- Makes whoever takes a way to sign in from a person the only one who does, in a cluster as well:
-- what is written must be a change there (docs/decisions/0042).
-- returns count
-- :userId number
update users
   set unlinked_at = greatest(current_timestamp(3),
                              coalesce(unlinked_at, created_at) + interval 1000 microsecond)
 where id = :userId

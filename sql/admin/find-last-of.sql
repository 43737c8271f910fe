-- Who changed something last, and what they did. Read where a change was refused: the log has few rows.
-- returns maybe
-- :subject string
-- column action AdminAction
select actor, action, created_at as createdAt
  from admin_log where subject = :subject order by id desc limit 1

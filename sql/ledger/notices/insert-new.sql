-- What has been told, or is about to be, stays as it is: its id is of what it is about. It is looked
-- for first: writing it again would wait for whoever has its row locked, who may have stood still.
-- returns count
-- :id bytes
-- :accountId number?
-- :kind NoticeKind
-- :payload string
insert ignore into notices (id, account_id, kind, payload)
select t.id, t.account_id, t.kind, t.payload
  from (select :id as id, :accountId as account_id, :kind as kind, :payload as payload) t
 where not exists (select 1 from notices n where n.id = t.id)

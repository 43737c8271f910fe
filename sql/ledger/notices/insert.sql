-- What has been told, or is about to be, stays as it is: its id is of what it is about.
-- returns count
-- :notices (id bytes, accountId number?, kind NoticeKind, payload string)[]
insert ignore into notices (id, account_id, kind, payload)
values :notices

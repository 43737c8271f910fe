-- What somebody asks for is written where it is asked for, and not by the ledger.
-- returns count
-- :notices (id bytes, accountId number, kind NoticeKind, payload string)[]
insert ignore into notices (id, account_id, kind, payload)
values :notices

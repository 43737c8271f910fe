-- returns count
-- :codeId number
-- :accountId number
-- :userId number?
-- :valueNanos number
-- :planId number?
-- :entrySeq number
-- :redeemedAt string
insert into code_redemptions (code_id, account_id, user_id, value_nanos, plan_id, entry_seq,
                              redeemed_at)
values (:codeId, :accountId, :userId, :valueNanos, :planId, :entrySeq, :redeemedAt)

-- What these holds have of the plan is of a period that ends now; what they give back ends with it.
-- Below the account's lock, and by its index: no hold of another account is touched.
-- returns count
-- :accountId number
update holds force index (holds_account) set plan_ended = 1
 where account_id = :accountId and plan_nanos > 0

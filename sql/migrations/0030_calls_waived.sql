-- old relays: may run
-- What the operator may have to pay for a call whose customer pays nothing, or less, because its
-- upstream broke or nothing of it came: at the customer's prices. And the model that answered, where
-- it was another one than was asked for. Instant, so that no replica waits for a copy of all calls.
alter table calls add column waived_nanos bigint not null default 0,
                  add column other_model varchar(100) null, algorithm = instant

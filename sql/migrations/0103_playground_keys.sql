-- old relays: may run
-- The key that somebody calls with from the playground of an account: one, for as long as it is not
-- revoked. Written below the account's lock.
create table if not exists playground_keys (
  account_id bigint not null,
  user_id bigint not null,
  key_id bigint not null,
  primary key (account_id, user_id)
) engine = innodb default charset = utf8mb4

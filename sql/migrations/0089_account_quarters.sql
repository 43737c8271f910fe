-- old relays: must be stopped; they do not write usage_quarters
-- The same over everything that an account did, as account_days was.
create table if not exists account_quarters (
  account_id bigint not null,
  slot int not null,
  calls bigint not null,
  input_tokens bigint not null,
  cached_tokens bigint not null,
  cache_write_tokens bigint not null,
  output_tokens bigint not null,
  reasoning_tokens bigint not null,
  cost_nanos bigint not null,
  primary key (account_id, slot)
) engine = innodb default charset = utf8mb4

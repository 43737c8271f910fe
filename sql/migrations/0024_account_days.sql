-- old relays: must be stopped; they do not write account_days
-- The daily totals of an account over everything it did: what its pages show before any filter, in
-- one row a day however many keys and models there are.
create table if not exists account_days (
  account_id bigint not null,
  day date not null,
  calls bigint not null,
  input_tokens bigint not null,
  cached_tokens bigint not null,
  cache_write_tokens bigint not null,
  output_tokens bigint not null,
  reasoning_tokens bigint not null,
  cost_nanos bigint not null,
  primary key (account_id, day)
) engine = innodb default charset = utf8mb4

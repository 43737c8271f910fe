-- old relays: must be stopped; they do not write usage_quarters
-- What usage_days was, by quarters of an hour: the days of any zone begin with one of them. A slot is a
-- quarter of an hour of UTC, counted from the first of 1970.
create table if not exists usage_quarters (
  account_id bigint not null,
  slot int not null,
  key_id bigint not null,
  model varchar(100) character set utf8mb4 collate utf8mb4_bin not null,
  status_code smallint not null,
  outcome varchar(20) character set ascii collate ascii_bin not null,
  calls bigint not null,
  input_tokens bigint not null,
  cached_tokens bigint not null,
  cache_write_tokens bigint not null,
  output_tokens bigint not null,
  reasoning_tokens bigint not null,
  cost_nanos bigint not null,
  primary key (account_id, slot, key_id, model, status_code, outcome)
) engine = innodb default charset = utf8mb4

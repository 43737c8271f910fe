-- old relays: must be stopped; they write usage_days without the outcome, which is refused
-- Every filter of the call history is a column of this key, so that totals are exact for each.
create table if not exists usage_days (
  account_id bigint not null,
  day date not null,
  key_id bigint not null,
  model varchar(100) character set ascii collate ascii_bin not null,
  status_code smallint not null,
  outcome varchar(20) character set ascii collate ascii_bin not null,
  calls bigint not null,
  input_tokens bigint not null,
  cached_tokens bigint not null,
  cache_write_tokens bigint not null,
  output_tokens bigint not null,
  reasoning_tokens bigint not null,
  cost_nanos bigint not null,
  primary key (account_id, day, key_id, model, status_code, outcome)
) engine = innodb default charset = utf8mb4

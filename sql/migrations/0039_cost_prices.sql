-- old relays: may run
-- What upstreams charge, dated and never changed, as `prices` is what customers are charged. A scope
-- is a published list of one provider (`list:openai`) or one upstream (`upstream:azure-eu`).
-- What a published list says of a model's limits stands beside its price.
-- A call may be charged by a row of either table, so their ids never meet.
create table if not exists cost_prices (
  id bigint not null auto_increment primary key,
  scope varchar(80) character set ascii collate ascii_bin not null,
  model varchar(200) character set utf8mb4 collate utf8mb4_bin not null,
  effective_from datetime(3) not null,
  terms text not null,
  context_tokens int null,
  output_tokens_max int null,
  source varchar(200) not null,
  actor varchar(100) not null,
  created_at datetime(3) not null default current_timestamp(3),
  unique key cost_prices_scope (scope, model, effective_from)
) engine = innodb default charset = utf8mb4 auto_increment = 1000000000000

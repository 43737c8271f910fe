-- old relays: may run
-- Which models an upstream serves, and what they are called there.
create table if not exists upstream_models (
  upstream varchar(50) character set ascii collate ascii_bin not null,
  model varchar(100) character set utf8mb4 collate utf8mb4_bin not null,
  their_name varchar(200) character set utf8mb4 collate utf8mb4_bin not null,
  created_at datetime(3) not null default current_timestamp(3),
  primary key (upstream, model),
  key upstream_models_model (model)
) engine = innodb default charset = utf8mb4

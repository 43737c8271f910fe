-- old relays: may run
-- Other names of models. One that is taken back stays, so that a start does not seed it again.
create table if not exists model_aliases (
  alias varchar(100) character set utf8mb4 collate utf8mb4_bin not null primary key,
  model varchar(100) character set utf8mb4 collate utf8mb4_bin not null,
  enabled tinyint not null default 1,
  created_at datetime(3) not null default current_timestamp(3)
) engine = innodb

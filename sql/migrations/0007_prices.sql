-- old relays: may run
-- Dated and never changed: a call names the row it was priced by.
create table if not exists prices (
  id bigint not null auto_increment primary key,
  model varchar(100) character set ascii collate ascii_bin not null,
  effective_from datetime(3) not null,
  terms text not null,
  actor varchar(100) not null,
  created_at datetime(3) not null default current_timestamp(3),
  unique key prices_model (model, effective_from)
) engine = innodb default charset = utf8mb4

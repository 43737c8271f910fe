-- old relays: may run
create table if not exists account_log (
  id bigint not null auto_increment primary key,
  account_id bigint not null,
  user_id bigint null,
  action varchar(50) character set ascii collate ascii_bin not null,
  subject varchar(200) not null,
  detail text null,
  created_at datetime(3) not null default current_timestamp(3),
  key account_log_account (account_id, id)
) engine = innodb default charset = utf8mb4

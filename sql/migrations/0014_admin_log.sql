-- old relays: may run
create table if not exists admin_log (
  id bigint not null auto_increment primary key,
  actor varchar(100) not null,
  action varchar(50) character set ascii collate ascii_bin not null,
  subject varchar(200) not null,
  detail text null,
  created_at datetime(3) not null default current_timestamp(3)
) engine = innodb default charset = utf8mb4

-- old relays: may run
-- One row a running process. The database's clock alone says which has stopped beating.
create table if not exists relays (
  id binary(16) not null primary key,
  host varchar(200) not null,
  pid int not null,
  started_at datetime(3) not null default current_timestamp(3),
  heartbeat_at datetime(3) not null default current_timestamp(3),
  key relays_heartbeat (heartbeat_at)
) engine = innodb default charset = utf8mb4

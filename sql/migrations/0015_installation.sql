-- old relays: may run
-- One row: tells this installation from others that share its Redis.
create table if not exists installation (
  id tinyint not null primary key,
  name char(32) character set ascii collate ascii_bin not null
) engine = innodb default charset = utf8mb4

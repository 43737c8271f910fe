-- old relays: may run
-- Keys with upstreams, sealed by AES-256-GCM under a secret of the environment, which `sealed_by` names
-- without telling.
create table if not exists upstream_keys (
  id bigint not null auto_increment primary key,
  upstream varchar(50) character set ascii collate ascii_bin not null,
  name varchar(50) character set ascii collate ascii_bin not null,
  last_four varchar(4) character set ascii collate ascii_bin not null,
  sealed varbinary(2000) not null,
  sealed_by binary(8) not null,
  enabled tinyint not null default 1,
  created_at datetime(3) not null default current_timestamp(3),
  unique key upstream_keys_name (upstream, name)
) engine = innodb default charset = utf8mb4

-- old relays: may run
-- Each code by SHA-256 of it: the code itself is printed once and kept nowhere.
create table if not exists codes (
  id bigint not null auto_increment primary key,
  batch_id bigint not null,
  digest binary(32) not null,
  uses_left int not null,
  canceled_at datetime(3) null,
  unique key codes_digest (digest),
  key codes_batch (batch_id, uses_left)
) engine = innodb default charset = utf8mb4

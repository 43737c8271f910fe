-- old relays: may run
-- Where somebody wants their notices, other than at the address that their provider has verified. It
-- counts once they have followed a link that was sent there, whose proof is made of `nonce`.
create table if not exists notice_addresses (
  user_id bigint not null primary key,
  address varchar(254) character set ascii collate ascii_bin not null,
  nonce binary(16) not null,
  asked_at datetime(3) not null default current_timestamp(3),
  confirmed_at datetime(3) null,
  asks_on date not null,
  asks int not null default 1
) engine = innodb default charset = utf8mb4

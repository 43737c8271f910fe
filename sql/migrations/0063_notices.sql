-- old relays: may run
-- What people are to be told of, written with the fact; `spread_at` is when it was decided whom it
-- goes to. The id is of what it is about (noticeId), so that nothing is told twice; without an
-- account it is for the operator. No payload holds a secret.
create table if not exists notices (
  id binary(16) not null primary key,
  account_id bigint null,
  kind varchar(30) character set ascii collate ascii_bin not null,
  payload text not null,
  created_at datetime(3) not null default current_timestamp(3),
  spread_at datetime(3) null,
  key notices_spread_at (spread_at, created_at),
  key notices_account (account_id, created_at)
) engine = innodb default charset = utf8mb4

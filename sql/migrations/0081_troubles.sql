-- old relays: may run
-- What is wrong just now, as some relay sees it, and whether the operator was told. What is over and
-- comes again is another one.
create table if not exists troubles (
  subject varchar(150) character set utf8mb4 collate utf8mb4_bin not null primary key,
  since datetime(3) not null default current_timestamp(3),
  seen_at datetime(3) not null default current_timestamp(3),
  told_at datetime(3) null,
  key troubles_seen_at (seen_at)
) engine = innodb default charset = utf8mb4

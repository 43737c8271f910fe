-- old relays: may run
-- How far the quarters of an account have been folded into the days of a zone: all of its days before
-- `before_day`, which begins with `before_slot`.
create table if not exists zone_folds (
  account_id bigint not null,
  zone varchar(50) character set ascii collate ascii_bin not null,
  before_day date not null default '2000-01-01',
  before_slot int not null default 0,
  primary key (account_id, zone)
) engine = innodb default charset = utf8mb4

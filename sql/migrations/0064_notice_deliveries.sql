-- old relays: may run
-- Whom each notice goes to, and how far that has come: a mail to a person, or the webhook of an
-- account or the operator, whose user is 0. Whoever sends one first moves `next_try_at` on by more
-- than a try may take.
create table if not exists notice_deliveries (
  notice_id binary(16) not null,
  channel varchar(10) character set ascii collate ascii_bin not null,
  user_id bigint not null default 0,
  account_id bigint null,
  state varchar(10) character set ascii collate ascii_bin not null default 'waiting',
  tries int not null default 0,
  next_try_at datetime(3) not null default current_timestamp(3),
  ended_at datetime(3) null,
  code varchar(60) character set ascii collate ascii_bin null,
  primary key (notice_id, channel, user_id),
  key notice_deliveries_due (state, next_try_at),
  key notice_deliveries_account (account_id, next_try_at)
) engine = innodb default charset = utf8mb4

-- old relays: may run
-- Who is in an account, as what, and how much of its money they may use in a month. Below the
-- account's lock. Who has left keeps the row: their calls under way still close what they hold. Where
-- the account that was made for somebody has no row of theirs, as older relays make it, they own it.
-- Older relays take everybody for the owner of that account: no role is to be given before the last of
-- them is gone.
create table if not exists memberships (
  account_id bigint not null,
  user_id bigint not null,
  role varchar(20) character set ascii collate ascii_bin not null,
  cap_nanos bigint null,
  period_began datetime(3) null,
  period_spent_nanos bigint not null default 0,
  held_nanos bigint not null default 0,
  joined_at datetime(3) not null default current_timestamp(3),
  left_at datetime(3) null,
  primary key (account_id, user_id),
  key memberships_user (user_id)
) engine = innodb default charset = utf8mb4

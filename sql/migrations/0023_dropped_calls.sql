-- old relays: may run
-- What `retain` has dropped: the sums of one account in one month of calls, so that the books can
-- still be proved. `before_id` is where that month ended.
create table if not exists dropped_calls (
  account_id bigint not null,
  before_id binary(16) not null,
  before_day date not null,
  calls bigint not null,
  charges bigint not null,
  late bigint not null,
  cost_nanos bigint not null,
  dropped_at datetime(3) not null default current_timestamp(3),
  primary key (account_id, before_id),
  key dropped_calls_before (before_id)
) engine = innodb default charset = utf8mb4

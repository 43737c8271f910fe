-- What was looked at, for the report.
-- returns one
select (select count(*) from accounts) as accounts, (select count(*) from entries) as entries,
       (select count(*) from calls) as calls, (select count(*) from holds) as holds

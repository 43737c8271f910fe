-- What has been done to this schema, or begun.
-- returns many
select id, name from migrations order by id

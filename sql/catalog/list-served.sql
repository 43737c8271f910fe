-- returns many
select upstream, model, their_name as theirName from upstream_models order by upstream, model

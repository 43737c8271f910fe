-- What is another after every change of what the catalogue is made of, found without sending any of
-- it. Squares, because the same change of several rows may leave a sum of checksums as it was.
-- returns one
select concat_ws(' ',
         (select concat_ws(' ', count(*), cast(sum(c * c) as char))
            from (select crc32(concat_ws('|', name, kind, context_tokens, output_tokens_max,
                                   reasoning, vision, owned_by, enabled,
                                   coalesce(retires_on, '-'), coalesce(sale_factor, '-'))) as c
                    from models) as models_now),
         (select concat_ws(' ', count(*), cast(sum(c * c) as char))
            from (select crc32(concat_ws('|', alias, model, enabled)) as c
                    from model_aliases) as model_aliases_now),
         (select concat_ws(' ', count(*), cast(sum(c * c) as char))
            from (select crc32(concat_ws('|', id, model, effective_from, terms)) as c
                    from prices) as prices_now),
         (select concat_ws(' ', count(*), cast(sum(c * c) as char))
            from (select crc32(concat_ws('|', id, scope, model, effective_from, terms)) as c
                    from cost_prices) as cost_prices_now),
         (select concat_ws(' ', count(*), cast(sum(c * c) as char))
            from (select crc32(concat_ws('|', name, priority, definition)) as c
                    from upstreams) as upstreams_now),
         (select concat_ws(' ', count(*), cast(sum(c * c) as char))
            from (select crc32(concat_ws('|', upstream, model, their_name)) as c
                    from upstream_models) as upstream_models_now)) as mark

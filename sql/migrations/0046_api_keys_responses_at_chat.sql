-- old relays: may run
-- Whether bodies of the Responses API that come to the path of chat completions are taken for what they are.
-- Older relays leave the column alone, and refuse such bodies whatever it says.
alter table api_keys add column responses_at_chat tinyint not null default 0,
                     algorithm = instant

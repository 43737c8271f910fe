-- returns maybe
-- :id number
select responses_at_chat as responsesAtChat from api_keys where id = :id

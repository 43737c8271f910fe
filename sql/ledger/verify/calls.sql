-- No call cost more than its hold, its parts add up, and an answer that clients retry cost nothing.
-- returns many
-- :rows number
select concat('call ', lower(hex(id))) as subject,
       concat('at most ', if(status_code in (408, 409, 429) or status_code >= 500, 0, hold_nanos),
              ' from plan and balance') as expected,
       concat('cost ', cost_nanos, ', plan ', plan_nanos, ', balance ', balance_nanos,
              ', status ', status_code) as found
  from calls
 where cost_nanos > hold_nanos or cost_nanos <> plan_nanos + balance_nanos or cost_nanos < 0
    or overrun_nanos < 0
    or (cost_nanos > 0 and (status_code in (408, 409, 429) or status_code >= 500))
 limit :rows

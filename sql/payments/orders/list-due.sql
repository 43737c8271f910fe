-- Open orders whose provider is to be asked, or that are over: the longest since asked first.
-- returns many
-- :secondsLeast number
-- :secondsMax number
-- :rows number
select public_id as publicId
  from orders
 where (state = 'pending'
        and (asked_at is null
             or timestampdiff(second, asked_at, current_timestamp(3))
                >= least(:secondsMax,
                         greatest(:secondsLeast,
                                  floor(timestampdiff(second, created_at, asked_at) / 4)))))
    or (state = 'created' and expires_at <= current_timestamp(3))
 order by asked_at limit :rows

/**
 * All that a relay asks of Redis about limits at once, as one script: what others ask meanwhile
 * waits. KEYS[1] is since when Redis knows what follows; then one key for each bucket, and one for
 * each that counts calls at once. ARGV[1] is JSON:
 *
 * `b`, for each bucket: [a request in µs, a token in µs, the burst of each, calls at once; requests
 * and tokens that were taken while Redis was away, and how long ago that began; what was known to
 * be full for how long, of each; since when Redis knew that; which key counts its calls; of which
 * moment the limit is known]. 0 is no limit. A bucket is kept with the pace of what it is full of,
 * and where a later limit has another pace, as many are taken as before: see `moved` in gcra.ts.
 * Whoever has not heard of that yet finds a moment, and leaves the pace as it is.
 * `o`, in turn: [1, id of a call, bucket, its tokens, …] lets it in or not; [2, id, bucket, tokens
 * more or less, …] ends it, and [4, …] undoes it, with its request; [3, bucket, id, …] says that
 * these are under way.
 * `r`: all are to be careful, since calls are under way that Redis is yet to be told of; 2, and
 * what it knows of is lost. `l`: for how long a call is counted, and `k` how long a bucket is kept
 * beyond its use, in ms.
 *
 * Answers since when, for how many ms all have been careful, for each call that wanted in 0 or the
 * place of the bucket that refused it, times four, and 1 for requests, 2 for tokens, 3 for calls;
 * then for each bucket for how long it is full, of requests and tokens, and its calls, or -1 where
 * nobody has asked.
 */
export const script = `
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local max = math.max
local given = cjson.decode(ARGV[1])
local buckets = given.b
local since, careful = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+)$')
if given.r or not since then
  local moment = string.format('%.0f', now)
  if given.r == 2 or not since then since = moment end
  careful = moment
  redis.call('SET', KEYS[1], since .. ' ' .. careful)
end

local function moved(full, was, is, burst)
  if was <= 0 or is <= 0 or was == is or full <= now then return full end
  local left = full - now
  return now + math.min(left * is / was, max(left, burst))
end

local states = {}
local function state(i)
  if states[i] then return states[i] end
  local b = buckets[i]
  local r, t, perRequest, perToken, known = 0, 0, b[1], b[2], b[13]
  local text = redis.call('GET', KEYS[i + 1])
  if text then
    local kept = { string.match(text, '^(%S+) (%S+) ?(%S*) ?(%S*) ?(%S*)') }
    for word = 1, 5 do kept[word] = tonumber(kept[word]) end
    r, t = kept[1] or 0, kept[2] or 0
    if kept[5] and kept[5] > known then
      perRequest, perToken, known = kept[3], kept[4], kept[5]
    elseif kept[5] then
      r = moved(r, kept[3], perRequest, b[3])
      t = moved(t, kept[4], perToken, b[4])
    end
  end
  if b[11] ~= since then
    r, t = max(r, now + b[9]), max(t, now + b[10])
  end
  local began = now - b[8]
  if b[6] > 0 then r = max(r, began) end
  if b[7] > 0 then t = max(t, began) end
  states[i] = { r + b[6] * b[1], t + b[7] * b[2], -1, perRequest, perToken, known }
  return states[i]
end

local function calls(i, most)
  local s, key = state(i), KEYS[buckets[i][12]]
  if s[3] < 0 then s[3] = redis.call('ZCARD', key) end
  if s[3] >= most and not s[7] then
    s[7] = true
    redis.call('ZREMRANGEBYSCORE', key, '-inf', math.floor(now / 1000))
    s[3] = redis.call('ZCARD', key)
  end
  return s[3]
end
local function lease(i, id)
  local key = KEYS[buckets[i][12]]
  redis.call('ZADD', key, math.floor(now / 1000) + given.l, id)
  redis.call('PEXPIRE', key, given.l + given.k)
end

local function refuses(i, tokens)
  local b, s = buckets[i], state(i)
  if b[1] > 0 and max(s[1], now) + b[1] > now + b[3] + 1 then return 1 end
  if b[2] > 0 and max(s[2], now) + tokens * b[2] > now + b[4] + 1 then return 2 end
  if b[5] > 0 and calls(i, b[5]) >= b[5] then return 3 end
  return 0
end
local function enter(op)
  for at = 3, #op, 2 do
    local why = refuses(op[at], op[at + 1])
    if why > 0 then return op[at] * 4 + why end
  end
  for at = 3, #op, 2 do
    local i, tokens = op[at], op[at + 1]
    local b, s = buckets[i], state(i)
    if b[1] > 0 then s[1] = max(s[1], now) + b[1] end
    if b[2] > 0 then s[2] = max(s[2], now) + tokens * b[2] end
    if b[5] > 0 then
      s[3] = s[3] + 1
      lease(i, op[2])
    end
  end
  return 0
end
local function leave(op)
  for at = 3, #op, 2 do
    local i, tokens = op[at], op[at + 1]
    local b, s = buckets[i], state(i)
    if tokens > 0 then s[2] = max(s[2], now) end
    s[2] = s[2] + tokens * b[2]
    if op[1] == 4 then s[1] = s[1] - b[1] end
    if b[5] > 0 and redis.call('ZREM', KEYS[b[12]], op[2]) == 1 and s[3] > 0 then
      s[3] = s[3] - 1
    end
  end
end

local answer = { since, math.floor((now - careful) / 1000) }
for _, op in ipairs(given.o) do
  if op[1] == 1 then
    answer[#answer + 1] = enter(op)
  elseif op[1] ~= 3 then
    leave(op)
  else
    for at = 3, #op do lease(op[2], op[at]) end
    state(op[2])[3] = -1
  end
end
for i = 1, #buckets do
  local s = state(i)
  local fullMs = math.ceil((max(s[1], s[2], now) - now) / 1000)
  local kept = string.format('%.1f %.1f %.17g %.17g %.0f', s[1], s[2], s[4], s[5], s[6])
  redis.call('SET', KEYS[i + 1], kept, 'PX', fullMs + given.k)
  answer[#answer + 1] = math.floor(s[1] - now)
  answer[#answer + 1] = math.floor(s[2] - now)
  answer[#answer + 1] = s[3]
end
return answer
`

-- One request a line of the keys' file, in turn; figures as JSON at the end.
-- wrk -s requests.lua URL -- KEYS BODY HEADERS PATH
local requests, at = {}, 0

local function read(path)
  local file = assert(io.open(path, "r"))
  local text = file:read("*a")
  file:close()
  return text
end

function init(args)
  local body = read(args[2])
  local headers = { ["content-type"] = "application/json" }
  for name, value in read(args[3]):gmatch("([^\n:]+): ([^\n]+)") do
    headers[name] = value
  end
  for key in read(args[1]):gmatch("[^\n]+") do
    headers["authorization"] = "Bearer " .. key
    requests[#requests + 1] = wrk.format("POST", args[4], headers, body)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\nfigures {"requests":%d,"us":%d,"p50Us":%d,"p99Us":%d,"badStatus":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.status, e.connect + e.read + e.write + e.timeout))
end

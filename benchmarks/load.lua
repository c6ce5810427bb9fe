-- Sends the requests of a file, one line each, in turn; "@@@@@@@@" becomes the number of the request.
local requests, unique, at, count = {}, false, 0, 0

function init(args)
  wrk.method, wrk.headers["Content-Type"] = "POST", "application/json"
  wrk.headers["Authorization"] = args[2]
  for line in io.lines(args[1]) do
    unique = unique or line:find("@@@@@@@@", 1, true) ~= nil
    requests[#requests + 1] = wrk.format(nil, nil, nil, line)
  end
end

function request()
  at, count = at % #requests + 1, count + 1
  if unique then
    return (requests[at]:gsub("@@@@@@@@", string.format("%08d", count)))
  end
  return requests[at]
end

function done(summary, latency)
  local failed = summary.errors.status + summary.errors.timeout + summary.errors.read
  io.write(string.format(
    '\n{"answered": %d, "failed": %d, "seconds": %.6f, "p50": %.3f, "p95": %.3f, "p99": %.3f}\n',
    summary.requests - summary.errors.status, failed, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end

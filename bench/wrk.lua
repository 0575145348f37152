-- Reports a run of wrk as one line of JSON, and posts the lines of a file where one is given.

function init(args)
  if not args[1] then
    return
  end
  local calls = {}
  for body in io.lines(args[1]) do
    calls[#calls + 1] = wrk.format("POST", nil, nil, body)
  end
  -- Defined only here, since wrk is faster where every call is the same.
  local sent = 0
  request = function()
    sent = sent + 1
    return calls[(sent - 1) % #calls + 1]
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"answers": %d, "seconds": %f, "p50_us": %d, "p99_us": %d, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end

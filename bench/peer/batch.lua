-- Batches of 50 creates: args are the collection and a seed. Each batch counts as one request.
dofile(debug.getinfo(1, 'S').source:sub(2):match('(.*/)') .. 'done.lua')

function init(args)
  math.randomseed(tonumber(args[2]))
  url = '/api/collections/' .. args[1] .. '/records'
  headers = { ['Content-Type'] = 'application/json' }
end

function request()
  local requests = {}
  for index = 1, 50 do
    requests[index] = string.format('{"method":"POST","url":"%s","body":{"title":"title %d of a created row","n":%d,"m":%d,"active":true}}',
      url, math.random(0, 1000000000), math.random(0, 30000), math.random(0, 30000))
  end
  return wrk.format('POST', '/api/batch', headers, '{"requests":[' .. table.concat(requests, ',') .. ']}')
end

-- Single creates: args are the collection and a seed.
dofile(debug.getinfo(1, 'S').source:sub(2):match('(.*/)') .. 'done.lua')

function init(args)
  path = '/api/collections/' .. args[1] .. '/records'
  math.randomseed(tonumber(args[2]))
  headers = { ['Content-Type'] = 'application/json' }
  for name, value in pairs(wrk.headers) do headers[name] = value end
end

function request()
  local body = string.format('{"title":"title %d of a created row","n":%d,"m":%d,"active":%s}',
    math.random(0, 1000000000), math.random(0, 30000), math.random(0, 30000), math.random() < 0.5 and 'true' or 'false')
  return wrk.format('POST', path, headers, body)
end

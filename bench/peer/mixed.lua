-- Views (70 %), lists (20 %) and creates (10 %) over many tenants: args are the collection, a seed, and a file with one
-- line "host id" for each record that is viewed.
dofile(debug.getinfo(1, 'S').source:sub(2):match('(.*/)') .. 'done.lua')

function init(args)
  math.randomseed(tonumber(args[2]))
  path = '/api/collections/' .. args[1] .. '/records'
  records = {}
  for line in io.lines(args[3]) do
    local host, id = line:match('(%S+) (%S+)')
    records[#records + 1] = { host = host, id = id }
  end
end

function request()
  local record, dice = records[math.random(#records)], math.random()
  if dice < 0.7 then return wrk.format('GET', path .. '/' .. record.id, { Host = record.host }) end
  if dice < 0.9 then return wrk.format('GET', path .. '?perPage=30&sort=-n', { Host = record.host }) end
  return wrk.format('POST', path, { Host = record.host, ['Content-Type'] = 'application/json' },
    string.format('{"title":"title %d of a created row","n":%d,"m":%d,"active":true}',
      math.random(0, 1000000000), math.random(0, 30000), math.random(0, 30000)))
end

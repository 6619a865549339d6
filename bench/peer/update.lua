-- Updates of random records: args are the collection, a seed and a file with one id per line.
dofile(debug.getinfo(1, 'S').source:sub(2):match('(.*/)') .. 'done.lua')

function init(args)
  math.randomseed(tonumber(args[2]))
  paths = {}
  for id in io.lines(args[3]) do paths[#paths + 1] = '/api/collections/' .. args[1] .. '/records/' .. id end
  headers = { ['Content-Type'] = 'application/json' }
end

function request()
  return wrk.format('PATCH', paths[math.random(#paths)], headers,
    string.format('{"title":"title %d of a changed row","m":%d}', math.random(0, 1000000000), math.random(0, 30000)))
end

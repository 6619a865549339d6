-- GETs of random paths: args are a seed and a file with one path per line.
dofile(debug.getinfo(1, 'S').source:sub(2):match('(.*/)') .. 'done.lua')

function init(args)
  math.randomseed(tonumber(args[1]))
  requests = {}
  for path in io.lines(args[2]) do requests[#requests + 1] = wrk.format('GET', path) end
end

function request()
  return requests[math.random(#requests)]
end

-- Views of random records: args are the collection, a seed and a file with one id per line.
dofile(debug.getinfo(1, 'S').source:sub(2):match('(.*/)') .. 'done.lua')

function init(args)
  math.randomseed(tonumber(args[2]))
  requests = {}
  for id in io.lines(args[3]) do
    requests[#requests + 1] = wrk.format('GET', '/api/collections/' .. args[1] .. '/records/' .. id)
  end
end

function request()
  return requests[math.random(#requests)]
end

-- Lists of 30 with their relation expanded: args are the collection, a seed and the number of its rows.
dofile(debug.getinfo(1, 'S').source:sub(2):match('(.*/)') .. 'done.lua')

function init(args)
  math.randomseed(tonumber(args[2]))
  pages = math.floor(tonumber(args[3]) / 30)
  start = '/api/collections/' .. args[1] .. '/records?perPage=30&skipTotal=1&expand=item&page='
end

function request()
  return wrk.format('GET', start .. math.random(1, pages))
end

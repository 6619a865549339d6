-- Filtered and sorted lists of 30: args are the collection, a seed, the number of rows and the field (n has an index, m has none).
dofile(debug.getinfo(1, 'S').source:sub(2):match('(.*/)') .. 'done.lua')

function init(args)
  math.randomseed(tonumber(args[2]))
  rows, field = tonumber(args[3]), args[4]
  start = '/api/collections/' .. args[1] .. '/records?perPage=30&sort=-' .. field .. '&filter='
end

-- A window of a hundredth of the values, half of its rows active: about 150 rows of 30,000 match, 30 are sent.
function request()
  local low = math.random(0, math.floor(rows * 0.98))
  return wrk.format('GET', string.format('%s%s%%3E%%3D%d%%26%%26%s%%3C%d%%26%%26active%%3Dtrue',
    start, field, low, field, low + math.floor(rows / 100)))
end

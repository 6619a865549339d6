-- Creates with a file of 4 KiB: args are the collection and a seed.
dofile(debug.getinfo(1, 'S').source:sub(2):match('(.*/)') .. 'done.lua')

local boundary = 'a-boundary-that-is-in-no-file'

function init(args)
  math.randomseed(tonumber(args[2]))
  path = '/api/collections/' .. args[1] .. '/records'
  headers = { ['Content-Type'] = 'multipart/form-data; boundary=' .. boundary }
  content = string.rep('four kibibytes of text, more or less. ', 108)
end

function request()
  return wrk.format('POST', path, headers, table.concat({
    '--', boundary, '\r\nContent-Disposition: form-data; name="title"\r\n\r\nfile ', math.random(0, 1000000000),
    '\r\n--', boundary, '\r\nContent-Disposition: form-data; name="document"; filename="text.txt"\r\nContent-Type: text/plain\r\n\r\n',
    content, '\r\n--', boundary, '--\r\n' }))
end

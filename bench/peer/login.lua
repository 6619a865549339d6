-- Logins with a password: args are the collection, a seed and the number of its users.
dofile(debug.getinfo(1, 'S').source:sub(2):match('(.*/)') .. 'done.lua')

function init(args)
  math.randomseed(tonumber(args[2]))
  path, users = '/api/collections/' .. args[1] .. '/auth-with-password', tonumber(args[3])
  headers = { ['Content-Type'] = 'application/json' }
end

function request()
  local user = math.random(0, users - 1)
  return wrk.format('POST', path, headers,
    string.format('{"identity":"user%d@example.com","password":"password of user %d"}', user, user))
end

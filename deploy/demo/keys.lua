-- The demo keyspace, beside the demo database: redis-cli --eval keys.lua (Redis 6 or newer).
-- The same keys and values each time. Some hold what must never leave a host in the clear (session
-- tokens, an e-mail address as a key, a connection URL with a password): the export shows them masked.

-- The id of the n-th document, as in schema.sql.
local function document(n)
  return string.format('%08x-7a3d-4c1e-9b52-01%010x', (n * 2654435761) % 4294967296, n)
end

local call = redis.call
local stages = {'extracting', 'chunking', 'resolving', 'completed'}

for n = 1, 75 do
  local state = cjson.encode({status = stages[1 + n % 4], page = n % 40, attempts = 1 + n % 2})
  call('SET', 'doc:state:' .. document(n), state, 'EX', 3600 + n)
end
for n = 1, 12 do
  call('HSET', 'doc:meta:' .. document(n), 'file', 'contract-' .. n .. '.pdf', 'pages', 1 + n % 40,
       'uploaded_by', 'clerk' .. n .. '@example.com')
end

for n = 1, 30 do
  local page = cjson.encode({query = 'entity:' .. n, hits = {n, n + 1, n + 2}, total = 3 * n})
  call('SET', 'cache:search:' .. redis.sha1hex(tostring(n)), page, 'EX', 300)
end
for n = 1, 20 do
  call('SET', 'cache:thumbnail:' .. n, string.rep(string.char(137, 80, 78, 71), 64 + n), 'EX', 86400)
end

for n = 1, 25 do
  local id = string.format('%08x-5e55-4b0a-8000-%012x', (n * 40503) % 4294967296, n)
  call('SET', 'session:' .. id, cjson.encode({
    user = 'user' .. n .. '@example.com',
    token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJkZW1vLXMzY3JldCJ9.ZGVtby1zaWduYXR1cmUtbm90LXJlYWw',
    roles = {'reader'}}), 'EX', 1800)
end

for _, queue in ipairs({'ocr', 'chunking', 'entity-resolution', 'relationships'}) do
  for n = 71, 75 do
    call('RPUSH', 'queue:' .. queue, cjson.encode({document_uuid = document(n), attempt = 1}))
  end
end

for n = 1, 8 do
  for m = 1, n do call('SADD', 'entity:aliases:' .. n, 'alias ' .. m) end
  call('ZADD', 'entity:ranking', n * 1.5, 'entity ' .. n)
end
for n = 1, 40 do call('PFADD', 'stats:visitors:2026-01-05', 'visitor' .. n) end
call('SETBIT', 'stats:active:2026-01-05', 4000, 1)

for n = 1, 60 do
  call('XADD', 'events:documents', (1767600000000 + n * 1000) .. '-0',
       'document_uuid', document(n), 'status', stages[1 + n % 4])
end
call('XGROUP', 'CREATE', 'events:documents', 'graph-writer', '0')

call('HSET', 'config:worker', 'concurrency', 4, 'broker_url', 'redis://worker:demo-s3cret@broker.example.com:6379/0')
call('SET', 'config:openai_api_key', 'sk-demo-s3cret-0123456789abcdefghijklmnopqrstuvwxyz')
call('SET', 'lock:rebuild-graph', 'worker-3', 'EX', 900)
call('SET', 'user:clerk1@example.com', cjson.encode({name = 'A clerk', password = 'demo-s3cret'}))
call('SET', 'maintenance', 'off')
return call('DBSIZE')

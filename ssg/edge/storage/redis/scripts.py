"""The scripts that Redis runs: each is one atomic step.

They may run when Redis is full: what they write is small, and purges rely on it. `run_id` is the
name of the process of Redis, which changes when it restarts.
"""

from __future__ import annotations

_BEGIN = """#!lua flags=allow-oom
local purges, servers = KEYS[1], KEYS[2]
local run_id = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or 'unknown'
local first_line = redis.call('GETRANGE', purges, 0, 255)
local generation = string.match(first_line, '^ssg%-purges 1 (%x+) ' .. run_id .. '\\n')
if generation and redis.call('HGET', servers, ':log') ~= generation then generation = nil end
local function begin(name, lines)
  redis.call('SET', purges, 'ssg-purges 1 ' .. name .. ' ' .. run_id .. '\\n' .. lines)
  redis.call('HSET', servers, ':log', name)
  return name
end
"""

BEAT = (
    _BEGIN
    + """
-- KEYS: purges, servers, counters, locks...
-- ARGV: server, generation and offset that it has read, 1 if it has observed that for a lease,
--   name and first lines of a new generation, lease of locks, number of this beat,
--   number of counters, counters: name, increment..., tokens of locks...
local server, known, offset = ARGV[1], ARGV[2], tonumber(ARGV[3])
if not generation or (generation == known and offset > redis.call('STRLEN', purges)) then
  redis.call('DEL', servers)
  generation = begin(ARGV[5], ARGV[6])
end
if generation ~= known then offset = 0 end
if generation == known and ARGV[4] == '1' then redis.call('HSET', servers, ':settled', '1') end
local row = generation .. ' ' .. string.format('%d', offset) .. ' ' .. ARGV[8]
redis.call('HSET', servers, server, row)
local at, counters = 10, tonumber(ARGV[9])
for _ = 1, counters do
  redis.call('HINCRBY', KEYS[3], ARGV[at], ARGV[at + 1])
  at = at + 2
end
for number = 4, #KEYS do
  if redis.call('GET', KEYS[number]) == ARGV[at] then
    redis.call('PEXPIRE', KEYS[number], ARGV[7])
  end
  at = at + 1
end
return {generation, redis.call('GETRANGE', purges, offset, -1)}
"""
)
"""Tell what a server has read, and read on; begins a new generation if there is no log."""

APPEND = (
    _BEGIN
    + """
-- KEYS: purges, servers. ARGV: lines, name of a new generation, most bytes of a log, channel
if not generation then return false end
if redis.call('STRLEN', purges) > tonumber(ARGV[3]) then
  local build = string.match(redis.call('GET', purges), '.*\\nb ([^ \\n]+)')
  generation = begin(ARGV[2], build and 'b ' .. build .. '\\n' or '')
end
local size = redis.call('APPEND', purges, ARGV[1])
redis.pcall('PUBLISH', ARGV[4], '')
return {generation, size}
"""
)
"""Append lines; false if there is no log. A log that is too large begins a new generation."""

RELEASE = """#!lua flags=allow-oom
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""
"""Release a lock, unless it has expired and is held by another server."""

LEAVE = """#!lua flags=allow-oom
-- KEYS: servers. ARGV: server, its row...
for number = 1, #ARGV, 2 do
  if ARGV[number + 1] == '' or redis.call('HGET', KEYS[1], ARGV[number]) == ARGV[number + 1] then
    redis.call('HDEL', KEYS[1], ARGV[number])
  end
end
return 0
"""
"""Remove servers from the list: one that ends, or those whose rows have not changed."""

FIND = """#!lua flags=no-writes
for _, key in ipairs(KEYS) do
  local found = redis.pcall('HGET', key, 'entry')
  if type(found) == 'string' then return found end
end
return false
"""
"""Read the entry in the first of some keys."""

PUT = """#!lua
-- KEYS: where it goes, where another one may be. ARGV: entry, label, seconds
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], 'entry', ARGV[1], 'label', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""
"""Store an entry. This one fails when Redis is full."""

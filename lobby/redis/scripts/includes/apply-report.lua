--- @include "is-settled"
--- @include "unlist-room"
--- @include "offer-room"
--- @include "want-players"
--- @include "show-watchable"

--- Takes a room over as its server publishes it: absolute counts, of which only `held` is the index's own. A room that
--- has to be kept from the offer because of a gap is noted at its server.
local function apply_report(index, server, report)
  local key = index.room .. report.roomId
  local known = redis.call("HMGET", key, "mode", "compat", "held", "gap", "match", "wanted")
  if known[1] and (known[1] ~= report.mode or known[2] ~= report.compat) then
    unlist_room(index, report.roomId, known[1], known[2])
  end
  local known_gap = tonumber(known[4]) or 0
  local offerable = known_gap == index.gap or is_settled(index)
  local held = tonumber(known[3]) or 0
  local is_match = report.match or known[5] == "1"
  local wanted = table.concat(report.wanted or {}, ",")
  redis.call(
    "HSET", key, "mode", report.mode, "compat", report.compat, "boot", server.boot, "capacity", report.capacity,
    "seated", report.seated, "held", held, "locked", report.locked and 1 or 0, "private", report.private and 1 or 0,
    "code", report.code, "metadata", report.metadata, "match", is_match and 1 or 0, "wanted", wanted,
    "company", report.company or "", "watch", report.watch and report.watch.free or -1, "confirmed", 1,
    "gap", offerable and index.gap or known_gap
  )
  redis.call("PEXPIRE", key, index.forgotten_ms)
  redis.call("SADD", index.server_rooms .. server.id, report.roomId)
  local is_enterable = not report.locked and not server.draining
  local is_public = is_enterable and not report.private and not is_match
  offer_room(index, report, is_public, offerable, report.capacity - report.seated - held, server.load)
  show_watchable(index, report)
  want_players(index, report, is_enterable and wanted or "", known[6])
  if report.private and report.code ~= "" then
    local owner = redis.call("GET", index.code .. report.code)
    if not owner or owner == report.roomId then
      redis.call("SET", index.code .. report.code, report.roomId, "PX", index.forgotten_ms)
    end
  end
  if not offerable then
    redis.call("HSET", index.server .. server.id, "withheld", 1)
  end
end

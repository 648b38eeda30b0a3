--- @include "read-server"
--- @include "is-live"

--- The server's record if it lives and still is in its boot `boot`; nil otherwise.
local function live_server(index, id, boot)
  local server = read_server(index, id)
  if server and server.boot == boot and is_live(index, server) then
    return server
  end
  return nil
end

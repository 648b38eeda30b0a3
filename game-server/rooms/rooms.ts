/** The rooms of this process and everything that drives them: made by tokens, ticked by one driver, ended by code or by us. */
import type { Room } from "@colyseus/core";
import { ConfigurationError } from "@frontrow/shared/config/parse-settings.ts";
import { adoptRoom } from "../colyseus/adopt-room.ts";
import { adoptRoomsOf, startColyseus } from "../colyseus/boot.ts";
import { countPlayers } from "../colyseus/count-players.ts";
import { boundSeats, createRoomMaker, whenEnded } from "../colyseus/make-room.ts";
import { bindStream } from "../hot/stream-plugin.ts";
import { bindMatch } from "../plugin.ts";
import { loadRooms } from "../rooms-loader.ts";
import { createTickDriver } from "../tick/driver.ts";
import type { World } from "../world.ts";
import { type Cuts, createCuts } from "./cuts.ts";
import { createDrainNews } from "./drain-news.ts";
import { createFinish } from "./finish.ts";
import { matchBindingOf } from "./match-binding.ts";
import { createResultReports, type ResultReports } from "./result-reports.ts";
import { createRetirement, type Retirement } from "./retire.ts";
import { createRoomTable, type RoomTable } from "./room-table.ts";
import { verifiedRttMs } from "./seat-auth.ts";

export interface Rooms {
  readonly table: RoomTable;
  readonly retirement: Retirement;
  readonly results: ResultReports;
  readonly cuts: Cuts;
  /** The server begins to leave. */
  tellDrain(leavesInMs: () => number): void;
  seated(): number;
  /** Tick p99 over budget; asked once a heartbeat. */
  tickLoad(): number;
  /** What ticks took of their period lately. */
  tickQuantiles(): { readonly p50: number; readonly p99: number };
  /** Loads the classes and starts Colyseus. Rejects with a ConfigurationError if a mode has no class. */
  start(): Promise<void>;
  stop(): void;
}

/** `onClosed`: a room is over, locked or hidden, and the index should know soon. */
export function createRooms(
  { options, outbox, reportFault, observe, nowMs, indexClock, clientFrame, loadLevel, directory }: World,
  onClosed: () => void,
): Rooms {
  const { limits, modes, log } = options;
  const driver = createTickDriver({ outbox, reportFault, observe, log, loadLevel, nowMs });
  const maker = createRoomMaker({ modes, deadlineMs: limits.admissionMs, log });
  const table = createRoomTable({
    make: maker.make,
    tombstoneMs: limits.roomForgottenMs,
    nowMs,
    indexNowMs: indexClock.nowMs,
    spectatorsOf: (mode) => modes[mode]?.spectators ?? 0,
    onClosed,
  });
  directory.modeOf = (roomId) => table.get(roomId)?.origin.mode ?? "";
  const results = createResultReports({ leases: options.leases, limits, log, observe, nowMs });
  const finish = createFinish({
    table,
    isMatchMode: (mode) => modes[mode]?.kind === "match",
    report: results.send,
    onFinish: options.onFinish,
    reportFault,
  });

  const drainNews = createDrainNews(reportFault);

  /** Everything that happens to a room as it is constructed. */
  function adopt(room: Room): void {
    const record = maker.current();
    const { reconnectionMs } = limits;
    const mode = record?.origin.mode ?? "";
    adoptRoom(room, { driver, outbox, reportFault, reconnectionMs, mode, ownsDisposal: record !== undefined });
    if (!record) return;
    const { origin } = record;
    whenEnded(room, () => table.bury(record, "ROOM_FINISHED"));
    countPlayers(room, (sessionId) => record.placeOf(sessionId)?.claims.spectator === true);
    boundSeats(room, Math.min(origin.seats, modes[origin.mode]?.seats ?? origin.seats));
    const match = matchBindingOf(record, room, { finish, rules: modes[origin.mode], listenForDrain: drainNews.listen });
    bindMatch(room, match);
    const rttMs = (sessionId: string) => {
      const player = match.player(sessionId);
      return player ? verifiedRttMs(player) : 0;
    };
    bindStream(room, { limits, nowMs, observe, rttMs, isPressed: () => loadLevel.level > 0 });
  }

  return {
    table,
    results,
    cuts: createCuts(),
    tellDrain: (leavesInMs) => drainNews.begin(table.records(), leavesInMs),
    retirement: createRetirement(table, limits, nowMs),
    seated: () => [...table.records()].reduce((sum, record) => sum + record.seated(), 0),
    tickLoad: driver.load,
    tickQuantiles: driver.quantiles,
    async start() {
      const types = await loadRooms(options.rooms, log);
      const missing = Object.entries(modes).filter(([name, mode]) => !types.includes(mode.room ?? name));
      if (missing.length > 0) {
        const wanted = missing.map(([name, mode]) => `mode "${name}" wants the room type "${mode.room ?? name}"`);
        const known = `\`rooms\` has ${types.join(", ")}`;
        throw new ConfigurationError(wanted.map((mode) => `a room class is missing: ${mode}; ${known}`));
      }
      await startColyseus(log, clientFrame);
      adoptRoomsOf(types, adopt);
      loadLevel.start();
    },
    stop() {
      loadLevel.stop();
      driver.stop();
    },
  };
}

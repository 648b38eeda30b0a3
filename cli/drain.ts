/**
 * Watches a game server leave: asks the index to send it away, and says what it waits for until the server has said that nobody sits
 * down on it any more. What is not there, does not hear, or dies meanwhile ends it too.
 */
import type { Fleet, ServerStatus } from "@frontrow/lobby/lobby.ts";
import { CLOSING_MS } from "@frontrow/shared/config/drain.ts";

export interface DrainWatch {
  readonly fleet: Fleet;
  readonly server: string;
  /** How often it looks. */
  readonly everyMs: number;
  say(line: string): void;
  /** Monotonic. */
  nowMs(): number;
  pause(ms: number): Promise<void>;
}

/** How long the index, or a server that should have heard or left, may be silent: a server's closing, and as long again. */
const PATIENCE_MS = 2 * CLOSING_MS;

interface End {
  readonly code: 0 | 1;
  readonly says: string;
}

/** The exit code. */
export async function watchDrain({ fleet, server, everyMs, say, nowMs, pause }: DrainWatch): Promise<0 | 1> {
  /** When something was last as it should be. */
  let wellMs = nowMs();
  let before: ServerStatus | undefined;
  let said = "";

  async function look(): Promise<End | undefined> {
    const status = await fleet.look(server);
    const end = endOf(server, before, status, everyMs);
    if (end || !status) return end;
    if (!status.draining) await fleet.drain(server);
    before = status;
    if (!status.draining || (status.leavesInMs ?? 0) > 0) wellMs = nowMs();
    const waits = waitsFor(server, status);
    // Only the time runs: not worth a line.
    if (waits !== said) say(`${waits}${untilWhen(status)}`);
    said = waits;
    return undefined;
  }

  for (;;) {
    let failed = "it does not leave, though it lives";
    const end = await look().catch((error) => {
      failed = error instanceof Error ? error.message : String(error);
      return undefined;
    });
    if (end) {
      say(end.says);
      return end.code;
    }
    if (nowMs() - wellMs >= PATIENCE_MS) {
      say(`given up on game server ${server}: ${failed}`);
      return 1;
    }
    await pause(everyMs);
  }
}

/** Undefined: it is still there, and has not left yet. */
function endOf(
  server: string,
  before: ServerStatus | undefined,
  now: ServerStatus | undefined,
  everyMs: number,
): End | undefined {
  if (!before && !now?.live) return { code: 1, says: `there is no live game server ${server} in this metro's index` };
  if (before && now && now.boot !== before.boot) {
    return { code: 0, says: `game server ${server} was started again meanwhile, and is offered` };
  }
  if (now?.closed) {
    const isLate = before?.leavesInMs !== undefined && before.leavesInMs <= 2 * everyMs;
    const cut = isLate ? before.seated : 0;
    const how = cut > 0 ? `its time was over, and ${players(cut)} went back` : "nobody sits there any more";
    return { code: 0, says: `game server ${server} has left: ${how}` };
  }
  if (now?.live) return undefined;
  return { code: 1, says: `game server ${server} is gone without a word, and ${players(before?.seated ?? 0)} with it` };
}

function waitsFor(server: string, { draining, leavesInMs, rooms, seated, held }: ServerStatus): string {
  if (!draining || leavesInMs === undefined) return `game server ${server} is offered no more, and hears of it now`;
  const onTheWay = held > 0 ? `, ${players(held)} on the way` : "";
  return `game server ${server}: ${rooms} ${rooms === 1 ? "room" : "rooms"} with ${players(seated)}${onTheWay}`;
}

const untilWhen = ({ leavesInMs }: ServerStatus) =>
  leavesInMs === undefined ? "" : `; at most ${Math.ceil(leavesInMs / 1_000)} s`;

const players = (count: number) => `${count} ${count === 1 ? "player" : "players"}`;

/**
 * Ticket logs (`ticket-log/lines.ts`) -> tickets. The logs of several replicas are read as one: a ticket that moved begins again
 * elsewhere and is the same. Lines that are none (a machine that went down in the middle of one) are left out and counted.
 */
import { type BeginLine, type EndLine, TICKET_LOG_VERSION, TicketLogLine } from "../ticket-log/lines.ts";
import { InputError } from "./input-error.ts";
import { createLeftOut, type LeftOut } from "./left-out.ts";
import { openText } from "./open-text.ts";
import type { ReplayTicket } from "./words.ts";

/** About two gigabytes of memory. */
const TICKETS_MAX = 2_000_000;
/** A party of 64 has some 5,000. */
const LINE_CHARACTERS_MAX = 65_536;

export interface TicketLogRead {
  readonly tickets: readonly ReplayTicket[];
  readonly lines: number;
  readonly leftOut: readonly LeftOut[];
  readonly cut: boolean;
}

/** The tickets of `mode`. Rejects with InputError, also where there is none. */
export async function readTicketLog(paths: readonly string[], mode: string): Promise<TicketLogRead> {
  const events: (BeginLine | EndLine)[] = [];
  const modes = new Map<string, number>();
  const others = new Set<string>();
  const leftOut = createLeftOut();
  let [lines, cut] = [0, false];
  for (const path of paths) {
    const before = events.length;
    for await (const text of linesOf(path)) {
      lines++;
      const line = parsed(text);
      if (!line) {
        leftOut.add("it is no line of a ticket log", lines);
        continue;
      }
      if (line.t === "open") {
        checkVersion(path, line.version);
        continue;
      }
      if (line.t === "begin") modes.set(line.mode, (modes.get(line.mode) ?? 0) + 1);
      if (line.t === "begin" && line.mode !== mode) others.add(line.key);
      if (others.has(line.key)) continue;
      if (events.length >= 2 * TICKETS_MAX) {
        cut = true;
        break;
      }
      events.push(line);
    }
    if (events.length === before && modes.size === 0) throw new InputError(`${path} has no line of a ticket log`);
  }
  const tickets = folded(events, () => leftOut.add("it ends a ticket that began before the log"));
  if (tickets.length === 0) {
    const there = [...modes.keys()].sort().join(", ");
    throw new InputError(
      `no ticket of mode "${mode}" in ${paths.join(", ")}: there are ${there}. Name one with --log-mode`,
    );
  }
  return { tickets, lines, leftOut: leftOut.list(), cut };
}

function checkVersion(path: string, version: number): void {
  if (version <= TICKET_LOG_VERSION) return;
  throw new InputError(`${path} was written by a newer Frontrow (ticket log version ${version})`);
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const { beginning, bytes } = await openText(path);
  if (!beginning.trimStart().startsWith("{")) {
    throw new InputError(`${path} is no ticket log (JSON lines): is it a table of games? Use --games`);
  }
  try {
    // Not node:readline, whose iterator does not pass on what its input throws.
    let rest = "";
    for await (const chunk of bytes.setEncoding("utf8") as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > LINE_CHARACTERS_MAX) throw new Error("a line is too long");
      for (const line of lines) if (line.trim() !== "") yield line;
    }
    if (rest.trim() !== "") yield rest;
  } catch (error) {
    throw new InputError(`${path}: ${(error as Error).message}`);
  }
}

function parsed(text: string): TicketLogLine | undefined {
  try {
    return TicketLogLine.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

interface Life {
  readonly begin: BeginLine;
  end: EndLine | undefined;
}

/** Beginnings and ends, put together in the order of time. */
function folded(events: (BeginLine | EndLine)[], endsAlone: () => void): ReplayTicket[] {
  // At the same instant an end comes first: it is of the replica that the ticket left.
  events.sort((a, b) => a.atMs - b.atMs || (a.t === b.t ? 0 : a.t === "end" ? -1 : 1));
  const latest = new Map<string, Life>();
  const lives: Life[] = [];
  for (const event of events) {
    const life = latest.get(event.key);
    if (event.t === "end") {
      if (!life) endsAlone();
      else if (!life.end || livesOn(life.end)) life.end = event;
    } else if (!life || (life.end && !livesOn(life.end))) {
      const next: Life = { begin: event, end: undefined };
      latest.set(event.key, next);
      lives.push(next);
    }
  }
  return lives.map(ticketOf);
}

const livesOn = ({ how }: EndLine) => how === "moved" || how === "unknown";
/** How long a player would have waited is known only of those who left by themselves. */
const gaveUp = ({ how }: EndLine) => how === "withdrawn" || how === "gone" || how === "superseded";

function ticketOf({ begin, end }: Life, index: number): ReplayTicket {
  const { atMs, ageMs, key, compat, players, metros, attributes, avoid } = begin;
  return {
    key: `${key}/${index}`,
    atMs,
    sinceMs: atMs - ageMs,
    compat,
    players: players.map(({ id, rating, roles }) => ({ playerId: id, rating, roles, sigma: 0 })),
    metros,
    attributes,
    avoid,
    leavesAfterMs: end && gaveUp(end) ? end.ageMs : undefined,
  };
}

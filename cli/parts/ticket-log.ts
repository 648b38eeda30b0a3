/** The ticket log of a matchmaker (`matchmaker/ticket-log/`): where FRONTROW_TICKET_LOG says, or nowhere. */
import { createHmac, hkdfSync } from "node:crypto";
import { matchModes } from "@frontrow/matchmaker/matches.ts";
import { openLogFile } from "@frontrow/matchmaker/ticket-log/file.ts";
import { createTicketLog, openLine, type TicketLog } from "@frontrow/matchmaker/ticket-log/ticket-log.ts";
import type { Clock } from "@frontrow/shared/clock.ts";
import type { Mode } from "@frontrow/shared/config/modes.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Logger } from "../log.ts";

export interface TicketLogWiring {
  readonly path: string | undefined;
  readonly modes: Readonly<Record<string, Mode>>;
  /** A secret that the metro's matchmakers share. */
  readonly secret: string;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: Logger;
}

const OFF = { hear: () => {}, close: async () => {} };

export function startTicketLog(wiring: TicketLogWiring): TicketLog & { close(): Promise<void> } {
  const { path, modes, secret, limits, clock, log } = wiring;
  if (path === undefined) return OFF;
  const file = openLogFile({
    path,
    bytesMax: limits.ticketLogBytes,
    bufferBytesMax: limits.ticketLogBufferBytes,
    opening: () => openLine(Date.now()),
    failed: (err) =>
      log.error({ err, file: path }, "the ticket log cannot be written; it stays off until the next start"),
  });
  const key = Buffer.from(hkdfSync("sha256", secret, "", "frontrow ticket log", 32));
  const tickets = createTicketLog({
    modes: matchModes(modes),
    clock,
    wallMs: Date.now,
    pseudonym: (name) => createHmac("sha256", key).update(name).digest("base64url").slice(0, 16),
    write: file.write,
  });
  log.info({ file: path }, "tickets are logged");
  return {
    hear: tickets.hear,
    async close() {
      await file.close();
      if (file.dropped > 0) log.warn({ lines: file.dropped }, "lines of the ticket log were lost");
    },
  };
}

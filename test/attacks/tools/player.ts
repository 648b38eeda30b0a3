/** A player without an SDK: says hello to the edge in JSON, asks for seats, and dials them. */
import type { ErrorCode } from "@frontrow/shared/errors.ts";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import type { Seat } from "@frontrow/shared/protocol/words.ts";
import { dialAddress } from "@frontrow/shared/public-address.ts";
import { vi } from "vitest";
import type { Frontrow } from "../../support/fleet.ts";
import type { Dial, DialOptions, Line } from "./line.ts";

const JSON_PROTOCOL = ["frontrow.v1.json"];
/** Colyseus' opcode for "joined", in both directions. */
const JOINED = 10;

type Said<T extends Down["t"]> = Extract<Down, { t: T }>;

export interface Player {
  readonly line: Line;
  readonly playerId: string;
  say(message: unknown): void;
  /** The first message of type `t` that `fits`, heard or to come. */
  hear<T extends Down["t"]>(t: T, fits?: (message: Said<T>) => boolean): Promise<Said<T>>;
  /** Asks and waits: a seat, or the error that the ticket ended with. */
  wish(request: Record<string, unknown>): Promise<Seat | Said<"error">>;
  /** As `wish` for a seat in the best room of `mode`; throws the code of an error. */
  seat(mode?: string): Promise<Seat>;
}

export const heardBy = (line: Line): Down[] =>
  line.heard.flatMap((text) => (typeof text === "string" ? [JSON.parse(text) as Down] : []));

export function createPlayers(frontrow: () => Frontrow, dial: Dial) {
  let tickets = 0;

  /** Opens a session; throws how it was refused. */
  async function enter(hello: Record<string, unknown> = {}, options: DialOptions = {}): Promise<Player> {
    const { url, secrets } = frontrow();
    if (typeof hello.jwt === "string") secrets.add(hello.jwt);
    const line = dial(`${url}/v1/ws`, { protocols: JSON_PROTOCOL, ...options });
    if (!(await line.opened())) throw new Error(JSON.stringify(line.ending));
    line.send(JSON.stringify({ t: "hello", v: 1, ...hello }));
    const hear: Player["hear"] = (t, fits = () => true) =>
      vi.waitUntil(
        () => {
          const found = heardBy(line).find((message) => message.t === t && fits(message as never));
          if (!found && line.ending) throw new Error(`ended: ${JSON.stringify(line.ending)} ${line.heard.at(-1)}`);
          return found as never;
        },
        { timeout: 10_000, interval: 5 },
      );
    const { playerId } = await hear("welcome");
    const say = (message: unknown) => line.send(JSON.stringify(message));
    const wish: Player["wish"] = async (request) => {
      const { id = `ticket-${tickets++}` } = request;
      const before = heardBy(line).length;
      say({ ...request, id });
      const answer = await vi.waitUntil(
        () =>
          heardBy(line)
            .slice(before)
            .find((message) => (message.t === "seat" || message.t === "error") && message.id === id),
        { timeout: 10_000, interval: 5 },
      );
      if (answer.t !== "seat") return answer as Said<"error">;
      secrets.add(answer.seat.token);
      return answer.seat;
    };
    return {
      line,
      playerId,
      say,
      hear,
      wish,
      async seat(mode = "arena") {
        const answer = await wish({ t: "play", mode });
        if ("t" in answer) throw new Error(answer.code);
        return answer;
      },
    };
  }

  return { enter, dialSeat: (seat: Dialled, options?: DialOptions) => dialSeat(frontrow(), dial, seat, options) };
}

export type Dialled = Pick<Seat, "token" | "roomId"> &
  Partial<Pick<Seat, "sessionId" | "publicAddress">> & { query?: string };

/** Dials as the stock SDK does. The token and the room id stand in the URL as they are given. */
function dialSeat({ url }: Frontrow, dial: Dial, seat: Dialled, options: DialOptions = {}): Line {
  const { token, roomId, sessionId = "", publicAddress = "", query = "" } = seat;
  const host = dialAddress(publicAddress, url.slice("http://".length));
  return dial(`ws://${host}/${token}/${roomId}?sessionId=${sessionId}${query}`, options);
}

/** Whether the player of `line` has joined its room; false once the line has ended. Answers the room's handshake. */
export async function joined(line: Line): Promise<boolean> {
  const outcome = await vi.waitUntil(
    () => {
      if (line.heard.some((frame) => typeof frame !== "string" && frame[0] === JOINED)) return "joined";
      return line.ending && "ended";
    },
    { timeout: 10_000, interval: 5 },
  );
  if (outcome === "joined") line.send(Buffer.from([JOINED]));
  return outcome === "joined";
}

/** "sat", or how the door refused: an HTTP status or a close code. */
export async function outcomeOf(line: Line): Promise<"sat" | number> {
  if (await joined(line)) return "sat";
  return line.ending?.status ?? line.ending?.code ?? 0;
}

export const codeOf = (answer: Seat | Said<"error">): ErrorCode | "seat" => ("t" in answer ? answer.code : "seat");

/**
 * What a page needs to find back to its room after a reload, in a small storage: of one seat, the last one taken, the address, what it
 * was asked for with, and Colyseus' reconnection token, which changes with every connection. No JWT and no seat token is kept, and
 * nothing once the player has left; of a match whose server left, where it was. The game server alone judges whether the seat is still
 * there, so no clock is looked at: a laptop may sleep.
 */
import { Create, Join, Play } from "@frontrow/shared/protocol/up.ts";
import { MetroCode, ModeName, RoomId } from "@frontrow/shared/protocol/words.ts";
import * as z from "zod";

/** As much of the Web Storage interface as is used; its calls may throw, as those of a full or forbidden storage do. */
export interface SeatStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** What is asked for once more when the server leaves; a party asks together. */
const StoredWish = z.discriminatedUnion("t", [
  Play.omit({ id: true, receipt: true }),
  Create.omit({ id: true }),
  Join.omit({ id: true }),
  z.object({ t: z.literal("part") }),
]);

const StoredSeat = z.object({
  mode: ModeName,
  roomId: RoomId,
  /** Colyseus' reconnection token, `<session id>.<secret>`. */
  token: z.string().regex(/^[^.:]{1,64}\.[^.:]{1,64}$/),
  publicAddress: z.string().max(256),
  secure: z.boolean(),
  metro: MetroCode,
  playerId: z.string().max(128),
  guest: z.boolean(),
  code: z.string().max(32).optional(),
  match: z.string().max(64).optional(),
  team: z.int().nonnegative().optional(),
  wish: StoredWish.optional(),
  /** The server left with the match. */
  isCut: z.literal(true).optional(),
});
export type StoredWish = z.infer<typeof StoredWish>;
export type StoredSeat = z.infer<typeof StoredSeat>;

export interface KeptSeat {
  /** What somebody else wrote there is nothing. */
  read(): StoredSeat | undefined;
  write(seat: StoredSeat): void;
  /** Forgets the seat of this token, and no other. */
  forget(token: string): void;
  /** Notes of the seat of this token, and no other, that its server left; forgets one that is of no match. */
  cut(token: string): void;
}

/** `url`: of the edge; a page may play at several. */
export function createKeptSeat(storage: SeatStorage, url: string): KeptSeat {
  const key = `frontrow:${url}`;

  function read(): StoredSeat | undefined {
    const text = attempt(() => storage.getItem(key));
    return typeof text === "string" ? StoredSeat.safeParse(attempt(() => JSON.parse(text))).data : undefined;
  }

  const write = (seat: StoredSeat) => attempt(() => storage.setItem(key, JSON.stringify(seat)));
  const forget = (token: string) => {
    if (read()?.token === token) attempt(() => storage.removeItem(key));
  };

  return {
    read,
    write,
    forget,
    cut(token) {
      const seat = read();
      if (seat?.match === undefined) forget(token);
      else if (seat.token === token) write({ ...seat, isCut: true });
    },
  };
}

/** The page's `sessionStorage`, which outlives a reload and not the tab; in memory where there is none, or it is forbidden. */
export function defaultStorage(): SeatStorage {
  return attempt(() => globalThis.sessionStorage) ?? createMemoryStorage();
}

export function createMemoryStorage(): SeatStorage {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

/** Playing does not depend on a storage. */
function attempt<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}

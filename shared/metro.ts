/**
 * Names that route themselves: a room id says its metro and its server (`fra_7_x2Kd9`), a room code its metro
 * (`FRA-7K2M9QXD`), so that no directory is asked where to go.
 */
export const METRO = /^[a-z]{3,8}$/;
export const SERVER_ID = /^[A-Za-z0-9]{1,24}$/;
export const ROOM_ID = /^([a-z]{3,8})_([A-Za-z0-9]{1,24})_([A-Za-z0-9]{5,16})$/;
/** Crockford's base 32 has no I, L, O, U: https://www.crockford.com/base32.html */
export const ROOM_CODE = /^([A-Z]{3,8})-([0-9A-HJKMNP-TV-Z]{8})$/;

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export interface RoomAddress {
  readonly metro: string;
  readonly server: string;
}

/** Where the room is, or undefined if `roomId` is not a room id. */
export function parseRoomId(roomId: string): RoomAddress | undefined {
  const [, metro, server] = ROOM_ID.exec(roomId) ?? [];
  return metro && server ? { metro, server } : undefined;
}

export function roomIdOf(metro: string, server: string, suffix: string): string {
  return `${metro}_${server}_${suffix}`;
}

/** The code as it is stored, from what a person typed (lower case, missing dash, O for 0, I or L for 1); undefined if it cannot be one. */
export function normaliseRoomCode(typed: string): string | undefined {
  const letters = typed.toUpperCase().replace(/[\s-]/g, "");
  if (letters.length < 11 || letters.length > 16) return undefined;
  const code = letters.slice(-8).replace(/O/g, "0").replace(/[IL]/g, "1");
  const normal = `${letters.slice(0, -8)}-${code}`;
  return ROOM_CODE.test(normal) ? normal : undefined;
}

export function metroOfRoomCode(code: string): string {
  return code.slice(0, code.indexOf("-")).toLowerCase();
}

/** A room code from 8 random bytes (40 bits of them are used). */
export function roomCodeOf(metro: string, random: Uint8Array): string {
  let code = `${metro.toUpperCase()}-`;
  for (let i = 0; i < 8; i++) code += CROCKFORD[random[i]! & 31];
  return code;
}

/** Letters and digits from random bytes; the bias of 256 mod 62 costs less than a tenth of a bit a letter. */
export function base62(random: Uint8Array): string {
  let text = "";
  for (const byte of random) text += BASE62[byte % 62];
  return text;
}

import { hash } from "node:crypto";

/**
 * The Colyseus session id of a seat: the same for every generation of the same ticket's seat in the same room, so that a
 * player who asks again sits down as the one who was there. 12 characters, 72 bits; public, not a secret.
 */
export function sessionIdOf(ticket: string, seat: number, roomId: string): string {
  return hash("sha256", `${ticket}\n${seat}\n${roomId}`, "base64url").slice(0, 12).replace(/[-_]/g, "0");
}

/** Seat tokens of this world are their claims: what signs them is proved elsewhere. */
import type { SeatClaims } from "@frontrow/shared/seat-token.ts";

export const writeToken = (claims: SeatClaims): string => Buffer.from(JSON.stringify(claims)).toString("base64url");
export const readToken = (token: string): SeatClaims => JSON.parse(Buffer.from(token, "base64url").toString());
